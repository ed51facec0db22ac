import type { ImageStatistics } from '#shared/domain/image.ts';
import {
  COLOR_MAPS,
  SHARES,
  type CcdOptions,
  type ColorMapName,
  type ScaleKind,
  type Transfer,
} from '../../model/ccd-options.ts';
import type { ValueRange } from '../../model/image-scale.ts';
import { useView } from '../../store/context.tsx';
import { Segmented } from '../../ui/controls.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Picker, Toggle } from '../../ui/picker.tsx';
import { ScaleBar } from './scale-bar.tsx';
import { ValueField } from './value-field.tsx';

const KINDS: readonly { value: ScaleKind; text: string; name: string }[] = [
  { value: 'zscale', text: 'zscale', name: 'zscale: around the median, after the slope of the sorted pixels' },
  { value: 'percent', text: '%', name: 'Percentiles' },
  { value: 'minmax', text: 'Min\u2013max', name: 'Lowest to highest' },
  { value: 'manual', text: 'By hand', name: 'By hand' },
];
const CURVES: readonly { value: Transfer; text: string }[] = [
  { value: 'linear', text: 'Linear' },
  { value: 'sqrt', text: 'Root' },
  { value: 'asinh', text: 'asinh' },
  { value: 'log', text: 'Log' },
];
const MAP_WORDS: Readonly<Record<ColorMapName, string>> = {
  grey: 'Grey',
  cividis: 'Cividis',
  viridis: 'Viridis',
  magma: 'Magma',
  heat: 'Heat',
};

/** Which values have which colour. */
export function ScalePanel({
  statistics,
  range,
  unit,
  options,
  onChange,
}: {
  statistics: ImageStatistics | null;
  range: ValueRange | null;
  unit: string;
  options: CcdOptions;
  onChange: (change: Partial<CcdOptions>) => void;
}) {
  const red = useView((view) => view.theme === 'red');
  const byHand = (manual: ValueRange): void => {
    onChange({ scale: 'manual', manual });
  };
  const shown = range ?? { low: 0, high: 1 };
  return (
    <Panel title="Scale" note={unit} className="scale-panel">
      <div className="panel-rows">
        <div className="panel-row">
          <Segmented
            label="Range"
            value={options.scale}
            options={KINDS}
            onChange={(scale) => {
              onChange(scale === 'manual' ? { scale, manual: shown } : { scale });
            }}
          />
          {options.scale === 'percent' && (
            <Picker
              label="Share of the pixels"
              value={String(options.share)}
              options={SHARES.map((share) => ({ value: String(share), text: `${share} %` }))}
              onChange={(share) => {
                onChange({ share: Number(share) });
              }}
            />
          )}
        </div>
        {range ? (
          <ScaleBar statistics={statistics} range={range} options={options} onRange={byHand} />
        ) : (
          <div className="scale-bar" />
        )}
        <div className="panel-row ends">
          <ValueField
            label="from"
            value={range?.low ?? null}
            onChange={(low) => {
              byHand({ low, high: Math.max(shown.high, low + 1e-6) });
            }}
          />
          <ValueField
            label="to"
            value={range?.high ?? null}
            onChange={(high) => {
              byHand({ low: Math.min(shown.low, high - 1e-6), high });
            }}
          />
        </div>
        <div className="panel-row">
          <Segmented
            label="Curve"
            value={options.transfer}
            options={CURVES}
            onChange={(transfer) => {
              onChange({ transfer });
            }}
          />
        </div>
        <div className="panel-row">
          <Picker
            label="Colours"
            value={options.map}
            options={COLOR_MAPS.map((value) => ({ value, text: red ? 'Red' : MAP_WORDS[value] }))}
            onChange={(map) => {
              onChange({ map });
            }}
          />
          <Toggle
            text="Inverse"
            on={options.inverse}
            title="Inverse colours ( Q )"
            onChange={(inverse) => {
              onChange({ inverse });
            }}
          />
          <span className="spring" />
          <Segmented
            label="Several pixels in one"
            value={options.reduction}
            options={[
              { value: 'mean', text: 'Mean', name: 'Mean of the pixels' },
              { value: 'max', text: 'Max', name: 'Highest of the pixels' },
            ]}
            onChange={(reduction) => {
              onChange({ reduction });
            }}
          />
        </div>
      </div>
    </Panel>
  );
}
