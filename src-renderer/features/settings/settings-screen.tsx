import { useEffect, useState } from 'react';
import type { EngineSettings, FolderSettings } from '#shared/domain/settings.ts';
import { useApp, useCommand } from '../../store/context.tsx';
import { Segmented } from '../../ui/controls.tsx';
import { NumberField, TextField } from '../../ui/fields.tsx';
import { Panel, StateNote } from '../../ui/panel.tsx';
import { StatusGlyph } from '../../ui/status-glyph.tsx';
import './settings.css';

interface Known {
  settings: EngineSettings;
  folders: { current: FolderSettings; next: FolderSettings };
}

/** Flavors that a person can choose, and what each stands for in headers. */
const FLAVORS = [
  { word: 'Science', names: ['science', 'object'] },
  { word: 'Arcs', names: ['arc'] },
  { word: 'Flats', names: ['flat'] },
  { word: 'Biases', names: ['bias', 'zero'] },
  { word: 'Darks', names: ['dark'] },
] as const;

/** The engine's settings and the folders of the next start, written through on every change. */
function useSettings() {
  const { bridge } = useApp();
  const command = useCommand();
  const [known, setKnown] = useState<Known | string | null>(null);
  useEffect(() => {
    void Promise.all([bridge.call('settings.get', {}), bridge.call('folders.get', {})]).then(([settings, folders]) => {
      if (!settings.ok) setKnown(settings.error.message);
      else if (!folders.ok) setKnown(folders.error.message);
      else setKnown({ settings: settings.value, folders: folders.value });
    });
  }, [bridge]);
  const setSettings = (before: Known, settings: EngineSettings): void => {
    void command((b) => b.call('settings.set', { settings })).then((done) => {
      if (done) setKnown({ ...before, settings });
    });
  };
  const setFolders = (before: Known, next: FolderSettings): void => {
    void command((b) => b.call('folders.set', { folders: next })).then((done) => {
      if (done) setKnown({ ...before, folders: { ...before.folders, next } });
    });
  };
  return { known, setSettings, setFolders };
}

function Flavors({ value, onChange }: { value: readonly string[]; onChange: (flavors: string[]) => void }) {
  return (
    <div className="field wide">
      <span>Processed</span>
      <div className="choices" role="group" aria-label="Flavors that are processed">
        {FLAVORS.map(({ word, names }) => (
          <label key={word}>
            <input
              type="checkbox"
              checked={names.some((name) => value.includes(name))}
              onChange={(event) => {
                const others = value.filter((name) => !names.some((own) => own === name));
                onChange(event.target.checked ? [...others, ...names] : others);
              }}
            />
            {word}
          </label>
        ))}
      </div>
    </div>
  );
}

function Folders({ folders, onChange }: { folders: Known['folders']; onChange: (next: FolderSettings) => void }) {
  const { current, next } = folders;
  const [real, setReal] = useState(next.source !== null);
  const changed = next.source !== current.source || (next.data !== null && next.data !== current.data);
  return (
    <Panel title="Nights" note="taken at the next start of QLF">
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
              if (choice === 'test' && next.source !== null) onChange({ ...next, source: null });
            }}
          />
        </div>
        {real && (
          <TextField
            label="Raw folder"
            value={next.source ?? ''}
            hint="absolute path; NIGHT/EXPID8/desi-EXPID8.fits.fz below it"
            onChange={(source) => {
              onChange({ ...next, source: source === '' ? null : source });
            }}
          />
        )}
        <TextField
          label="Data folder"
          value={next.data ?? ''}
          hint="absolute path of QLF's own folder; empty: the standard place"
          onChange={(data) => {
            onChange({ ...next, data: data === '' ? null : data });
          }}
        />
      </div>
      <p>
        Now: {current.source ?? 'the test environment'}, data in {current.data}.
        {changed && ' Close QLF and open it again to change over.'}
      </p>
    </Panel>
  );
}

/** How the engine works, and which nights the next start shows. */
export function SettingsScreen() {
  const { known, setSettings, setFolders } = useSettings();
  if (known === null) return <div aria-busy="true" />;
  if (typeof known === 'string') {
    return (
      <div className="settings">
        <StateNote glyph={<StatusGlyph status="failed" size={16} named />} title="No settings">
          {known}
        </StateNote>
      </div>
    );
  }
  const { settings } = known;
  const change = (patch: Partial<EngineSettings>): void => {
    setSettings(known, { ...settings, ...patch });
  };
  return (
    <div className="settings">
      <h1 className="hidden">Settings</h1>
      <Panel title="Processing" note="from the next exposure">
        <div className="fields one">
          <Flavors
            value={settings.flavors}
            onChange={(flavors) => {
              change({ flavors });
            }}
          />
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
          <NumberField
            key={`parallel ${String(settings.parallel)}`}
            label="Jobs at once"
            value={settings.parallel}
            min={1}
            unit="of 30"
            onChange={(parallel) => {
              change({ parallel });
            }}
          />
          <NumberField
            key={`timeout ${String(settings.jobTimeout)}`}
            label="Longest job"
            value={settings.jobTimeout}
            min={1}
            unit="s, then it is ended"
            onChange={(jobTimeout) => {
              change({ jobTimeout });
            }}
          />
        </div>
      </Panel>
      <Folders
        folders={known.folders}
        onChange={(next) => {
          setFolders(known, next);
        }}
      />
    </div>
  );
}
