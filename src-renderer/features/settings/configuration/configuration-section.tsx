import { useMemo, useState } from 'react';
import type { ConfigurationScope } from '#shared/domain/configuration.ts';
import { QL_FLAVORS, SCIENCE_PROGRAMS, type QlFlavor, type ScienceProgram } from '#shared/domain/ql-flavor.ts';
import { changedLines, lineDiff } from '../../../model/line-diff.ts';
import { useView } from '../../../store/context.tsx';
import { CodeEditor } from '../../../ui/code-editor.tsx';
import { Button, Segmented } from '../../../ui/controls.tsx';
import { Panel, StateNote } from '../../../ui/panel.tsx';
import { StatusGlyph } from '../../../ui/status-glyph.tsx';
import { useAnswer } from '../../camera/use-engine-data.ts';
import { SaveBar } from '../save-bar.tsx';
import { VersionsPanel } from '../versions-panel.tsx';
import { ConfigurationFormPanel } from './configuration-form.tsx';
import { DiffView } from './diff-view.tsx';
import { useConfiguration } from './use-configuration.ts';
import { useSavedValues } from './use-saved-values.ts';

const WORDS: Readonly<Record<QlFlavor | ScienceProgram | 'all', string>> = {
  science: 'Science',
  arc: 'Arc',
  flat: 'Flat',
  bias: 'Bias',
  dark: 'Dark',
  gray: 'Gray',
  bright: 'Bright',
  all: 'All programs',
};

const scopeOf = (flavor: QlFlavor, program: ScienceProgram | 'all'): ConfigurationScope =>
  flavor === 'science' && program !== 'all' ? `science/${program}` : flavor;

type TextView = 'yaml' | 'diff' | 'result';

