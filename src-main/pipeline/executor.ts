import type { JobSpec } from '../domain/ports/job-pool.ts';

export interface ExecutorOutput {
  onStdout: (chunk: Buffer) => void;
  onStderr: (chunk: Buffer) => void;
  /** The operating system runs it, under this number. */
  onStarted: (pid: number) => void;
}

export interface ExecutionEnd {
  code: number | null;
  signal: string | null;
  /** Why it could not start; null when it did. */
  error: string | null;
  /** Why it ended badly, in its own last words outside its log. */
  message?: string;
  /** Why the results of a job that ended well could not be taken. */
  noResults?: string;
}

/** A job under way in an operating-system process. */
export interface Execution {
  /** Value of the MARKER variable in the process's environment. */
  readonly marker: string;
  /** The process stays for the next job when this one ends by itself; it gets it only after `release`. */
  readonly reused: boolean;
  /** Told when nothing of the job is left. */
  release(): void;
  kill(signal: 'SIGTERM' | 'SIGKILL'): void;
  /** Resolves when the job has ended and its output is drained; never rejects. */
  readonly ended: Promise<ExecutionEnd>;
}

/** A way to run a job; everything around it (queue, log, limits, ending) is the pool's. */
export interface JobExecutor {
  /** @param marker a value of MARKER that is this job's alone */
  start(spec: JobSpec, marker: string, output: ExecutorOutput): Execution;
  /** Ends processes that wait for work; resolves when they are gone. */
  close(): Promise<void>;
}
