import type { ExposureMetadata } from '#shared/domain/exposure.ts';
import type { Json } from '#shared/domain/measurement.ts';
import { nightOf } from '#shared/domain/night.ts';
import type { JudgeContext } from '#shared/qa/judge.ts';
import type { Job, JobState, Run, RunState } from '#shared/domain/run.ts';
import type { Post, PostOutcome, Recorded } from '../domain/ports/ingest-store.ts';
import type { JobPatch, Store } from '../domain/ports/store.ts';
import type { ExposureRepository } from './exposures.ts';
import type { JobRepository } from './jobs.ts';
import type { MeasurementRepository } from './measurements.ts';
import type { RunRepository } from './runs.ts';

interface Repositories {
  exposures: ExposureRepository;
  runs: RunRepository;
  jobs: JobRepository;
  measurements: MeasurementRepository;
  limits: Pick<Store, 'limitsVersion'>;
}

/** What the posted values' envelopes (NIGHT, FLAVOR, PROGRAM, EXPTIME) say about an exposure that nobody else knows. */
function describeExposure(post: Post): ExposureMetadata {
  const said = (name: string): Json | undefined => {
    for (const { value } of post.measurements) {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) continue;
      if (Object.hasOwn(value, name)) return value[name];
    }
    return undefined;
  };
  const word = (name: string): string | null => {
    const text = said(name);
    return typeof text === 'string' && /^[\w -]{1,32}$/.test(text) ? text.trim().toLowerCase() : null;
  };
  const night = said('NIGHT');
  const exptime = said('EXPTIME');
  return {
    expid: post.expid,
    night: typeof night === 'string' && /^[0-9]{8}$/.test(night) ? night : nightOf(post.receivedAt),
    flavor: word('FLAVOR') ?? 'unknown',
    program: word('PROGRAM'),
    exptime: typeof exptime === 'number' ? exptime : null,
    airmass: null,
    seeing: null,
    tileid: null,
    mjdObs: null,
    dateObs: null,
    ra: null,
    dec: null,
    obstype: null,
    header: {},
  };
}

const EXTERNAL_STATE: Readonly<Record<Post['status'], JobState>> = { 0: 'done', 1: 'failed', 2: 'running' };

/** What a sender's status makes of a job that QLF did not start. */
function externalPatch(post: Post, job: Job): JobPatch {
  const state = EXTERNAL_STATE[post.status];
  return {
    state,
    attempt: Math.max(1, job.attempt),
    startedAt: job.startedAt ?? post.receivedAt,
    endedAt: state === 'running' ? null : post.receivedAt,
    reason: state === 'failed' ? 'its pipeline reports a failure' : '',
  };
}

/** An external run is as far as its jobs are: running while one runs, else done when one is. */
function externalRunState(jobs: readonly Job[]): RunState {
  if (jobs.some(({ state }) => state === 'running')) return 'running';
  return jobs.some(({ state }) => state === 'done') ? 'done' : 'failed';
}

/** Records posts, one at a time, inside the caller's transaction. */
export function postRecorder({
  exposures,
  runs,
  jobs,
  measurements,
  limits,
}: Repositories): (post: Post) => PostOutcome {
  type Changes = Recorded['changed'];

  const ownJob = (post: Post, runId: number): { run: Run; job: Job } | string => {
    const run = runs.run(runId);
    if (run?.expid !== post.expid) return `this credential is for run ${runId}, which is not of exposure ${post.expid}`;
    const job = jobs.jobOf(runId, post.camera);
    return job ? { run, job } : `run ${runId} has no camera ${post.camera}`;
  };

  const runningJob = (post: Post): { run: Run; job: Job } | undefined => {
    const run = runs.openRunOf(post.expid);
    const job = run && jobs.jobOf(run.id, post.camera);
    if (!run || !job || job.state === 'missing' || job.state === 'not-expected') return undefined;
    return { run, job };
  };

  const externalJob = (post: Post, changed: Changes): { run: Run; job: Job } => {
    let exposure = exposures.exposure(post.expid);
    if (!exposure) {
      exposure = exposures.registerExternal(describeExposure(post), [], post.receivedAt);
      changed.exposure = exposure;
    }
    let run = runs.externalRunOf(post.expid);
    if (!run) {
      run = runs.createExternalRun({ expid: post.expid, night: exposure.night, startedAt: post.receivedAt });
      changed.run = run;
      changed.runIsNew = true;
      // QLF's own run, where there is one, stays the exposure's verdict.
      if (exposure.lastRunId === null) {
        exposures.setLastRun(post.expid, run.id);
        changed.exposure = { ...exposure, lastRunId: run.id };
      }
    }
    let job = jobs.jobOf(run.id, post.camera);
    if (!job) {
      job = jobs
        .createJobs(run.id, [{ camera: post.camera, state: 'running', reason: '' }])
        .find(({ camera }) => camera === post.camera);
      if (!job) throw new Error(`no job ${post.camera} could be made for run ${run.id}`);
      changed.job = job;
    }
    const patch = externalPatch(post, job);
    // A later post of an ended job leaves its end where it was.
    if (changed.job || patch.state !== job.state) changed.job = job = jobs.updateJob(job.id, patch);
    const state = externalRunState(jobs.jobs(run.id));
    if (state !== run.state) changed.run = run = runs.setExternalState(run.id, state, post.receivedAt);
    return { run, job };
  };

  return (post) => {
    const changed: Changes = {};
    let place: { run: Run; job: Job };
    if (post.principal.kind === 'run') {
      const own = ownJob(post, post.principal.runId);
      if (typeof own === 'string') return { ok: false, message: own };
      place = own;
    } else {
      place = runningJob(post) ?? externalJob(post, changed);
    }
    jobs.setPosted(place.job.id, post.status, post.label);
    const kind = exposures.kindOf(post.expid);
    const { limitsVersion } = place.run;
    const context: JudgeContext = {
      flavor: kind?.flavor ?? null,
      program: kind?.program ?? null,
      camera: place.job.camera,
      night: place.run.night,
      rules: (typeof limitsVersion === 'number' ? limits.limitsVersion(limitsVersion)?.rules : undefined) ?? [],
    };
    return {
      ok: true,
      ...place,
      measurements: post.measurements.map((posted) => measurements.record(place.job, posted, context, post.receivedAt)),
      changed,
    };
  };
}