/** The QL configuration of each flavor, and of each program of science: form, text, differences, versions. */
export function ConfigurationSection() {
  const drafts = useView((view) => view.drafts.configuration);
  const [flavor, setFlavor] = useState<QlFlavor>('science');
  const [program, setProgram] = useState<ScienceProgram | 'all'>('all');
  const [shown, setShown] = useState<TextView>('yaml');
  const [against, setAgainst] = useState<'saved' | 'default'>('saved');
  const [revision, setRevision] = useState(0);
  const [chosen, setChosen] = useState<number | null>(null);
  const scope = scopeOf(flavor, program);
  const isProgram = scope.includes('/');
  const edited = useConfiguration(scope, revision, () => {
    setRevision(revision + 1);
    setChosen(null);
  });
  const { opened, text, checked } = edited;
  const listed = useAnswer('configuration.versions', { limit: 200, offset: 0 }, String(revision));
  const older = useAnswer('configuration.open', chosen === null ? null : { scope, version: chosen }, String(revision));
  const saved = opened.state === 'ready' ? opened.value : null;
  const before = useSavedValues(scope, saved?.text ?? null);

  const versions = useMemo(
    () =>
      listed.state !== 'ready'
        ? []
        : listed.value.versions.filter(({ scopes }, i) => i === 0 || scopes === null || scopes.includes(scope)),
    [listed, scope],
  );
  const looked = chosen !== null && older.state === 'ready' ? older.value : null;
  const base = against === 'default' ? saved?.standard : saved?.text;
  const lines = useMemo(() => lineDiff(base ?? '', looked?.text ?? text), [base, looked, text]);
  const marks = useMemo(
    () => new Map((checked?.problems ?? []).flatMap(({ line, message }) => (line === null ? [] : [[line, message]]))),
    [checked],
  );
  if (opened.state === 'error') {
    return (
      <StateNote glyph={<StatusGlyph status="failed" size={16} named />} title="The configuration cannot be read">
        {opened.message}
      </StateNote>
    );
  }
  const problems = checked?.problems ?? [];
  const changed = changedLines(lines);
  const markOf = (key: ConfigurationScope): string => (drafts[key] ? ' \u2022' : '');
  const choose = (next: () => void) => {
    next();
    setChosen(null);
  };
  return (
    <div className="configuration" aria-busy={opened.state === 'loading'}>
      <div className="panel section-head">
        <h1>QL configuration</h1>
        <Segmented
          label="Flavor"
          value={flavor}
          options={QL_FLAVORS.map((value) => ({ value, text: WORDS[value] + markOf(value) }))}
          onChange={(value) => {
            choose(() => {
              setFlavor(value);
            });
          }}
        />
        {flavor === 'science' && (
          <Segmented
            label="Program"
            value={program}
            options={(['all', ...SCIENCE_PROGRAMS] as const).map((value) => ({
              value,
              text: WORDS[value] + (value === 'all' ? '' : markOf(`science/${value}`)),
            }))}
            onChange={(value) => {
              choose(() => {
                setProgram(value);
              });
            }}
          />
        )}
        <span className="spring" />
        {saved?.size && (
          <span
            className="note"
            title="References of the emulated instrument that nobody has changed follow the size of each exposure"
          >
            references: {saved.size} instrument
          </span>
        )}
        <Button
          small
          kind="ghost"
          disabled={!saved || text === saved.standard}
          onClick={() => {
            if (saved) edited.setText(saved.standard);
          }}
        >
          {isProgram ? 'Nothing of its own' : 'Back to default'}
        </Button>
      </div>
      <ConfigurationFormPanel
        key={scope}
        checked={checked}
        before={before}
        program={isProgram}
        setValue={edited.setValue}
      />
      <Panel
        title={
          <Segmented
            label="Text"
            value={shown}
            options={[
              { value: 'yaml' as const, text: 'YAML' },
              { value: 'diff' as const, text: 'Diff' },
              ...(isProgram ? [{ value: 'result' as const, text: 'Result' }] : []),
            ]}
            onChange={setShown}
          />
        }
        note={
          looked
            ? `v${looked.version}, as it was`
            : changed === 0
              ? `as ${against === 'default' ? 'default' : 'saved'}`
              : `${changed === 1 ? '1 line' : `${changed} lines`} changed`
        }
        className="configuration-text"
        tools={
          looked ? (
            <>
              <Button
                small
                kind="primary"
                onClick={() => {
                  edited.setText(looked.text);
                  edited.setReason(`back to v${looked.version}`);
                  setChosen(null);
                }}
              >
                Restore v{looked.version}
              </Button>
              <Button
                small
                onClick={() => {
                  setChosen(null);
                }}
              >
                Close
              </Button>
            </>
          ) : (
            <Segmented
              label="Compare with"
              value={against}
              options={[
                { value: 'default', text: 'Against default' },
                { value: 'saved', text: 'Against saved' },
              ]}
              onChange={setAgainst}
            />
          )
        }
      >
        {shown === 'diff' ? (
          <DiffView key={`${scope} ${against}`} before={base ?? ''} after={looked?.text ?? text} name="Differences" />
        ) : shown === 'result' && isProgram ? (
          <CodeEditor label="What jobs of this program read" text={checked?.result ?? ''} marks={new Map()} />
        ) : looked ? (
          <CodeEditor label={`Configuration, version ${looked.version}`} text={looked.text} marks={new Map()} />
        ) : (
          <CodeEditor
            label={`Configuration of ${scope} as YAML`}
            text={text}
            marks={marks}
            placeholder={
              isProgram
                ? 'Nothing of its own: as all programs.\nChange a value in the form, or write here what differs.'
                : ''
            }
            onChange={edited.setText}
          />
        )}
        {problems.length > 0 && !looked && (
          <ul className="problems" aria-label="What is wrong">
            {problems.slice(0, 5).map(({ path, message, line, elsewhere }) => (
              <li key={`${path.join('.')} ${message}`}>
                <StatusGlyph status="alarm" size={12} named />
                <span>
                  {elsewhere === null ? (line === null ? '' : `Line ${line}, `) : `In ${elsewhere}: `}
                  {path.slice(-2).join('.')}
                  {path.length > 0 ? ' ' : ''}
                  {message}
                </span>
              </li>
            ))}
            {problems.length > 5 && <li>and {problems.length - 5} more</li>}
          </ul>
        )}
      </Panel>
      <VersionsPanel
        note={scope.replace('/', ', ')}
        edit={edited.edited ? edited.reason || 'not saved yet' : ''}
        versions={versions}
        chosen={chosen}
        onChoose={setChosen}
      />
      <SaveBar
        errors={problems.length}
        edited={edited.edited}
        about={
          <>
            <b>{scope.replace('/', ', ')}</b> is edited
          </>
        }
        reason={edited.reason}
        onReason={edited.setReason}
        save={`Save as v${(saved?.newest ?? 0) + 1}`}
        onSave={edited.save}
        onDiscard={edited.discard}
      />
    </div>
  );
}
