import { count } from '../../model/format.ts';
import type { Severity } from '../../model/findings.ts';
import type { Problem } from '../../model/problems.ts';
import { useRoom } from '../../store/context.tsx';
import { shownRun } from '../../store/control-room.ts';
import { Panel, StateNote } from '../../ui/panel.tsx';
import { StatusGlyph } from '../../ui/status-glyph.tsx';
import { useOpenCamera } from './use-verdict.ts';

const COUNTED: readonly (readonly [Severity, string, string])[] = [
  ['alarm', 'alarm', 'alarms'],
  ['failed', 'failure', 'failures'],
  ['missing', 'missing', 'missing'],
  ['warning', 'warning', 'warnings'],
  ['unknown', 'not judged', 'not judged'],
];

function summary(problems: readonly Problem[]): string {
  return COUNTED.map(([severity, one, many]) => {
    const n = problems.filter((problem) => problem.severity === severity).length;
    return n === 0 ? '' : count(n, one, many);
  })
    .filter((text) => text !== '')
    .slice(0, 3)
    .join(', ');
}

function Row({ problem }: { problem: Problem }) {
  const openCamera = useOpenCamera();
  const { severity, sentence, value, detail, cameras, who, also } = problem;
  const facts = [value, detail, /^\d/.test(who) ? cameras.join(', ') : ''].filter((text) => text !== '');
  return (
    <li>
      <button
        type="button"
        className={`problem ${severity}`}
        onClick={() => {
          openCamera(problem.camera, problem.key);
        }}
      >
        <StatusGlyph status={severity} size={16} />
        <b>{sentence}</b>
        {facts.length > 0 && <span>{facts.join(', ')}</span>}
        {also.length > 0 && <span>also {also.join(', ')}</span>}
      </button>
    </li>
  );
}

/** Everything off normal in the run on screen, one row a cause, each the way to its evidence. */
export function Attention() {
  const problems = useRoom((state) => state.problems);
  const run = useRoom((state) => shownRun(state)?.run);
  const measured = useRoom((state) => (shownRun(state)?.measurements.length ?? 0) > 0);
  return (
    <Panel title="Off normal" note={problems.length > 0 ? summary(problems) : undefined} className="attention">
      {problems.length > 0 ? (
        <ul className="scrolling">
          {problems.map((problem) => (
            <Row key={`${problem.severity} ${problem.sentence}`} problem={problem} />
          ))}
        </ul>
      ) : (
        <StateNote
          glyph={
            <StatusGlyph status={run === undefined || run.state === 'running' ? 'waiting' : 'normal'} size={16} named />
          }
          title={run === undefined ? 'Nothing judged yet' : run.state === 'running' ? 'Nothing so far' : 'Nothing'}
        >
          {run === undefined
            ? 'What is off normal appears here, with the way to its evidence.'
            : measured
              ? 'Every number judged is inside its limits.'
              : 'No number has been judged yet.'}
        </StateNote>
      )}
    </Panel>
  );
}
