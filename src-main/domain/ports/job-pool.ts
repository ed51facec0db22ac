import type { CameraName } from '#shared/domain/camera.ts';
import type { Step } from '#shared/domain/step.ts';
import type { LogLevel } from '#shared/state/control-room.ts';

/** Everything one job needs to start. Paths are absolute. */
export interface JobSpec {
  jobId: number;
  runId: number;
  expid: number;
  night: string;
  camera: CameraName;
  attempt: number;
  configFile: string;
  logFile: string;
  outputDir: string;
  /** Ingest address and per-run credentials; never on a command line. */
  env: Record<string, string>;
}

export type JobEnd =
  | { kind: 'exit'; code: number }
  | { kind: 'signal'; signal: string }
  | { kind: 'timeout'; seconds: number }
  | { kind: 'lost-heartbeat'; seconds: number }
  | { kind: 'cancelled' }
  | { kind: 'not-started'; message: string };

/** What a line of a pipeline's log says. */
export type LogFact =
  | { kind: 'plan'; steps: Step[] }
  | { kind: 'step-started'; step: Step }
  | { kind: 'step-ended'; step: Step }
  | { kind: 'status'; key: string; status: string }
  | { kind: 'heartbeat' }
  | { kind: 'text' };

export interface JobObserver {
  /** The OS process runs; `pid` and `startTime` (clock ticks since boot, from /proc) identify it after a restart. */
  started(spec: JobSpec, process: { pid: number; startTime: string | null }): void;
  line(spec: JobSpec, line: { text: string; level: LogLevel; fact: LogFact }): void;
  ended(spec: JobSpec, end: JobEnd): void;
}

/** Runs jobs in real child processes, at most `parallel` at once, oldest request first. */
export interface JobPool {
  readonly parallel: number;
  setParallel(parallel: number): void;
  submit(spec: JobSpec, observer: JobObserver): void;
  /** Ends the job's process with its descendants (or takes it out of the queue); `ended` follows. */
  cancel(jobId: number): void;
  /** Cancels everything and resolves when no child is left; jobs may be submitted again afterwards. */
  cancelAll(): Promise<void>;
  /** Like cancelAll, for good. */
  close(): Promise<void>;
}

/** Limits of one adapter of a pipeline; seconds. */
export interface PipelineLimits {
  timeoutSeconds: number;
  /** Longest silence allowed; null for adapters that declare no heartbeat. */
  heartbeatSeconds: number | null;
}
