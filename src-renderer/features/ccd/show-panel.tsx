import { expid8, type Exposure } from '#shared/domain/exposure.ts';
import type { CcdOptions } from '../../model/ccd-options.ts';
import { Button } from '../../ui/controls.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Picker, Toggle } from '../../ui/picker.tsx';

/** Seconds that each of two exposures can be shown. */
const PERIODS = [250, 500, 800, 1500, 3000] as const;

export interface BlinkState {
  /** EXPID of the exposure that is blinked with; null where there is none. */
  partner: number | null;
  on: boolean;
}

/** What lies over the image, and the exposure that it is blinked with. */
export function ShowPanel({
  options,
  onChange,
  tracesNote,
  maskNote,
  blink,
  exposures,
  onBlink,
}: {
  options: CcdOptions;
  onChange: (change: Partial<CcdOptions>) => void;
  /** From which file the traces are, or why there are none. */
  tracesNote: string;
  maskNote: string;
  blink: BlinkState;
  exposures: readonly Exposure[];
  onBlink: (change: Partial<BlinkState>) => void;
}) {
  return (
    <Panel title="Show" className="show-panel">
      <div className="panel-rows">
        <div className="panel-row">
          <Toggle
            text="Amplifiers"
            on={options.amplifiers}
            title="Borders and names of the amplifiers ( P )"
            onChange={(amplifiers) => {
              onChange({ amplifiers });
            }}
          />
          <Toggle
            text="Traces"
            on={options.traces}
            title="Where the fibers lie ( Y )"
            onChange={(traces) => {
              onChange({ traces });
            }}
          />
          <Toggle
            text="Mask"
            on={options.mask}
            title="Pixels that do not count ( K )"
            onChange={(mask) => {
              onChange({ mask });
            }}
          />
          <Toggle
            text="Profiles"
            on={options.profiles}
            title="Row and column of the pixel ( L )"
            onChange={(profiles) => {
              onChange({ profiles });
            }}
          />
        </div>
        <p className="panel-note" title={options.traces ? tracesNote : ''}>
          {options.traces ? tracesNote : ''}
        </p>
        <p className="panel-note" title={options.mask ? maskNote : ''}>
          {options.mask ? maskNote : ''}
        </p>
        <div className="panel-row">
          <Picker
            label="Blink with exposure"
            value={String(blink.partner ?? '')}
            options={
              exposures.length === 0
                ? [{ value: '', text: 'no other exposure' }]
                : exposures.map(({ expid, flavor }) => ({ value: String(expid), text: `${expid8(expid)} ${flavor}` }))
            }
            onChange={(expid) => {
              onBlink({ partner: expid === '' ? null : Number(expid) });
            }}
          />
          <Picker
            label="Time that each is shown"
            value={String(options.blinkMs)}
            options={PERIODS.map((ms) => ({ value: String(ms), text: `${ms / 1000} s` }))}
            onChange={(ms) => {
              onChange({ blinkMs: Number(ms) });
            }}
          />
          <Button
            small
            kind={blink.on ? 'accent' : 'plain'}
            keys="B"
            disabled={blink.partner === null}
            onClick={() => {
              onBlink({ on: !blink.on });
            }}
          >
            {blink.on ? 'Stop' : 'Blink'}
          </Button>
        </div>
      </div>
    </Panel>
  );
}
