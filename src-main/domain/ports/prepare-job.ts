import type { PipelineSetting } from '#shared/domain/settings.ts';
import type { QlRunBlock } from '#shared/domain/ql-run-block.ts';
import type { CameraConfiguration } from './camera-configuration.ts';
import type { JobLaunch, JobPaths } from './job-pool.ts';

/** What a camera's job is to do. */
export interface JobRequest {
  /** As it was when the run began. */
  pipeline: PipelineSetting;
  /** The run's frozen configuration. */
  yaml: string;
  run: QlRunBlock;
  /** The exposure with all its cameras, as transferred. */
  exposure: string;
  /** s after which the job will be ended. */
  timeoutSeconds: number;
}

/** A job that is ready to be submitted. */
export interface PreparedJob extends CameraConfiguration {
  launch: JobLaunch;
  paths: JobPaths;
}

/**
 * Writes what one camera's program reads into the run's output folder, and says how to run it.
 * @throws QlfError `invalid-configuration`, or `not-found` where the program needs something that is not there
 */
export type PrepareJob = (request: JobRequest) => Promise<PreparedJob>;
