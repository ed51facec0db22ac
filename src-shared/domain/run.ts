import Type, { type Static } from 'typebox';
import { CameraSchema } from './camera.ts';
import { STEPS } from './step.ts';

const Nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

/** Stages of a run, in order; each is durable before the next begins. */
export const STAGES = ['detect', 'transfer', 'split', 'process', 'verdict'] as const;
export type Stage = (typeof STAGES)[number];

export const RUN_STATES = ['running', 'done', 'failed', 'cancelled'] as const;
export type RunState = (typeof RUN_STATES)[number];

/** Start and end of a stage in ms since the epoch; end is null while it runs. */
export const StageTimeSchema = Type.Object({
  stage: Type.Enum(STAGES),
  startedAt: Type.Number(),
  endedAt: Nullable(Type.Number()),
});
export type StageTime = Static<typeof StageTimeSchema>;

/** One processing of an exposure, with its frozen QL configuration. */
export const RunSchema = Type.Object({
  id: Type.Integer(),
  expid: Type.Integer(),
  night: Type.String(),
  /** `external`: jobs that QLF did not start, posted by somebody else's pipeline. */
  kind: Type.Enum(['qlf', 'external']),
  state: Type.Enum(RUN_STATES),
  stage: Type.Enum(STAGES),
  stages: Type.Array(StageTimeSchema),
  /** Why it failed or was cancelled; empty otherwise. */
  reason: Type.String(),
  /** Id of the configuration version it was frozen from; null for external runs. */
  configurationId: Nullable(Type.Integer()),
  /** Id of the version of the limits that judges it; null where only what is posted does. */
  limitsVersion: Type.Optional(Nullable(Type.Integer())),
  startedAt: Type.Number(),
  endedAt: Nullable(Type.Number()),
});
export type Run = Static<typeof RunSchema>;

/**
 * `missing`: expected but not in the file · `not-expected`: neither expected nor in the file.
 * A camera that is in the file gets a job whatever was expected.
 */
export const JOB_STATES = ['waiting', 'running', 'done', 'failed', 'cancelled', 'missing', 'not-expected'] as const;
export type JobState = (typeof JOB_STATES)[number];

/** Progress of one step inside a job; end is null while it runs. */
export const StepTimeSchema = Type.Object({
  step: Type.Enum(STEPS),
  startedAt: Type.Number(),
  endedAt: Nullable(Type.Number()),
});
export type StepTime = Static<typeof StepTimeSchema>;

/** What a sender says of its job: 0 ok, 1 failed, 2 still running. */
export const POSTED_STATUSES = ['ok', 'failed', 'running'] as const;
export type PostedStatus = (typeof POSTED_STATUSES)[number];

/** One camera in a run. */
export const JobSchema = Type.Object({
  id: Type.Integer(),
  runId: Type.Integer(),
  expid: Type.Integer(),
  camera: CameraSchema,
  state: Type.Enum(JOB_STATES),
  /** Steps begun so far, in order. */
  steps: Type.Array(StepTimeSchema),
  /** Steps this job will perform, in order; empty until it is known. */
  plan: Type.Array(Type.Enum(STEPS)),
  /** Times the job was started; 2 after one retry. */
  attempt: Type.Integer(),
  startedAt: Nullable(Type.Number()),
  endedAt: Nullable(Type.Number()),
  exitCode: Nullable(Type.Integer()),
  signal: Nullable(Type.String()),
  /** What went wrong, in one line for the observer; empty when nothing did. */
  reason: Type.String(),
  /** What the sender last said of it; null where it said nothing. */
  posted: Type.Optional(Nullable(Type.Enum(POSTED_STATUSES))),
  /** Path of the job's log, relative to the data folder; null before it starts. */
  logFile: Nullable(Type.String()),
});
export type Job = Static<typeof JobSchema>;

/** Whether a sender says otherwise of its job than QLF does: of one that has ended only, before that everything is open. */
export function isContradicted({ state, posted }: Pick<Job, 'state' | 'posted'>): boolean {
  if (posted === undefined || posted === null) return false;
  if (state === 'done') return posted !== 'ok';
  return state === 'failed' && posted === 'ok';
}

/** A job that will change no more unless it is retried. */
export function isEnded(state: JobState): boolean {
  return state !== 'waiting' && state !== 'running';
}
