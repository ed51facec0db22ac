import { useState } from 'react';
import type { EngineSettings, FolderSettings } from '#shared/domain/settings.ts';
import { useApp, useRoom } from '../../store/context.tsx';
import { Button, Segmented } from '../../ui/controls.tsx';
import { NumberField, TextField } from '../../ui/fields.tsx';
import { Panel } from '../../ui/panel.tsx';
import { StatusGlyph } from '../../ui/status-glyph.tsx';
import type { KnownFolders } from './use-engine-settings.ts';

/** Where the exposures come from and where QLF keeps its own; both are exchanged in the running application. */
export function NightsSection({
  settings,
  folders,
  change,
  changeFolders,
}: {
  settings: EngineSettings;
  folders: KnownFolders;
  change: (patch: Partial<EngineSettings>) => void;
  changeFolders: (next: FolderSettings) => Promise<boolean>;
}) {
  const { view } = useApp();
  const { current } = folders;
  const contact = useRoom((state) => state.room?.connections.find(({ name }) => name === 'dos'));
  const running = useRoom((state) => state.room?.engine.activity === 'running');
  const [wanted, setWanted] = useState<FolderSettings>({ source: current.source, data: current.data });
  const [real, setReal] = useState(current.source !== null);
  const [busy, setBusy] = useState(false);
  const next: FolderSettings = { source: real ? wanted.source : null, data: wanted.data };
  const kindChanges = (next.source === null) !== (current.source === null);
  // Emulated and real nights never share a data folder.
  const data = kindChanges && next.data === current.data ? null : next.data;
  const changed = next.source !== current.source || data !== current.data;
  const complete = !real || (wanted.source ?? '') !== '';
  const takeOver = (): void => {
    setBusy(true);
    void changeFolders({ source: next.source, data }).then((done) => {
      setBusy(false);
      if (done) view.setState({ screen: 'monitor' });
    });
  };
  return (
    <>
      <Panel title="Data Online System" note={contact ? `${contact.adapter}, ${contact.state}` : ''}>
        <div className="fields one">
          <div className="field">
            <span>Exposures from</span>
            <Segmented
              label="Exposures from"
              value={real ? 'folder' : 'test'}
              options={[
                { value: 'test', text: 'Test environment' },
                { value: 'folder', text: 'Exposure folder' },
              ]}
              onChange={(choice) => {
                setReal(choice === 'folder');
              }}
            />
            {!real && current.source === null && (
              <small>
                <button
                  type="button"
                  className="link"
                  onClick={() => {
                    view.setState({ screen: 'test-environment' });
                  }}
                >
                  cadence, faults and an exposure now
                </button>
              </small>
            )}
          </div>
          {real && (
            <TextField
              label="Raw folder"
              value={wanted.source ?? ''}
              hint="absolute path, NIGHT/EXPID8/desi-EXPID8.fits.fz below it; ssh://user@host/path on a data host; opsdb:/FILE.json"
              onChange={(source) => {
                setWanted({ ...wanted, source: source === '' ? null : source });
              }}
            />
          )}
          <TextField
            key={`data ${data ?? ''}`}
            label="Data folder"
            value={data ?? ''}
            hint={`absolute path of QLF’s own folder; empty: ${kindChanges ? 'the standard place' : folders.standard}`}
            onChange={(path) => {
              setWanted({ ...wanted, data: path === '' ? null : path });
            }}
          />
        </div>
        <div className="take-over">
          <p className="explain">
            Now: {current.source ?? 'the test environment'}, data in {current.data}.
            {running &&
              changed &&
              ' The run under way stays open, and is taken up when this data folder is opened again.'}
          </p>
          <Button kind="primary" disabled={!changed || !complete || busy} onClick={takeOver}>
            {busy ? 'Changing over' : 'Change over now'}
          </Button>
        </div>
        <p className="explain quiet">
          <StatusGlyph status="not-expected" size={11} named /> The engine is exchanged in place: jobs of the old folder
          are ended first, then the new one is opened. Where it cannot be opened the old one comes back, and the reason
          is shown above.
        </p>
      </Panel>
      <Panel title="Watching" note="at once">
        <div className="fields one">
          <NumberField
            key={`period ${settings.dosPeriod}`}
            label="Asked every"
            value={settings.dosPeriod}
            min={0.5}
            step={0.5}
            unit="s; a change in the folder is noticed at once where the file system tells"
            onChange={(dosPeriod) => {
              change({ dosPeriod });
            }}
          />
        </div>
      </Panel>
    </>
  );
}
