import { CADENCES, type TestEnvironmentSettings } from '#shared/domain/test-environment.ts';
import { Segmented } from '../../ui/controls.tsx';
import { NumberField } from '../../ui/fields.tsx';
import { Panel } from '../../ui/panel.tsx';

const CADENCE_WORDS = { 'real-time': 'Real time', accelerated: 'Accelerated', manual: 'By hand' } as const;
const CADENCE_HINTS = {
  'real-time': 'true times',
  accelerated: 'one a period',
  manual: 'when asked',
} as const;

/** How the emulated night goes. */
export function NightPanel({
  settings,
  change,
}: {
  settings: TestEnvironmentSettings;
  change: (settings: TestEnvironmentSettings) => void;
}) {
  return (
    <Panel title="Emulated night" note="changes apply from its next exposure">
      <div className="fields">
        <div className="field">
          <span>Cadence</span>
          <Segmented
            label="Cadence"
            value={settings.cadence}
            options={CADENCES.map((value) => ({ value, text: CADENCE_WORDS[value] }))}
            onChange={(cadence) => {
              change({ ...settings, cadence });
            }}
          />
          <small>{CADENCE_HINTS[settings.cadence]}</small>
        </div>
        <NumberField
          key={`period ${settings.acceleratedPeriod}`}
          label="Accelerated period"
          value={settings.acceleratedPeriod}
          min={1}
          max={86_400}
          unit="s between exposures"
          onChange={(acceleratedPeriod) => {
            change({ ...settings, acceleratedPeriod });
          }}
        />
        <div className="field">
          <span>CCD size</span>
          <Segmented
            label="CCD size"
            value={settings.size}
            options={[
              { value: 'compact', text: 'Compact' },
              { value: 'full', text: 'Full' },
            ]}
            onChange={(size) => {
              change({ ...settings, size });
            }}
          />
          <small>{settings.size === 'compact' ? '640 \u00d7 1600, 50 fibers' : '4232 \u00d7 4162, 500 fibers'}</small>
        </div>
        <NumberField
          key={`seed ${settings.seed}`}
          label="Seed"
          value={settings.seed}
          min={0}
          max={2_147_483_647}
          unit="the same seed, the same night"
          onChange={(seed) => {
            change({ ...settings, seed });
          }}
        />
      </div>
      <p className="night-note">
        References that nobody has changed follow the size of each exposure, so that limits hold for both.
      </p>
    </Panel>
  );
}
