import { constants } from 'node:os';
import { join } from 'node:path';
import { app, utilityProcess, type Details, type UtilityProcess } from 'electron';
import type { Child, LaunchOptions, ProgramLauncher } from '../domain/ports/program-launcher.ts';
import { asEnvelope, type Envelope } from './utility-protocol.ts';

type Ended = Awaited<Child['ended']>;
type Signal = Parameters<Child['kill']>[0];

/** ms in which Electron tells why a process has gone; it does so after it has told that it has. */
const REASON_MS = 1000;

/** Names each process to Electron, so that the news of its death can be told from another's. */
let launched = 0;

function signalProcess(pid: number | undefined, signal: Signal): void {
  if (pid === undefined) return;
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended.
  }
}

/** Resolves when a stream has given all it had. */
function drained(stream: NodeJS.ReadableStream | null): Promise<void> {
  return new Promise((resolve) => {
    stream?.once('end', resolve);
    if (!stream) resolve();
  });
}

function signalName(number: number): string {
  const name = Object.entries(constants.signals).find(([, value]) => value === number)?.[0];
  return name ?? `signal ${String(number)}`;
}

/** How a process ended that could not tell it itself: it was killed or it crashed. */
function endOfGone(name: string): { reason: Promise<Ended>; forget: () => void } {
  let onGone: (event: unknown, details: Details) => void = () => undefined;
  const reason = new Promise<Ended>((resolve) => {
    onGone = (_event, details) => {
      if (details.name === name) resolve({ code: null, signal: signalName(details.exitCode), error: null });
    };
    app.on('child-process-gone', onGone);
  });
  return { reason, forget: () => void app.off('child-process-gone', onGone) };
}

const after = <T>(ms: number, value: T): Promise<T> => new Promise((resolve) => setTimeout(resolve, ms, value));

function follow(process: UtilityProcess, name: string, options: LaunchOptions): Promise<Ended> {
  const output = Promise.all([drained(process.stdout), drained(process.stderr)]);
  const gone = endOfGone(name);
  let told: number | undefined;
  process.on('message', (data: unknown) => {
    const envelope = asEnvelope(data);
    if (envelope?.kind === 'message') options.onMessage?.(envelope.message);
    if (envelope?.kind !== 'exit') return;
    told = envelope.code;
    // It waits for this: all that it wrote has been read.
    void output.then(() => signalProcess(process.pid, 'SIGKILL'));
  });
  const exit = new Promise<number>((resolve) => process.once('exit', resolve));
  return exit
    .then((code): Promise<Ended> | Ended => {
      if (told !== undefined) return { code: told, signal: null, error: null };
      // Electron may say 0 of a process that was killed; one that ends well tells its 0 itself.
      const guess = code === 0 ? { code: null, signal: 'SIGKILL', error: null } : { code, signal: null, error: null };
      return Promise.race([gone.reason, after(REASON_MS, guess)]);
    })
    .finally(gone.forget);
}

/**
 * Starts QLF's own programs as utility processes of the desktop application, which end when it does, however it does.
 * @param programsDir folder of the built programs
 * @param environment all that a program gets, given what is added for it
 */
export function createUtilityLauncher(
  programsDir: string,
  environment: (added: Record<string, string>) => Record<string, string>,
): ProgramLauncher {
  return {
    launch(program, options): Child {
      const name = `${program} ${String((launched += 1))}`;
      const child = utilityProcess.fork(
        join(programsDir, 'utility-host.cjs'),
        [join(programsDir, `${program}.cjs`), ...options.args],
        { env: environment(options.env), stdio: ['ignore', 'pipe', 'pipe'], serviceName: name },
      );
      let running = false;
      let wish: Signal | undefined;
      child.once('spawn', () => {
        running = true;
        if (child.pid !== undefined) options.onStarted?.(child.pid);
        if (wish) signalProcess(child.pid, wish);
      });
      child.stdout?.on('data', options.onStdout);
      child.stderr?.on('data', options.onStderr);
      return {
        get pid() {
          return child.pid;
        },
        send: (message) => child.postMessage({ kind: 'message', message } satisfies Envelope),
        kill(signal) {
          if (running) signalProcess(child.pid, signal);
          else wish = signal;
        },
        ended: follow(child, name, options),
      };
    },
  };
}
