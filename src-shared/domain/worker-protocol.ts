import Type, { type Static } from 'typebox';

/**
 * Messages between the engine and a warm worker: the built-in pipeline started as `ql-pipeline --worker`, which takes
 * one job after another instead of a `--config`. They travel over the message channel that the program is started with.
 *
 * A worker runs one job at a time as if it had been started for it: `config` in place of the option, `env` in place of
 * the environment's QLF_API_URL, QLF_USER and QLF_PASSWD. Its log goes to stdout and stderr as ever. When the job has
 * ended it writes `mark` to stdout and to stderr, so that the engine knows which output was the job's, and when both
 * are written (the callbacks say so) it answers `end` with what would have been the exit code. It ends when the channel
 * closes.
 */
export const WorkerJobSchema = Type.Object({
  type: Type.Literal('job'),
  /** Path of the job's configuration file. */
  config: Type.String(),
  env: Type.Record(Type.String(), Type.String()),
  /** Written as it is, with nothing before or behind it. */
  mark: Type.String(),
});
/** Engine → worker: do this. */
export type WorkerJob = Static<typeof WorkerJobSchema>;

export const WorkerJobEndSchema = Type.Object({
  type: Type.Literal('end'),
  code: Type.Integer(),
});
/** Worker → engine: it is done. */
export type WorkerJobEnd = Static<typeof WorkerJobEndSchema>;
