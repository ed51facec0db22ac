import { useState } from 'react';
import type { EngineSettings, FolderSettings } from '#shared/domain/settings.ts';
import { useApp, useRoom } from '../../store/context.tsx';
import { Button } from '../../ui/controls.tsx';
import { NumberField, TextField } from '../../ui/fields.tsx';
import { Panel } from '../../ui/panel.tsx';
import { StatusGlyph } from '../../ui/status-glyph.tsx';
import { SourceFields, SourceKindField } from '../connect/source-fields.tsx';
import { TrialList } from '../connect/trial-list.tsx';
import { useConnection } from '../connect/use-connection.ts';
import { useTrials } from '../connect/use-trials.ts';
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
  const draft = useConnection(current.source);
  const { form, source } = draft;
  const [wantedData, setWantedData] = useState<string | null>(current.data);
  const [busy, setBusy] = useState(false);
  const kindChanges = (form.kind === 'test') !== (current.source === null);
  // Emulated and real nights never share a data folder.
  const data = kindChanges && wantedData === current.data ? null : wantedData;
  const changed =
    source !== undefined &&
    (source !== current.source || data !== current.data || (form.kind === 'opsdb' && draft.opsdb?.edited === true));
  const trials = useTrials(`${draft.subject} ${data ?? ''}`, () => draft.prepare(data));
  const takeOver = async (): Promise<void> => {
    setBusy(true);
    const ready = await draft.prepare(data);
    const done = ready !== null && (await changeFolders(ready));
    setBusy(false);
    if (done) view.setState({ screen: 'monitor' });
  };
  return (
    <>
      <Panel title="Data Online System" note={contact ? `${contact.adapter}, ${contact.state}` : ''}>
        <div className="fields one">
          <SourceKindField draft={draft} />
          <SourceFields draft={draft} />
          <TextField
            key={`data ${data ?? ''}`}
            label="Data folder"
            value={data ?? ''}
            hint={`absolute path of QLF’s own folder; empty: ${kindChanges ? 'the standard place' : folders.standard}`}
            onChange={(path) => {
              setWantedData(path === '' ? null : path);
            }}
          />
        </div>
        {form.kind === 'test' && current.source === null && (
          <p className="explain">
            <button
              type="button"
              className="link"
              onClick={() => {
                view.setState({ screen: 'test-environment' });
              }}
            >
              Cadence, faults, and an exposure now
            </button>
          </p>
        )}
        <div className="take-over">
          <p className="explain">
            Now: {current.source ?? 'the test environment'}, data in {current.data}.
            {running &&
              changed &&
              ' The run under way stays open, and is taken up when this data folder is opened again.'}
          </p>
          <Button kind="primary" disabled={!changed || busy} onClick={() => void takeOver()}>
            {busy ? 'Changing over' : 'Change over now'}
          </Button>
        </div>
        <p className="explain quiet">
          <button
            type="button"
            className="link"
            onClick={() => {
              view.setState({ screen: 'connect' });
            }}
          >
            Walk through connecting, step by step
          </button>
        </p>
        <p className="explain quiet">
          <StatusGlyph status="not-expected" size={11} named /> The engine is exchanged in place: jobs of the old folder
          are ended first, then the new one is opened. Where it cannot be opened the old one comes back, and the reason
          is shown above.
        </p>
      </Panel>
      <TrialList trials={trials} ready={source !== undefined} />
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
