import { expid8 } from '#shared/domain/exposure.ts';
import type { Exposure } from '#shared/domain/exposure.ts';
import type { Fibermap } from '#shared/domain/fiber.ts';
import { fiberBeside, fiberNamed, type Comparison } from '../../model/fiber-view.ts';
import { useApp, useRoom, useView } from '../../store/context.tsx';
import { useFiberView } from '../../store/fiber-choice.ts';
import { Segmented } from '../../ui/controls.tsx';
import { Picker } from '../../ui/picker.tsx';
import { TypedText } from '../../ui/typed-text.tsx';
import { NOT_THERE } from '../fibers/use-fibers.ts';

const NO_EXPOSURES: readonly Exposure[] = [];

function OtherFiber({
  map,
  fiber,
  onFiber,
}: {
  map: Fibermap | null;
  fiber: number;
  onFiber: (fiber: number) => void;
}) {
  const { view } = useApp();
  return (
    <TypedText
      label="Fiber to compare with"
      className="other-fiber"
      numeric="numeric"
      value={String(fiber)}
      onChange={(text) => {
        const found = fiberNamed(text, map);
        view.setState({ notice: found === null ? `No fiber or target is called ${text}. Fibers are 0 to 4999.` : '' });
        if (found !== null) onFiber(found);
      }}
    />
  );
}

/** Exposures with a run, but not the one on screen. */
function useOthers(runId: number): readonly Exposure[] {
  const exposures = useRoom((state) => state.room?.exposures ?? NO_EXPOSURES);
  return exposures.filter(({ lastRunId }) => lastRunId !== null && lastRunId !== runId);
}

/** What the chosen spectrum is seen beside: another fiber, another exposure, a median; over or divided. */
export function CompareBar({ runId, map, fiber }: { runId: number; map: Fibermap | null; fiber: number }) {
  const { compare, ratio, median } = useView((view) => view.fibers);
  const change = useFiberView();
  const others = useOthers(runId);
  const [newest] = others;
  const choices: Readonly<Record<'none' | Comparison['kind'], () => Comparison | null>> = {
    none: () => null,
    fiber: () => ({ kind: 'fiber', fiber: fiberBeside(map, NOT_THERE, fiber, 1) }),
    exposure: () =>
      newest && newest.lastRunId !== null ? { kind: 'exposure', expid: newest.expid, runId: newest.lastRunId } : null,
  };
  return (
    <div className="compare-bar">
      <span>Compare with</span>
      <Segmented
        label="Compare with"
        value={compare?.kind ?? 'none'}
        options={[
          { value: 'none', text: 'Nothing' },
          { value: 'fiber', text: 'Fiber' },
          ...(others.length > 0 ? [{ value: 'exposure' as const, text: 'Exposure' }] : []),
        ]}
        onChange={(kind) => {
          change({ compare: choices[kind]() });
        }}
      />
      {compare?.kind === 'fiber' && (
        <OtherFiber
          map={map}
          fiber={compare.fiber}
          onFiber={(other) => {
            change({ compare: { kind: 'fiber', fiber: other } });
          }}
        />
      )}
      {compare?.kind === 'exposure' && (
        <Picker
          label="Exposure to compare with"
          value={String(compare.runId)}
          options={others.map(({ expid, flavor, program, lastRunId }) => ({
            value: String(lastRunId),
            text: `${expid8(expid)} ${[flavor, program].filter((word) => word !== null && word !== '').join(', ')}`,
          }))}
          onChange={(value) => {
            const found = others.find(({ lastRunId }) => String(lastRunId) === value);
            if (found && found.lastRunId !== null)
              change({ compare: { kind: 'exposure', expid: found.expid, runId: found.lastRunId } });
          }}
        />
      )}
      {compare && (
        <Segmented
          label="Overlay or ratio"
          value={ratio ? 'ratio' : 'overlay'}
          options={[
            { value: 'overlay', text: 'Overlay' },
            { value: 'ratio', text: 'Ratio' },
          ]}
          onChange={(value) => {
            change({ ratio: value === 'ratio' });
          }}
        />
      )}
      <span className="spring" />
      <Picker
        label="Median"
        value={median}
        options={[
          { value: 'none', text: 'No median' },
          { value: 'sky', text: 'Median of the sky fibers' },
          { value: 'class', text: 'Median of its class' },
        ]}
        onChange={(value) => {
          change({ median: value });
        }}
      />
    </div>
  );
}
