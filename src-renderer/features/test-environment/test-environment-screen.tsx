import { CAMERAS, type CameraName } from '#shared/domain/camera.ts';
import { FAULTS, type Fault, type FaultName } from '#shared/domain/test-environment.ts';
import { FAULT_WORDS } from '../../model/faults.ts';
import { Button } from '../../ui/controls.tsx';
import { Panel, StateNote } from '../../ui/panel.tsx';
import { StatusGlyph } from '../../ui/status-glyph.tsx';
import { Queue } from '../monitor/queue.tsx';
import { NightPanel } from './night-panel.tsx';
import { TelescopePanel } from './telescope-panel.tsx';
import { useTestEnvironment } from './use-test-environment.ts';
import './test-environment.css';

const AMPLIFIERS = ['A', 'B', 'C', 'D'] as const;
const DEFAULT_AMPLIFIER = 'C';
const DEFAULT_CAMERA: CameraName = 'r3';

function FaultRow({
  name,
  fault,
  onChange,
}: {
  name: FaultName;
  fault: Fault | undefined;
  onChange: (fault: Fault | null) => void;
}) {
  const { title, effect, scope } = FAULT_WORDS[name];
  const fresh = (): Fault =>
    scope === 'exposure'
      ? { name }
      : { name, camera: DEFAULT_CAMERA, ...(scope === 'amplifier' ? { amplifier: DEFAULT_AMPLIFIER } : {}) };
  return (
    <li className={fault ? 'on' : ''}>
      <label className="fault-name">
        <input
          type="checkbox"
          checked={fault !== undefined}
          onChange={(event) => {
            onChange(event.target.checked ? fresh() : null);
          }}
        />
        <b>{title}</b>
        <span>{effect}</span>
      </label>
      {fault && scope !== 'exposure' && (
        <select
          aria-label={`Camera of ${title}`}
          value={fault.camera ?? ''}
          onChange={(event) => {
            const camera = event.target.value as CameraName | '';
            const amplifier = fault.amplifier ? { amplifier: fault.amplifier } : {};
            onChange({ name, ...amplifier, ...(camera === '' ? {} : { camera }) });
          }}
        >
          {name !== 'missing-camera' && <option value="">all cameras</option>}
          {CAMERAS.map((camera) => (
            <option key={camera}>{camera}</option>
          ))}
        </select>
      )}
      {fault && scope === 'amplifier' && (
        <select
          aria-label={`Amplifier of ${title}`}
          value={fault.amplifier ?? DEFAULT_AMPLIFIER}
          onChange={(event) => {
            onChange({ ...fault, amplifier: event.target.value as (typeof AMPLIFIERS)[number] });
          }}
        >
          {AMPLIFIERS.map((amplifier) => (
            <option key={amplifier}>{amplifier}</option>
          ))}
        </select>
      )}
    </li>
  );
}

/** The emulated telescope: what it does, how it observes, what goes wrong, and an exposure now. */
export function TestEnvironmentScreen() {
  const { known, now, change, expose } = useTestEnvironment();
  if (known.state === 'loading') return <div aria-busy="true" />;
  if (known.state === 'none' || known.state === 'error') {
    const none = known.state === 'none';
    return (
      <div className="test-environment">
        <StateNote
          glyph={<StatusGlyph status={none ? 'not-expected' : 'failed'} size={16} named />}
          title={none ? 'No test environment' : 'The test environment cannot be read'}
        >
          {none
            ? 'The exposures come from a real source. Choose the test environment in the settings, DOS and folders.'
            : known.message}
        </StateNote>
      </div>
    );
  }
  const { settings } = known;
  const { faults } = settings;
  return (
    <div className="test-environment">
      <h1 className="hidden">Test environment</h1>
      <TelescopePanel state={now} onExpose={expose} />
      <NightPanel settings={settings} change={change} />
      {/* What becomes of the exposures that are made here. */}
      <Queue />
      <Panel
        title="Faults"
        note={
          faults.length === 0
            ? 'a clean night'
            : `${faults.length === 1 ? '1 is' : `${faults.length} are`} in every exposure from the next on`
        }
        className="faults"
        tools={
          <Button
            small
            disabled={faults.length === 0}
            onClick={() => {
              change({ ...settings, faults: [] });
            }}
          >
            All off
          </Button>
        }
      >
        <ul className="scrolling" data-scrolls>
          {FAULTS.map((name) => (
            <FaultRow
              key={name}
              name={name}
              fault={faults.find((fault) => fault.name === name)}
              onChange={(fault) => {
                const others = faults.filter((item) => item.name !== name);
                change({ ...settings, faults: fault ? [...others, fault] : others });
              }}
            />
          ))}
        </ul>
      </Panel>
    </div>
  );
}
