import type { CameraName } from '#shared/domain/camera.ts';
import type { Step } from '#shared/domain/step.ts';
import type { LogLevel } from '#shared/state/control-room.ts';

/** What a job works on and where its program may write; absolute paths, empty where there is nothing. */
export interface JobPaths {
  /** The exposure with all its cameras, as transferred. */
  exposure: string;
  /** Root of the tree NIGHT/EXPID8/desi-EXPID8.fits.fz that holds it. */
  rawTree: string;
  fibermap: string;
  /** Root of the calibration tree. */
  calib: string;
  /** The run's own product tree, as $QL_SPEC_REDUX. */
  products: string;
}

/** What an external program's job leaves in files. */
export interface JobResults {
  /** Its merged QA file, and whether a job without it has failed. */
  mergedQa: { path: string; demanded: boolean };
  /** Files without which the job has failed. */
  files: string[];
}

/** How a job is run. */
export type JobLaunch =
  | { kind: 'built-in' }
  | {
      kind: 'program';
      /** Program and arguments; `{camera}` … are filled in. */
      argv: string[];
      env: Record<string, string>;
      /** Whether it is given the ingest credentials. */
      posts: boolean;
      /** s of silence after which it is ended; null where the program says nothing regularly. */
      heartbeatSeconds: number | null;
      results: JobResults;
    };

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
  launch: JobLaunch;
  paths: JobPaths;
  /** Ingest address and per-run credentials; never on a command line. */
  env: Record<string, string>;
}

export type JobEnd =
  /** `message`: why, in the program's own last words, where it ended badly and said so. */
  | { kind: 'exit'; code: number; message?: string }
  /** It ended well, but what it should have made is not there or cannot be taken. */
  | { kind: 'no-results'; message: string }
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
