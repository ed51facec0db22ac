import { join } from 'node:path';
import { utilityProcess } from 'electron';
import type { Child, ProgramLauncher } from '../domain/ports/program-launcher.ts';

function signal(pid: number | undefined, name: 'SIGTERM' | 'SIGKILL'): void {
  if (pid === undefined) return;
  try {
    process.kill(pid, name);
  } catch {
    // It has ended.
  }
}

/** Resolves when a stream has given all it had. */
function drained(stream: NodeJS.ReadableStream | null): Promise<void> {
  return new Promise((resolve) => {
    stream?.once('end', resolve).once('close', resolve);
    if (!stream) resolve();
  });
}

/**
 * Starts QLF's own programs as utility processes of the desktop application. They end with it, however it ends.
 * @param programsDir folder of the built programs
 * @param environment all that a program gets, given what is added for it
 */
export function createUtilityLauncher(
  programsDir: string,
  environment: (added: Record<string, string>) => Record<string, string>,
): ProgramLauncher {
  return {
    launch(program, options): Child {
      const child = utilityProcess.fork(join(programsDir, `${program}.cjs`), options.args, {
        env: environment(options.env),
        stdio: ['ignore', 'pipe', 'pipe'],
        serviceName: program,
      });
      let pid: number | undefined;
      child.once('spawn', () => {
        pid = child.pid;
        if (pid !== undefined) options.onStarted?.(pid);
      });
      child.on('message', (message: unknown) => options.onMessage?.(message));
      child.stdout?.on('data', options.onStdout);
      child.stderr?.on('data', options.onStderr);
      const output = Promise.all([drained(child.stdout), drained(child.stderr)]);
      const exit = new Promise<number>((resolve) => child.once('exit', resolve));
      return {
        get pid() {
          return pid;
        },
        send: (message) => child.postMessage(message),
        kill: (name) => signal(pid, name),
        ended: exit.then(async (code) => {
          await output;
          return { code, signal: null, error: null };
        }),
      };
    },
  };
}
