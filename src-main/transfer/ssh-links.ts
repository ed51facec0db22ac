import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { chmod, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RemoteHost } from '../domain/ports/dos-client.ts';
import { withPassphrase } from './askpass.ts';
import { explainFailure } from './explain-failure.ts';
import { TransferFailure } from './failure.ts';
import { isAlive } from './owner.ts';
import type { RemoteOptions } from './remote-options.ts';
import { runProgram, type ProgramEnd } from './run-program.ts';
import { ONE_PASSPHRASE, shared, sharing, SILENT, sshArguments } from './ssh-arguments.ts';

/** s without use after which a shared connection ends, also when QLF itself was killed. */
const IDLE_SECONDS = 60;
/** A socket's address has room for 108 bytes, and ssh adds 17 of its own while it makes one. */
const LONGEST_SOCKET = 85;
/** ms during which a connection that was up is taken to be so. */
const TRUSTED_MS = 5000;
const PREFIX = 'qlf-ssh-';

/** Connections to data hosts, one a host, that all calls of ssh and rsync go through. */
export interface SshLinks {
  /**
   * ssh's arguments for a call to the host, whose connection is up when this resolves.
   * @throws TransferFailure, HostKeyError
   */
  reach(host: RemoteHost, signal: AbortSignal): Promise<string[]>;
  /** Ends all connections. */
  close(): Promise<void>;
}

/** Rejects when the signal is aborted, whatever becomes of the work. */
function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason as Error);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

/** A private folder (mode 0700) for sockets; those that killed processes have left are taken away. */
function makeFolder(): string {
  const place = tmpdir();
  for (const name of readdirSync(place)) {
    const pid = /^qlf-ssh-(\d+)-\w{6}$/.exec(name)?.[1];
    if (pid !== undefined && !isAlive(Number(pid))) rmSync(join(place, name), { recursive: true, force: true });
  }
  return mkdtempSync(join(place, `${PREFIX}${String(process.pid)}-`));
}

export function createSshLinks(options: RemoteOptions): SshLinks {
  const { environment } = options;
  const sockets = new Map<string, string>();
  /** When each was last seen to be up. */
  const seen = new Map<string, number>();
  const opening = new Map<string, Promise<string | null>>();
  let folder: string | undefined;
  let made = 0;

  const run = (args: string[], keepGroup: boolean, added: Record<string, string> = {}): Promise<ProgramEnd> =>
    runProgram(['ssh', ...args], {
      input: '',
      env: { ...environment, ...added },
      signal: AbortSignal.timeout(3 * options.stallSeconds * 1000),
      keepGroup,
    }).catch(() => {
      throw new TransferFailure('link', `${args.at(-1) ?? 'the host'} does not answer ssh`);
    });

  async function isUp(host: RemoteHost, socket: string): Promise<boolean> {
    // Where it has ended since, ssh makes a connection of its own.
    if (performance.now() - (seen.get(socket) ?? -Infinity) < TRUSTED_MS) return true;
    const up = (await run([...shared(socket), '-O', 'check', '--', host.host], false)).code === 0;
    if (up) seen.set(socket, performance.now());
    return up;
  }

  /** @returns the socket of a connection that is up; null where there is no place for one */
  async function open(host: RemoteHost, key: string): Promise<string | null> {
    const before = sockets.get(key);
    if (before !== undefined && (await isUp(host, before))) return before;
    const place = (folder ??= makeFolder());
    await chmod(place, 0o700);
    const socket = join(place, String(made++));
    if (Buffer.byteLength(socket) > LONGEST_SOCKET) return null;
    await rm(socket, { force: true });
    const args = [...sshArguments(host, options.stallSeconds, options.hostKeys.file), ...sharing(socket, IDLE_SECONDS)];
    const passphrase = (await options.passphrase?.(host)) ?? null;
    const end =
      passphrase === null
        ? await run([...args, ...SILENT, '--', host.host], true)
        : await withPassphrase(place, passphrase, (added) =>
            run([...args, ...ONE_PASSPHRASE, '--', host.host], true, added),
          );
    if (end.code !== 0) throw await explainFailure(host, null, end, options);
    sockets.set(key, socket);
    seen.set(socket, performance.now());
    return socket;
  }

  return {
    async reach(host, signal) {
      const args = [...sshArguments(host, options.stallSeconds, options.hostKeys.file), ...SILENT];
      const key = JSON.stringify([host.host, host.port, host.user, host.identityFile, host.knownHostsFile]);
      let socket = opening.get(key);
      if (!socket) {
        socket = open(host, key).finally(() => opening.delete(key));
        opening.set(key, socket);
      }
      const path = await unlessAborted(socket, signal);
      return path === null ? args : [...args, ...shared(path)];
    },
    async close() {
      await Promise.allSettled(opening.values());
      await Promise.all(
        [...sockets].map(([key, socket]) => {
          const [host = ''] = JSON.parse(key) as string[];
          return run([...shared(socket), '-O', 'exit', '--', host], false).catch(() => undefined);
        }),
      );
      sockets.clear();
      if (folder !== undefined) await rm(folder, { recursive: true, force: true });
      folder = undefined;
    },
  };
}
