import { spawn, type ChildProcess } from 'node:child_process';
import type { Child, LaunchOptions } from '../domain/ports/program-launcher.ts';
import { minimalEnvironment } from './minimal-environment.ts';

/** ms without output after which an ended child's pipes, held open by a stray descendant, are given up. */
const DRAIN_MS = 500;

/** Signals the group that the child leads; it may be gone already. */
function signalGroup(pid: number | undefined, signal: 'SIGTERM' | 'SIGKILL'): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // No such group any more.
  }
}

/** Closes the pipes of an ended child when nothing more comes, so that nobody waits for who inherited them. */
function drain(child: ChildProcess): void {
  let quiet = false;
  const stir = (): void => {
    quiet = false;
  };
  child.stdout?.on('data', stir);
  child.stderr?.on('data', stir);
  const timer = setInterval(() => {
    if (quiet) {
      child.stdout?.destroy();
      child.stderr?.destroy();
    }
    quiet = true;
  }, DRAIN_MS);
  child.once('close', () => clearInterval(timer));
}

/**
 * Starts a program as the leader of a process group of its own, with a list of arguments and a minimal environment.
 * When it ends, what is left of its group is ended too.
 */
export function spawnChild(file: string, args: readonly string[], options: LaunchOptions, ipc: boolean): Child {
  let child: ChildProcess;
  try {
    child = spawn(file, args, {
      detached: true,
      env: minimalEnvironment(options.env),
      stdio: ipc ? ['ignore', 'pipe', 'pipe', 'ipc'] : ['ignore', 'pipe', 'pipe'],
    });
  } catch (error) {
    const ended = Promise.resolve({ code: null, signal: null, error: String(error) });
    return { pid: undefined, send: () => undefined, kill: () => undefined, ended };
  }
  child.stdout?.on('data', options.onStdout);
  child.stderr?.on('data', options.onStderr);
  child.stdout?.on('error', () => undefined);
  child.stderr?.on('error', () => undefined);
  child.once('spawn', () => {
    if (child.pid !== undefined) options.onStarted?.(child.pid);
  });
  child.on('message', (message) => options.onMessage?.(message));
  const ended = new Promise<Awaited<Child['ended']>>((resolve) => {
    let error: string | null = null;
    child.on('error', (failure) => {
      // Also raised where a message or a signal comes too late; only a child that never ran has failed to start.
      if (child.pid !== undefined) return;
      error = failure.message;
      resolve({ code: null, signal: null, error });
    });
    child.once('exit', () => {
      signalGroup(child.pid, 'SIGKILL');
      drain(child);
    });
    child.once('close', (code, signal) => resolve({ code: error === null ? code : null, signal, error }));
  });
  return {
    pid: child.pid,
    send(message) {
      if (child.connected) child.send(message as object, () => undefined);
    },
    kill: (signal) => signalGroup(child.pid, signal),
    ended,
  };
}
