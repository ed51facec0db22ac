import { setTimeout as pause } from 'node:timers/promises';
import type { JobEnd, JobObserver, JobSpec, PipelineLimits } from '../domain/ports/job-pool.ts';
import { endTree, type TreeRoot } from './end-tree.ts';
import type { ExecutionEnd, JobExecutor } from './executor.ts';
import { createJobOutput } from './job-output.ts';
import { startTimeOf } from './process-table.ts';
import { watchTime, type TimeIsUp } from './watch-time.ts';

export interface SupervisionOptions {
  executor: JobExecutor;
  limits: PipelineLimits;
  marker: string;
  /** ms between asking a job to end and killing it */
  graceMs: number;
  maxLogBytes: number;
}

export interface SupervisedJob {
  cancel(): void;
  /** How it ended, once the process and all its descendants are gone and the log is closed. */
  readonly done: Promise<JobEnd>;
}

/** ms after which a killed process is given up: one stuck in the kernel must not hold the pool. */
const STUCK_MS = 10_000;

/** Ends that we decide, not the process. */
type EarlyEnd = TimeIsUp | { kind: 'cancelled' };

function asEnd({ code, signal, error, message, noResults }: ExecutionEnd): JobEnd {
  if (error !== null) return { kind: 'not-started', message: error };
  if (signal !== null) return { kind: 'signal', signal };
  if (noResults !== undefined) return { kind: 'no-results', message: noResults };
  return { kind: 'exit', code: code ?? 1, ...(message === undefined ? {} : { message }) };
}

function inWords(end: EarlyEnd): string {
  switch (end.kind) {
    case 'timeout':
      return `not finished after ${String(end.seconds)} s: ended`;
    case 'lost-heartbeat':
      return `silent for ${String(end.seconds)} s: ended`;
    case 'cancelled':
      return 'cancelled: ended';
  }
}

/** Runs one job from its start to the end of its last descendant. */
export function superviseJob(spec: JobSpec, observer: JobObserver, options: SupervisionOptions): SupervisedJob {
  const { executor, limits, marker, graceMs, maxLogBytes } = options;
  const log = { file: spec.logFile, append: spec.attempt > 1, maxBytes: maxLogBytes };
  const output = createJobOutput(log, (line) => observer.line(spec, line));
  let root: { pid: number; startTime: string | null } | undefined;
  let tellStarted: () => void = () => undefined;
  const started = new Promise<void>((resolve) => (tellStarted = resolve));
  const execution = executor.start(spec, marker, {
    onStdout: (chunk) => output.take('stdout', chunk),
    onStderr: (chunk) => output.take('stderr', chunk),
    onStarted: (pid) => {
      root = { pid, startTime: startTimeOf(pid) };
      tellStarted();
      observer.started(spec, root);
    },
  });
  const tree = (keepRoot: boolean): TreeRoot => ({
    pid: root?.pid ?? null,
    startTime: root?.startTime ?? null,
    marker: execution.marker,
    keepRoot,
  });

  /** Asks, waits, kills: the process with its whole tree. */
  const endAll = async (): Promise<void> => {
    // A process without a number yet cannot be ended.
    await Promise.race([started, execution.ended]);
    const [left] = await Promise.all([
      endTree(tree(false), graceMs, () => execution.kill('SIGTERM')),
      Promise.race([execution.ended, pause(graceMs, undefined, { ref: false })]),
    ]);
    execution.kill('SIGKILL');
    if (left.length > 0) output.note('ERROR', `processes ${left.join(', ')} could not be ended`);
  };

  let early: EarlyEnd | undefined;
  let over = false;
  let ending: Promise<void> | undefined;
  let giveUp: (end: ExecutionEnd) => void = () => undefined;
  const givenUp = new Promise<ExecutionEnd>((resolve) => (giveUp = resolve));
  const endEarly = (end: EarlyEnd): void => {
    if (early || over) return;
    early = end;
    stopWatching();
    output.note('ERROR', inWords(end));
    ending = endAll();
    void ending.then(() => setTimeout(() => giveUp({ code: null, signal: 'SIGKILL', error: null }), STUCK_MS).unref());
  };
  const stopWatching = watchTime(limits, output, endEarly);

  const run = async (): Promise<JobEnd> => {
    const ended = await Promise.race([execution.ended, givenUp]);
    stopWatching();
    over = true;
    const end = early ?? asEnd(ended);
    if (!early && root) await endTree(tree(execution.reused), 0);
    await ending;
    await output.close();
    execution.release();
    return end;
  };
  return { cancel: () => endEarly({ kind: 'cancelled' }), done: run() };
}
