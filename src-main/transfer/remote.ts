import { posix } from 'node:path';
import { QlfError } from '#shared/ipc/result.ts';
import type { RemoteHost } from '../domain/ports/dos-client.ts';
import { explainFailure } from './explain-failure.ts';
import { TransferFailure } from './failure.ts';
import type { RemoteOptions } from './remote-options.ts';
import { runProgram, type ProgramEnd } from './run-program.ts';
import { rsyncShell } from './ssh-arguments.ts';
import type { SshLinks } from './ssh-links.ts';

/** One file on one data host. */
export interface RemoteFile {
  /** Its size in bytes, without a shell on the host. */
  size(signal: AbortSignal): Promise<number>;
  /** SHA-256 made on the host; null where it gives no shell or has no sha256sum. */
  sha256(signal: AbortSignal): Promise<string | null>;
  /**
   * Brings it into the folder under its own name, going on where an earlier attempt stopped.
   * @param mark environment by which the programs are known as ours
   */
  fetchInto(folder: string, mark: Record<string, string>, signal: AbortSignal): Promise<void>;
}

/** Address in rsync's and ssh's terms; an IPv6 address stands in brackets for rsync. */
const rsyncHost = (host: string): string => (host.includes(':') ? `[${host}]` : host);

/** Constant words for the host's shell: the name comes by standard input, where nothing interprets it. */
const REMOTE_SHA256 = 'xargs -0 sha256sum --';

/**
 * How rsync lets a file grow. In place: a kill leaves the part that has come under the file's own name, and the next call
 * goes on behind it once the sums of what is there agree. The largest block size makes it read in larger pieces.
 */
export const GROWING: readonly string[] = ['--append-verify', '--block-size=131072'];

/** Refuses what is no absolute path of a file, said plainly. @throws QlfError `bad-request` */
export function checkPath(host: RemoteHost, path: string): void {
  if (!posix.isAbsolute(path) || path.includes('\0') || posix.normalize(path) !== path || path.endsWith('/'))
    throw new QlfError('bad-request', `${JSON.stringify(path)} on ${host.host} is no absolute path of a file; refused`);
}

/**
 * @param path absolute path on the host; any characters but NUL: it travels by standard input and is never part of a
 *   command line, neither here nor there
 */
export function remoteFile(host: RemoteHost, path: string, links: SshLinks, options: RemoteOptions): RemoteFile {
  checkPath(host, path);
  const { stallSeconds, maxRate, environment } = options;
  // In units of 1024 bytes; 0 is without limit.
  const limit = `--bwlimit=${String(maxRate === null ? 0 : Math.max(1, Math.round(maxRate / 1024)))}`;

  /** rsync with the name on standard input: no argument, no pattern, no shell ever sees it. */
  const rsync = async (args: string[], signal: AbortSignal, mark: Record<string, string> = {}): Promise<ProgramEnd> =>
    runProgram(
      [
        'rsync',
        `--rsh=${rsyncShell(await links.reach(host, signal))}`,
        '--files-from=-',
        '--from0',
        '--no-relative',
        '--copy-links',
        `--timeout=${String(stallSeconds)}`,
        ...args,
      ],
      { input: `.${path}\0`, env: { ...environment, ...mark }, signal },
    );
  const failed = (end: ProgramEnd): Promise<QlfError> => explainFailure(host, path, end, options);

  return {
    async size(signal) {
      const end = await rsync(['--list-only', '--no-human-readable', '--', `${rsyncHost(host.host)}:/`, '/'], signal);
      if (end.code !== 0) throw await failed(end);
      // `-rw-r--r--        461234560 2019/11/15 06:01:02 desi-00000101.fits.fz`
      const size = /^-\S+ +([0-9,]+) /m.exec(end.stdout)?.[1];
      if (size === undefined) throw new TransferFailure('file', `${path} on ${host.host} is no file`);
      return Number(size.replaceAll(',', ''));
    },
    async sha256(signal) {
      const ssh = await links.reach(host, signal);
      const end = await runProgram(['ssh', ...ssh, '-T', '--', host.host, REMOTE_SHA256], {
        input: `${path}\0`,
        env: environment,
        signal,
      });
      // A backslash comes first where the name had to be escaped.
      return /^\\?([0-9a-f]{64}) /.exec(end.stdout)?.[1] ?? null;
    },
    async fetchInto(folder, mark, signal) {
      const target = `${folder}/`;
      const args = ['--times', ...GROWING, limit, '--', `${rsyncHost(host.host)}:/`, target];
      const end = await rsync(args, signal, mark);
      if (end.code !== 0) throw await failed(end);
    },
  };
}
