/** QLF's own Node programs, built beside the application. */
export type ProgramName = 'ql-pipeline' | 'dos-test-environment';

export interface LaunchOptions {
  args: string[];
  /** Added to a minimal environment (PATH, HOME, TMPDIR, LANG). */
  env: Record<string, string>;
  onStdout: (chunk: Buffer) => void;
  onStderr: (chunk: Buffer) => void;
  /** The operating system runs it now; the desktop's launcher knows the pid no sooner (`Child.pid` is undefined before). */
  onStarted?: (pid: number) => void;
  /** Structured messages from the program (process.send / parentPort). */
  onMessage?: (message: unknown) => void;
}

/** A running child; a value, not a place. */
export interface Child {
  readonly pid: number | undefined;
  send(message: unknown): void;
  /** Signals it and, where it leads a process group, the group. */
  kill(signal: 'SIGTERM' | 'SIGKILL'): void;
  /** Resolves when it has ended and its output is drained; never rejects. `error` when it could not start. */
  readonly ended: Promise<{ code: number | null; signal: string | null; error: string | null }>;
}

/**
 * Starts QLF's own programs: by child_process in the headless engine, by utilityProcess in the desktop application
 * (whose fuses forbid running it as Node).
 */
export interface ProgramLauncher {
  launch(program: ProgramName, options: LaunchOptions): Child;
}
