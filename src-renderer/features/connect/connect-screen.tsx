import { useState, type ReactNode } from 'react';
import type { SourceKind } from '../../model/source-form.ts';
import { useApp } from '../../store/context.tsx';
import { Button } from '../../ui/controls.tsx';
import { TextField } from '../../ui/fields.tsx';
import { StateNote } from '../../ui/panel.tsx';
import { StatusGlyph } from '../../ui/status-glyph.tsx';
import { useEngineSettings, type KnownFolders } from '../settings/use-engine-settings.ts';
import { SourceFields } from './source-fields.tsx';
import { TrialList } from './trial-list.tsx';
import { useConnection } from './use-connection.ts';
import { useTrials } from './use-trials.ts';
import './connect.css';

const STEPS = ['Where from', 'The connection', 'Test and connect'] as const;

const WAYS: readonly { kind: SourceKind; title: string; text: string }[] = [
  {
    kind: 'test',
    title: 'Test environment',
    text: 'An emulated night on this computer: real files, real processing, no telescope. To learn, and to try limits.',
  },
  {
    kind: 'folder',
    title: 'A folder on this computer',
    text: 'Raw exposures that arrive on a disk or a network share of this computer: NIGHT/EXPID/desi-EXPID.fits.fz.',
  },
  {
    kind: 'ssh',
    title: 'A folder on a data host',
    text: 'The same folder on another machine, looked at and fetched over SSH, by rsync where there is one.',
  },
  {
    kind: 'opsdb',
    title: 'The operations database',
    text: 'PostgreSQL tells of each exposure, its calibrations and telemetry; the files come from the data hosts.',
  },
];

function Steps({ at, onStep }: { at: number; onStep: (step: number) => void }) {
  return (
    <ol className="connect-steps" aria-label="Steps">
      {STEPS.map((title, i) => (
        <li key={title} aria-current={i === at ? 'step' : undefined} className={i < at ? 'past' : i === at ? 'on' : ''}>
          <button
            type="button"
            disabled={i >= at}
            onClick={() => {
              onStep(i);
            }}
          >
            <b>{i + 1}</b>
            {title}
          </button>
        </li>
      ))}
    </ol>
  );
}

function Ways({ chosen, onChoose }: { chosen: SourceKind; onChoose: (kind: SourceKind) => void }) {
  return (
    <fieldset className="connect-ways">
      <legend className="hidden">Where exposures come from</legend>
      {WAYS.map(({ kind, title, text }) => (
        <label key={kind} className={kind === chosen ? 'on' : ''}>
          <input
            type="radio"
            name="way"
            checked={kind === chosen}
            onChange={() => {
              onChoose(kind);
            }}
          />
          <b>{title}</b>
          <span>{text}</span>
        </label>
      ))}
    </fieldset>
  );
}

function Walk({
  folders,
  changeFolders,
}: {
  folders: KnownFolders;
  changeFolders: (next: { source: string | null; data: string | null }) => Promise<boolean>;
}) {
  const { view, bridge } = useApp();
  const { current, first } = folders;
  const draft = useConnection(current.source);
  const { form, setForm, source } = draft;
  const [step, setStep] = useState(0);
  const sameKind = (form.kind === 'test') === (current.source === null);
  const [wantedData, setWantedData] = useState<string | null>(null);
  const data = wantedData ?? (sameKind && !first ? current.data : null);
  const [busy, setBusy] = useState(false);
  const trials = useTrials(`${draft.subject} ${data ?? ''}`, () => draft.prepare(data));
  const leave = (): void => {
    view.setState({ screen: 'monitor' });
  };
  const notNow = async (): Promise<void> => {
    trials.cancel();
    // Said once: the next start begins on the monitor.
    if (first) await bridge.call('folders.set', { folders: folders.next });
    leave();
  };
  const connect = async (): Promise<void> => {
    setBusy(true);
    const ready = await draft.prepare(data);
    const done = ready !== null && (await changeFolders(ready));
    setBusy(false);
    if (done) leave();
  };
  const go = (next: number): void => {
    setStep(next);
    trials.cancel();
    if (next === 2) void trials.tryAll();
  };
  const body: readonly ReactNode[] = [
    <Ways
      key="ways"
      chosen={form.kind}
      onChoose={(kind) => {
        setForm({ ...form, kind });
      }}
    />,
    <div key="fields" className="panel connect-fields scrolling" data-scrolls>
      <div className="fields one">
        <SourceFields draft={draft} />
        <TextField
          key={`data ${data ?? ''}`}
          label="Data folder"
          value={data ?? ''}
          hint={`QLF’s own, absolute path; empty: ${form.kind === 'test' ? 'the standard place of test nights' : 'the standard place'}`}
          onChange={(path) => {
            setWantedData(path === '' ? null : path);
          }}
        />
        {form.kind === 'test' && (
          <p className="explain">
            Nothing has to be filled in. What goes wrong in the emulated night, and how often it exposes, is chosen on
            the screen of the test environment.
          </p>
        )}
      </div>
    </div>,
    <TrialList key="trials" trials={trials} ready={source !== undefined} />,
  ];
  const lacking = step === 1 && source === undefined;
  return (
    <div className="connect">
      <header>
        <h1>{first ? 'Welcome to QLF' : 'Connect'}</h1>
        <p>
          {first
            ? 'Three steps to the first exposure. Until then QLF shows an emulated night; nothing here is final.'
            : `Now: ${current.source ?? 'the test environment'}. It stays in use until you connect to another.`}
        </p>
        <Steps at={step} onStep={go} />
      </header>
      {body[step]}
      <footer>
        <Button kind="ghost" onClick={() => void notNow()}>
          {first ? 'Not now: show me the test night' : 'Cancel'}
        </Button>
        <span className="spring">
          {lacking && (draft.problem === '' ? 'Something is missing above.' : draft.problem)}
          {step === 2 && !trials.busy && source === undefined && 'Something is missing: go back.'}
        </span>
        {step > 0 && (
          <Button
            onClick={() => {
              go(step - 1);
            }}
          >
            Back
          </Button>
        )}
        {step < 2 ? (
          <Button
            kind="primary"
            disabled={lacking}
            onClick={() => {
              go(step + 1);
            }}
          >
            Next
          </Button>
        ) : (
          <Button kind="primary" disabled={busy || source === undefined} onClick={() => void connect()}>
            {busy
              ? 'Connecting'
              : trials.list.some(({ state }) => typeof state === 'object' && state.outcome === 'failed')
                ? 'Connect all the same'
                : 'Connect'}
          </Button>
        )}
      </footer>
    </div>
  );
}

/** The way from nothing to the first exposure, in three steps; it can be left at any time, and taken again. */
export function ConnectScreen() {
  const { folders, error, changeFolders } = useEngineSettings();
  if (error !== '')
    return (
      <StateNote glyph={<StatusGlyph status="failed" size={16} named />} title="The settings cannot be read">
        {error}
      </StateNote>
    );
  if (!folders) return <div aria-busy="true" />;
  return <Walk folders={folders} changeFolders={changeFolders} />;
}
