import { spawn } from 'node:child_process';

export interface ProgramEnd {
  /** Null when a signal ended it, or it could not start. */
  code: number | null;
  stdout: string;
  stderr: string;
  /** Why it could not start; null when it did. */
  failure: string | null;
}

export interface RunOptions {
  input: string;
  env: Record<string, string>;
  signal: AbortSignal;
  /** True where a program that ends well leaves one behind that is meant to stay. */
  keepGroup?: boolean;
}

/** Bytes of output that are kept; more is read away. */
const KEPT = 64 * 1024;
/** ms between asking and killing. */
const GRACE_MS = 2000;

function collect(stream: NodeJS.ReadableStream): () => string {
  let text = '';
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => {
    if (text.length < KEPT) text += chunk;
  });
  return () => text;
}

/**
 * Runs a program to its end as the leader of its own process group, with `input` on its standard input. When `signal`
 * is aborted the whole group is ended (its leader's death alone would leave others writing) and the promise rejects
 * with the signal's reason once it is gone.
 */
export function runProgram(
  [program, ...args]: readonly [string, ...string[]],
  { input, env, signal, keepGroup = false }: RunOptions,
): Promise<ProgramEnd> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const child = spawn(program, args, { detached: true, env, stdio: ['pipe', 'pipe', 'pipe'] });
    const group = (name: 'SIGTERM' | 'SIGKILL'): void => {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, name);
      } catch {
        // The whole group has ended.
      }
    };
    let kill: NodeJS.Timeout | undefined;
    const abort = (): void => {
      group('SIGTERM');
      kill = setTimeout(() => group('SIGKILL'), GRACE_MS);
    };
    signal.addEventListener('abort', abort, { once: true });
    const stdout = collect(child.stdout);
    const stderr = collect(child.stderr);
    let failure: string | null = null;
    child.once('error', (error) => (failure = error.message));
    child.once('exit', (code) => {
      if (!keepGroup || code !== 0) group('SIGKILL');
    });
    child.once('close', (code) => {
      clearTimeout(kill);
      signal.removeEventListener('abort', abort);
      if (signal.aborted) reject(signal.reason as Error);
      else resolve({ code: failure === null ? code : null, stdout: stdout(), stderr: stderr(), failure });
    });
    // A program that ends without reading its input closes the pipe under our hands.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
  });
}
