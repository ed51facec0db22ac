import { ARMS, CAMERAS, SPECTROGRAPHS, type CameraName } from '#shared/domain/camera.ts';
import type { EngineSettings } from '#shared/domain/settings.ts';
import { Button, Segmented } from '../../ui/controls.tsx';
import { Panel } from '../../ui/panel.tsx';

/** Flavors that a person can choose, and what each stands for in headers. */
const FLAVORS = [
  { word: 'Science', names: ['science', 'object'] },
  { word: 'Arcs', names: ['arc'] },
  { word: 'Flats', names: ['flat'] },
  { word: 'Biases', names: ['bias', 'zero'] },
  { word: 'Darks', names: ['dark'] },
] as const;

interface SectionProps {
  settings: EngineSettings;
  change: (patch: Partial<EngineSettings>) => void;
}

/** Which exposures are processed, and what happens with those passed over. */
export function ProcessingSection({ settings, change }: SectionProps) {
  return (
    <Panel title="What is processed" note="from the next exposure">
      <div className="fields one">
        <div className="field wide">
          <span>Flavors</span>
          <div className="choices" role="group" aria-label="Flavors that are processed">
            {FLAVORS.map(({ word, names }) => (
              <label key={word}>
                <input
                  type="checkbox"
                  checked={names.some((name) => settings.flavors.includes(name))}
                  onChange={(event) => {
                    const others = settings.flavors.filter((name) => !names.some((own) => own === name));
                    change({ flavors: event.target.checked ? [...others, ...names] : others });
                  }}
                />
                {word}
              </label>
            ))}
          </div>
        </div>
        <div className="field">
          <span>When idle</span>
          <Segmented
            label="When idle"
            value={settings.catchUp ? 'catch-up' : 'wait'}
            options={[
              { value: 'catch-up', text: 'Catch up' },
              { value: 'wait', text: 'Wait' },
            ]}
            onChange={(choice) => {
              change({ catchUp: choice === 'catch-up' });
            }}
          />
          <small>
            {settings.catchUp ? 'superseded exposures are processed, newest first' : 'superseded exposures stay gaps'}
          </small>
        </div>
      </div>
      <p className="explain">
        All other exposures are registered with their metadata and count in the night’s statistics; they can be
        processed by hand from the history.
      </p>
    </Panel>
  );
}

/** Cameras that should be in an exposure: a missing one is a finding, one that is not expected is none. */
export function CamerasSection({ settings, change }: SectionProps) {
  const { camerasExpected } = settings;
  const auto = camerasExpected === 'auto';
  const expected: readonly CameraName[] = auto ? CAMERAS : camerasExpected;
  const set = (next: readonly CameraName[]): void => {
    change({ camerasExpected: CAMERAS.filter((camera) => next.includes(camera)) });
  };
  const toggle = (cameras: readonly CameraName[], on: boolean): void => {
    set(on ? [...expected, ...cameras] : expected.filter((camera) => !cameras.includes(camera)));
  };
  return (
    <Panel
      title="Cameras expected"
      note="from the next exposure"
      tools={
        <Segmented
          label="Who says which cameras are expected"
          value={auto ? 'auto' : 'own'}
          options={[
            { value: 'auto', text: 'As the DOS says' },
            { value: 'own', text: 'Chosen here' },
          ]}
          onChange={(choice) => {
            change({ camerasExpected: choice === 'auto' ? 'auto' : [...CAMERAS] });
          }}
        />
      }
    >
      <p className="explain">
        {auto
          ? 'The DOS says which cameras belong to an exposure. Choose here when some are off for longer than it knows.'
          : `${expected.length} of 30 are expected. A camera that is expected and not in the file is missing; one that is neither is shown as not expected. What is in the file is processed in any case.`}
      </p>
      <table className="camera-table" aria-label="Cameras expected">
        <thead>
          <tr>
            <th>Arm</th>
            {SPECTROGRAPHS.map((spectrograph) => {
              const column = ARMS.map((arm) => `${arm}${spectrograph}` as const);
              const all = column.every((camera) => expected.includes(camera));
              return (
                <th key={spectrograph}>
                  <Button
                    small
                    kind="ghost"
                    disabled={auto}
                    label={`Spectrograph ${spectrograph}: ${all ? 'expect none' : 'expect all'}`}
                    onClick={() => {
                      toggle(column, !all);
                    }}
                  >
                    SP{spectrograph}
                  </Button>
                </th>
              );
            })}
          </tr>
        </thead>
        <tbody>
          {ARMS.map((arm) => (
            <tr key={arm}>
              <th scope="row">{arm}</th>
              {SPECTROGRAPHS.map((spectrograph) => {
                const camera = `${arm}${spectrograph}` as const;
                return (
                  <td key={camera}>
                    <label className={expected.includes(camera) ? 'on' : ''}>
                      <input
                        type="checkbox"
                        aria-label={camera}
                        disabled={auto}
                        checked={expected.includes(camera)}
                        onChange={(event) => {
                          toggle([camera], event.target.checked);
                        }}
                      />
                      {camera}
                    </label>
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  );
}
