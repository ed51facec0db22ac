import { setTimeout as pause } from 'node:timers/promises';
import type { CameraName } from '#shared/domain/camera.ts';
import { ProcessedSchema, type Processed } from '#shared/domain/command-line.ts';
import { expid8 } from '#shared/domain/exposure.ts';
import { isEnded } from '#shared/domain/run.ts';
import type { RunDetail } from '#shared/state/control-room.ts';
import { CommandFailure, type Command, type Said } from './command.ts';
import { readCamera, readExpid } from './read-words.ts';
import type { Calls } from './world.ts';

const WAIT = { name: 'wait', value: null, words: 'end when the run has ended; fails where it, or a camera, failed' };
/** ms between two looks at a run that is waited for. */
const LOOK_MS = 300;

/** How a run, or one camera of it, ended. */
function outcomeOf(expid: number, camera: CameraName | null, { run, jobs }: RunDetail): Said {
  const own = camera === null ? jobs : jobs.filter((job) => job.camera === camera);
  const failed = own
    .filter(({ state }) => state === 'failed' || state === 'cancelled')
    .map((job) => ({ camera: job.camera, reason: job.reason }));
  const done = own.filter(({ state }) => state === 'done').length;
  const value: Processed = {
    ...{ expid, camera },
    run: { id: run.id, state: run.state, reason: run.reason, done, failed },
  };
  const why = run.reason === '' ? '' : ` (${run.reason})`;
  const lines = [`exposure ${expid8(expid)}, run ${run.id}: ${run.state}${why}, ${done} cameras done`];
  for (const job of failed) lines.push(`${job.camera}: ${job.reason}`);
  const well = failed.length === 0 && (camera !== null || run.state === 'done');
  return { value, text: `${lines.join('\n')}\n`, outcome: well ? 'ok' : 'failed' };
}

/** Waits until `ended` says that the newest run of an exposure is what was asked for, and over. */
async function untilEnded(engine: Calls, expid: number, ended: (detail: RunDetail) => boolean): Promise<RunDetail> {
  for (;;) {
    const { lastRunId, state, reason } = await engine.call('exposure.get', { expid });
    const detail = lastRunId === null ? null : await engine.call('run.get', { runId: lastRunId });
    if (detail && ended(detail)) return detail;
    if (state === 'failed' && (detail === null || detail.run.state !== 'running'))
      throw new CommandFailure('failed', `exposure ${expid8(expid)}: ${reason}`);
    await pause(LOOK_MS);
  }
}

const begun = (expid: number, camera: CameraName | null, text: string): Said => ({
  value: { expid, camera, run: null } satisfies Processed,
  text: `${text}; look with: qlf status\n`,
});

export const PROCESS: Command = {
  name: 'process',
  usage: 'process EXPID',
  summary: 'process an exposure (again), before all others',
  details: 'Needs a running engine.',
  positionals: [1, 1],
  options: [WAIT],
  value: ProcessedSchema,
  async run({ positionals: [text = ''], flag }, world) {
    const expid = readExpid(text);
    const engine = await world.engine('process an exposure');
    const { lastRunId: before } = await engine.call('exposure.get', { expid });
    await engine.call('exposure.process', { expid });
    if (!flag('wait')) return begun(expid, null, `exposure ${expid8(expid)} is next`);
    return outcomeOf(
      expid,
      null,
      await untilEnded(engine, expid, ({ run }) => run.id !== before && run.state !== 'running'),
    );
  },
};

export const RETRY: Command = {
  name: 'retry',
  usage: 'retry EXPID CAMERA',
  summary: 'run one camera of an exposure’s newest run once more',
  details: 'Needs a running engine.',
  positionals: [2, 2],
  options: [WAIT],
  value: ProcessedSchema,
  async run({ positionals: [text = '', name = ''], flag }, world) {
    const expid = readExpid(text);
    const camera = readCamera(name);
    const engine = await world.engine('run a camera again');
    const { lastRunId: runId } = await engine.call('exposure.get', { expid });
    if (runId === null)
      throw new CommandFailure('not-found', `exposure ${expid8(expid)} was never processed: qlf process ${expid}`);
    const attemptOf = ({ jobs }: RunDetail): number => jobs.find((job) => job.camera === camera)?.attempt ?? 0;
    const before = attemptOf(await engine.call('run.get', { runId }));
    await engine.call('job.retry', { runId, camera });
    if (!flag('wait')) return begun(expid, camera, `${camera} of exposure ${expid8(expid)} is run again`);
    return outcomeOf(
      expid,
      camera,
      await untilEnded(engine, expid, (detail) => {
        const job = detail.jobs.find((one) => one.camera === camera);
        return job !== undefined && isEnded(job.state) && job.attempt > before && detail.run.state !== 'running';
      }),
    );
  },
};
