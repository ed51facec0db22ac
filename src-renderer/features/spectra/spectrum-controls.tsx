import { SMOOTHINGS } from '../../model/fiber-view.ts';
import { useView } from '../../store/context.tsx';
import { useFiberView } from '../../store/fiber-choice.ts';
import { Picker, Toggle } from '../../ui/picker.tsx';

/** Smoothing, errors and lines. */
export function SpectrumControls() {
  const { smoothing, errors, lines } = useView((view) => view.fibers);
  const change = useFiberView();
  return (
    <>
      <Picker
        label="Smoothing"
        value={String(smoothing)}
        options={SMOOTHINGS.map((width) => ({
          value: String(width),
          text: width === 1 ? 'Not smoothed' : `Smooth ${width} bins`,
        }))}
        onChange={(width) => {
          change({ smoothing: Number(width) });
        }}
      />
      <Toggle
        text="Errors"
        on={errors}
        title="Errors as a band (E)"
        onChange={(on) => {
          change({ errors: on });
        }}
      />
      <Toggle
        text="Lines"
        on={lines}
        title="Lines of the sky or the lamps (L)"
        onChange={(on) => {
          change({ lines: on });
        }}
      />
    </>
  );
}
