import { useEffect, useState } from 'react';
import { CAMERAS, type CameraName } from '#shared/domain/camera.ts';
import {
  CADENCES,
  FAULTS,
  type Fault,
  type FaultName,
  type TestEnvironmentSettings,
} from '#shared/domain/test-environment.ts';
import { FAULT_WORDS } from '../../model/faults.ts';
import { useApp, useCommand } from '../../store/context.tsx';
import { Button, Segmented } from '../../ui/controls.tsx';
import { NumberField } from '../../ui/fields.tsx';
import { Panel, StateNote } from '../../ui/panel.tsx';
import { StatusGlyph } from '../../ui/status-glyph.tsx';
import './test-environment.css';

const AMPLIFIERS = ['A', 'B', 'C', 'D'] as const;
const DEFAULT_AMPLIFIER = 'C';
const DEFAULT_CAMERA: CameraName = 'r3';
const CADENCE_WORDS = { 'real-time': 'Real time', accelerated: 'Accelerated', manual: 'By hand' } as const;

type Known =
  { state: 'loading' } | { state: 'none'; message: string } | { state: 'there'; settings: TestEnvironmentSettings };

/** The emulated night's settings, written through on every change. */
function useSettings() {
  const { bridge } = useApp();
  const command = useCommand();
  const [known, setKnown] = useState<Known>({ state: 'loading' });
  useEffect(() => {
    void bridge.call('test-environment.get', {}).then((answer) => {
      if (!answer.ok) setKnown({ state: 'none', message: answer.error.message });
      else if (answer.value === null) setKnown({ state: 'none', message: 'The exposures come from a real source.' });
      else setKnown({ state: 'there', settings: answer.value });
    });
  }, [bridge]);
  const change = (settings: TestEnvironmentSettings): void => {
    void command((b) => b.call('test-environment.set', { settings })).then((done) => {
      if (done) setKnown({ state: 'there', settings });
    });
  };
  return { known, change, command };
}

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

/** The emulated telescope: how it observes, what goes wrong, and an exposure now. */
export function TestEnvironmentScreen() {
  const { known, change, command } = useSettings();
  if (known.state === 'loading') return <div aria-busy="true" />;
  if (known.state === 'none') {
    return (
      <div className="test-environment">
        <StateNote glyph={<StatusGlyph status="not-expected" size={16} named />} title="No test environment">
          {known.message}
        </StateNote>
      </div>
    );
  }
  const { settings } = known;
  const faults = settings.faults;
  return (
    <div className="test-environment">
      <h1 className="hidden">Test environment</h1>
      <Panel
        title="Emulated night"
        note="changes apply from its next exposure"
        tools={
          <Button
            kind="accent"
            small
            onClick={() => void command((bridge) => bridge.call('test-environment.expose-now', {}))}
          >
            Next exposure now
          </Button>
        }
      >
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
            <small>{settings.cadence === 'manual' ? 'only when asked' : ''}</small>
          </div>
          <NumberField
            key={`period ${settings.acceleratedPeriod}`}
            label="Accelerated period"
            value={settings.acceleratedPeriod}
            min={1}
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
            unit="the same seed, the same night"
            onChange={(seed) => {
              change({ ...settings, seed });
            }}
          />
        </div>
      </Panel>
      <Panel
        title="Faults"
        note={faults.length === 0 ? 'a clean night' : `${faults.length} injected`}
        className="faults"
      >
        <ul className="scrolling">
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
