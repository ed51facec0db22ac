import type { Run, Stage } from '#shared/domain/run.ts';
import { count, formatAbout, formatBytes, formatDuration, utcTime } from '../../model/format.ts';
import { stageViews, stepCounts, timeLeft, type StageView, type StepCount } from '../../model/stages.ts';
import { useNow, useRoom } from '../../store/context.tsx';
import { shownRun } from '../../store/control-room.ts';
import { StatusGlyph } from '../../ui/status-glyph.tsx';
import type { TransferProgress } from '#shared/state/control-room.ts';

/** The tick at the typical time stands here; what is beyond has room to be late. */
const TYPICAL_AT = 0.8;

const WORDS: Readonly<Record<Stage, string>> = {
  detect: 'Detect',
  transfer: 'Transfer',
  split: 'Split',
  process: 'Process',
  verdict: 'Verdict',
};

/** Elapsed against typical; without a typical time only that it runs or is done. */
function TimeBar({ view }: { view: StageView }) {
  const { elapsedMs, typicalMs, state } = view;
  const share =
    elapsedMs === null
      ? 0
      : typicalMs !== null && typicalMs > 0
        ? (TYPICAL_AT * elapsedMs) / typicalMs
        : state === 'done'
          ? TYPICAL_AT
          : 0;
  return (
    <div className="time-bar" aria-hidden="true">
      <i className={state} style={{ width: `${Math.min(1, share) * 100}%` }} />
      {typicalMs !== null && <u style={{ left: `${TYPICAL_AT * 100}%` }} />}
    </div>
  );
}

const GLYPHS = { waiting: 'waiting', running: 'running', done: 'normal', failed: 'failed' } as const;
const DONE_WORDS = { waiting: 'waiting', running: 'running', done: 'done', failed: 'failed' } as const;

function StateGlyph({ state }: { state: StageView['state'] }) {
  return (
    <>
      <StatusGlyph status={GLYPHS[state]} size={11} named />
      <span className="hidden">{DONE_WORDS[state]}</span>
    </>
  );
}

function typicalWords(view: StageView): string {
  if (view.lateMs > 0) return `late by ${formatAbout(view.lateMs)}`;
  return view.typicalMs === null ? '' : `typ ${formatDuration(view.typicalMs).replace(/ s$/, '')}`;
}

function transferWords(progress: TransferProgress): string {
  const total = progress.totalBytes === null ? '' : ` of ${formatBytes(progress.totalBytes)}`;
  return `${formatBytes(progress.bytes)}${total}`;
}

function StageField({ view, progress }: { view: StageView; progress: TransferProgress | null }) {
  const { stage, state, elapsedMs } = view;
  const moving = state === 'running' && progress ? transferWords(progress) : typicalWords(view);
  return (
    <li className={`stage ${stage} ${state}`}>
      <h2>
        {WORDS[stage]} <StateGlyph state={state} />
      </h2>
      <p className="elapsed">
        {elapsedMs === null ? '\u2013' : formatDuration(elapsedMs)}
        <small>{moving}</small>
      </p>
      <TimeBar view={view} />
    </li>
  );
}

function Steps({ counts }: { counts: readonly StepCount[] }) {
  return (
    <ul className="steps">
      {counts.map(({ step, done, running, total }) => (
        <li
          key={step}
          className={running > 0 ? 'running' : ''}
          title={`${step}: ${done} of ${total} cameras`}
          style={{ '--share': total === 0 ? 0 : done / total } as React.CSSProperties}
        >
          <span>{step}</span>
          <b>{done}</b>
        </li>
      ))}
    </ul>
  );
}

function processWords(view: StageView): string {
  if (view.elapsedMs === null) return view.typicalMs === null ? '' : `typically ${formatDuration(view.typicalMs)}`;
  const elapsed = formatDuration(view.elapsedMs);
  if (view.lateMs > 0) return `${elapsed}, late by ${formatAbout(view.lateMs)}`;
  if (view.typicalMs === null) return elapsed;
  return `${elapsed}${view.state === 'running' ? ' of typically ' : ', typically '}${formatDuration(view.typicalMs)}`;
}

function ProcessField({
  view,
  counts,
  jobs,
  done,
}: {
  view: StageView;
  counts: readonly StepCount[];
  jobs: number;
  done: number;
}) {
  // A failed job is not done: an ended run may have fewer than it began.
  const cameras =
    jobs === 0 ? '' : `, ${view.state === 'running' || done === jobs ? '' : `${done} of `}${count(jobs, 'camera')}`;
  return (
    <li className={`stage process ${view.state}`}>
      <h2>
        <span>
          Process{cameras} <StateGlyph state={view.state} />
        </span>
        <span className="times">{processWords(view)}</span>
      </h2>
      <Steps counts={counts} />
      <TimeBar view={view} />
    </li>
  );
}

function VerdictField({ run, views, now }: { run: Run; views: readonly StageView[]; now: number }) {
  const left = timeLeft(run, views);
  const total = (run.endedAt ?? now) - run.startedAt;
  const ended = run.state !== 'running';
  const state = ended ? (run.state === 'done' ? 'done' : 'failed') : 'running';
  const share = ended ? 1 : left === null ? 0 : total / (total + left || 1);
  return (
    <li className={`stage verdict-stage ${state}`}>
      <h2>
        Verdict <StateGlyph state={state} />
      </h2>
      <p className="elapsed">
        {ended
          ? formatDuration(total)
          : left === null
            ? formatDuration(total)
            : left === 0
              ? 'late'
              : `in ${formatAbout(left)}`}
        <small>
          {ended ? 'in all' : left === null ? 'so far' : left === 0 ? formatDuration(total) : utcTime(now + left)}
        </small>
      </p>
      <div className="time-bar" aria-hidden="true">
        <i className={ended ? 'done' : 'running'} style={{ width: `${share * 100}%` }} />
        {!ended && left !== null && <u style={{ left: 'calc(100% - 2px)' }} />}
      </div>
    </li>
  );
}

/** How far the run on screen is: true times against typical ones, and a count of cameras per step. */
export function Ribbon() {
  const detail = useRoom(shownRun);
  const typical = useRoom((state) => state.room?.typicalStageMs);
  const transfer = useRoom((state) => state.room?.transfer ?? null);
  const running = detail?.run.state === 'running';
  const now = useNow(running ? 200 : false);
  if (!detail || !typical) {
    return (
      <section className="panel ribbon empty" aria-label="Stages">
        <p>The stages of an exposure appear here when one is processed.</p>
      </section>
    );
  }
  const jobs = detail.jobs.filter(({ state }) => state !== 'missing' && state !== 'not-expected');
  const views = stageViews(detail.run, typical, now);
  const progress = transfer?.expid === detail.run.expid ? transfer : null;
  return (
    <ol className="panel ribbon" aria-label="Stages">
      {views.map((view) => {
        switch (view.stage) {
          case 'process':
            return (
              <ProcessField
                key={view.stage}
                view={view}
                counts={stepCounts(jobs)}
                jobs={jobs.length}
                done={jobs.filter(({ state }) => state === 'done').length}
              />
            );
          case 'verdict':
            return <VerdictField key={view.stage} run={detail.run} views={views} now={now} />;
          default:
            return <StageField key={view.stage} view={view} progress={view.stage === 'transfer' ? progress : null} />;
        }
      })}
    </ol>
  );
}
