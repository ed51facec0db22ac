import type { Json } from '#shared/domain/measurement.ts';
import type { CameraName } from '#shared/domain/camera.ts';
import type { PipelineLogLevel } from '../log.ts';
import type { ExitCode } from './failure.ts';

/** What the computing tells while it works; values only, so that it crosses threads. */
export type JobEvent =
  | { kind: 'begun'; job: JobIdentity }
  | { kind: 'log'; logger: string; level: PipelineLogLevel; text: string }
  /** Something long begins: its line is repeated as a heartbeat until the next `working` or `resting`. */
  | { kind: 'working'; text: string }
  | { kind: 'resting' }
  | { kind: 'measurement'; metric: string; value: Json }
  | { kind: 'ended'; code: ExitCode; reason: string };

/** Who a job is, and how it reports. */
export interface JobIdentity {
  runId: number;
  expid: number;
  camera: CameraName;
  outputDir: string;
  /** s between heartbeats */
  period: number;
  /** s after which something long is no longer said to be alive */
  timeout: number;
  /** Python's numbers: 10 debug, 20 info, 30 warning, 40 error */
  logLevel: number;
}

export type EmitEvent = (event: JobEvent) => void;
