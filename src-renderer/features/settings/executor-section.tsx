import { useState } from 'react';
import type { EngineSettings, PipelineSetting } from '#shared/domain/settings.ts';
import { Button } from '../../ui/controls.tsx';
import { NumberField } from '../../ui/fields.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Picker } from '../../ui/picker.tsx';

const KINDS = [
  { value: 'built-in', text: 'ql-pipeline, built in' },
  { value: 'desi_quicklook', text: 'desi_quicklook of desispec' },
  { value: 'desi_qproc', text: 'desi_qproc of desispec' },
  { value: 'command', text: 'another program' },
] as const;
type Kind = (typeof KINDS)[number]['value'];

const HINTS: Readonly<Record<Kind, string>> = {
  'built-in': 'Comes with QLF; measures all metrics and posts each as soon as it exists.',
  desi_quicklook:
    'The program and the arguments that stand before those which QLF adds. Its merged QA file is read at its end.',
  desi_qproc:
    'The program and the arguments that stand before those which QLF adds. It makes spectra and measures no QA.',
  command: 'Any program that takes the job’s configuration ({config}), exits 0 on success and posts its results.',
};

const argumentsOf = (pipeline: PipelineSetting): string =>
  pipeline.kind === 'built-in' ? '' : pipeline.argv.join('\n');
const environmentOf = (pipeline: PipelineSetting): string =>
  pipeline.kind === 'built-in'
    ? ''
    : Object.entries(pipeline.env)
        .map(([name, value]) => `${name}=${value}`)
        .join('\n');

const linesOf = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);

/** Which program the jobs run, how many at once, and when one is given up. */
export function ExecutorSection({
  settings,
  change,
}: {
  settings: EngineSettings;
  change: (patch: Partial<EngineSettings>) => void;
}) {
  const { pipeline } = settings;
  const [kind, setKind] = useState<Kind>(pipeline.kind);
  const [argv, setArgv] = useState(argumentsOf(pipeline));
  const [env, setEnv] = useState(environmentOf(pipeline));
  const wrong = linesOf(env).find((line) => !/^[A-Za-z_][A-Za-z0-9_]*=/.test(line));
  const next: PipelineSetting =
    kind === 'built-in'
      ? { kind }
      : {
          kind,
          argv: linesOf(argv),
          env: Object.fromEntries(
            linesOf(env).map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
          ),
        };
  const changed = JSON.stringify(next) !== JSON.stringify(pipeline);
  const incomplete = kind !== 'built-in' && (linesOf(argv).length === 0 || wrong !== undefined);
  return (
    <>
      <Panel title="Jobs" note="at once">
        <div className="fields one">
          <NumberField
            key={`parallel ${settings.parallel}`}
            label="Jobs at once"
            value={settings.parallel}
            min={1}
            max={30}
            unit="of 30; as many as the machine has processors is usually best"
            onChange={(parallel) => {
              change({ parallel });
            }}
          />
          <NumberField
            key={`timeout ${settings.jobTimeout}`}
            label="Longest job"
            value={settings.jobTimeout}
            min={1}
            max={86_400}
            unit="s, then it is ended and counts as failed"
            onChange={(jobTimeout) => {
              change({ jobTimeout });
            }}
          />
          <NumberField
            key={`heartbeat ${settings.heartbeat}`}
            label="Longest silence"
            value={settings.heartbeat}
            min={10}
            max={3600}
            unit="s without a heartbeat, then the built-in pipeline is taken for dead"
            onChange={(heartbeat) => {
              change({ heartbeat });
            }}
          />
        </div>
      </Panel>
      <Panel title="Pipeline" note="from the next exposure">
        <div className="fields one">
          <div className="field">
            <span>Program</span>
            <Picker label="Pipeline program" value={kind} options={KINDS} onChange={setKind} />
          </div>
          <p className="explain">{HINTS[kind]}</p>
          {kind !== 'built-in' && (
            <>
              <label className="field wide top">
                <span>Command</span>
                <textarea
                  rows={4}
                  spellCheck={false}
                  placeholder={'/opt/desi/bin/desi_quicklook\n--loglvl\n10'}
                  value={argv}
                  onChange={(event) => {
                    setArgv(event.target.value);
                  }}
                />
              </label>
              <label className="field wide top">
                <span>Environment</span>
                <textarea
                  rows={3}
                  spellCheck={false}
                  aria-invalid={wrong !== undefined}
                  placeholder="DESI_SPECTRO_CALIB=/data/calib"
                  value={env}
                  onChange={(event) => {
                    setEnv(event.target.value);
                  }}
                />
              </label>
              <p className="explain">
                One argument a line, never through a shell; {'{config}, {camera}, {expid}, {night}, {exposure}'} and the
                other placeholders are filled in. {wrong !== undefined && `“${wrong}” is no NAME=value.`}
              </p>
            </>
          )}
        </div>
        <div className="take-over">
          <p className="explain">Jobs run on this computer.</p>
          <Button
            kind="primary"
            disabled={!changed || incomplete}
            onClick={() => {
              change({ pipeline: next });
            }}
          >
            Use this pipeline
          </Button>
        </div>
      </Panel>
    </>
  );
}
