import { posix } from 'node:path';
import { QlfError } from '#shared/ipc/result.ts';
import type { RemoteHost } from '../../domain/ports/dos-client.ts';
import type { SftpAttributes, SftpLinks, SftpSession } from '../../domain/ports/sftp.ts';
import type { Backoff } from '../backoff.ts';
import { type FileInfo, type FolderAccess, LONGEST_TEXT } from '../exposure-folder/folder-access.ts';
import { POSIX_PATH } from '../file-names.ts';
import { createGate } from './gate.ts';

export interface RemoteAccessOptions {
  host: RemoteHost;
  links: SftpLinks;
  /** ms without an answer after which the connection is given up */
  stall: number;
  backoff: Backoff;
}

/** A data host's file system; while it is lost every question is answered at once with the last error. */
export interface RemoteAccess extends FolderAccess {
  /** Ends the connection; what is asked after that fails. */
  stop(): void;
}

/** Questions under way at once. */
const AT_ONCE = 16;
/** Bytes that every server gives at once. */
const LONGEST_READ = 32_768;

/** Answers of the server; every other error means that there was none. */
const STATUS = { END: 1, NO_SUCH_FILE: 2, PERMISSION_DENIED: 3, FAILURE: 4, UNSUPPORTED: 8 } as const;
const ANSWERS: readonly unknown[] = Object.values(STATUS);

type Question<T> = (sftp: SftpSession, done: (error: Error | undefined, answer: T) => void) => void;

/** A file in the session in which it was opened. */
interface OpenFile {
  sftp: SftpSession;
  handle: Buffer;
}

const statusOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined);

/** An error in the words of a file system, with its code. */
function fileError(host: string, path: string, error: unknown): Error {
  const status = statusOf(error);
  const code = status === STATUS.NO_SUCH_FILE ? 'ENOENT' : status === STATUS.PERMISSION_DENIED ? 'EACCES' : 'EIO';
  const said = error instanceof Error ? error.message : String(error);
  const words = { ENOENT: 'is not there', EACCES: 'must not be read', EIO: `cannot be read (${said})` };
  return Object.assign(new Error(`${path} on ${host} ${words[code]}. Check the path and its permissions.`), { code });
}

export function createRemoteAccess({ host, links, stall, backoff }: RemoteAccessOptions): RemoteAccess {
  const gate = createGate(AT_ONCE);
  const stopping = new AbortController();
  let lost: { error: unknown; until: number } | null = null;

  function lose(error: unknown): void {
    // What fails together is one loss.
    const now = performance.now();
    if (lost === null || now >= lost.until) lost = { error, until: now + backoff.next() };
  }

  async function session(): Promise<SftpSession> {
    stopping.signal.throwIfAborted();
    if (lost !== null && performance.now() < lost.until) throw lost.error;
    try {
      return await links.open(host, stopping.signal);
    } catch (error) {
      lose(error);
      throw error;
    }
  }

  /**
   * One question; the server's refusals are errors with a status, loss and silence are QlfErrors.
   * @param within the only session in which the question makes sense: a file's handle is another file's in another one
   */
  async function ask<T>(question: Question<T>, within?: SftpSession): Promise<T> {
    const leave = await gate();
    try {
      const sftp = await session();
      if (within !== undefined && within !== sftp)
        throw new QlfError('unavailable', `the connection to ${host.host} was lost in between.`);
      const answer = await answered(question, sftp);
      lost = null;
      backoff.reset();
      return answer;
    } finally {
      leave();
    }
  }

  async function answered<T>(question: Question<T>, sftp: SftpSession): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    try {
      return await new Promise<T>((resolve, reject) => {
        const silent = (): void => reject(new Error(`it has said nothing for ${Math.round(stall / 1000)} s`));
        timer = setTimeout(silent, stall);
        question(sftp, (error, value) => {
          if (error) reject(error);
          else resolve(value);
        });
      });
    } catch (error) {
      if (ANSWERS.includes(statusOf(error))) throw error;
      links.drop(host);
      const why = error instanceof Error ? error.message : String(error);
      const failure = new QlfError('unavailable', `the connection to ${host.host} was lost: ${why}.`);
      lose(failure);
      throw failure;
    } finally {
      clearTimeout(timer);
    }
  }

  async function stat(path: string): Promise<FileInfo | undefined> {
    try {
      return infoOf(await ask<SftpAttributes>((sftp, done) => sftp.stat(path, done)));
    } catch (error) {
      const status = statusOf(error);
      if (status === STATUS.NO_SUCH_FILE || status === STATUS.PERMISSION_DENIED) return undefined;
      throw ANSWERS.includes(status) ? fileError(host.host, path, error) : error;
    }
  }

  const access: RemoteAccess = {
    host,
    join: (...parts) => posix.join(...parts),
    async list(folder) {
      const entries = await inWords(folder, () =>
        ask<{ filename: string; attrs: SftpAttributes }[]>((sftp, done) => sftp.readdir(folder, done)),
      );
      // Names are the host's; those that could lead elsewhere, or be no text, are nobody's exposures.
      return entries
        .filter(({ filename }) => POSIX_PATH.name(filename) && !filename.includes('\ufffd'))
        .map(({ filename, attrs }) => ({
          name: filename,
          info: attrs.isSymbolicLink() ? undefined : infoOf(attrs),
        }));
    },
    info: stat,
    withFile: (path, use) =>
      inWords(path, async () => {
        const opened = await ask<OpenFile>((sftp, done) =>
          sftp.open(path, 'r', (error, handle) => done(error, { sftp, handle })),
        );
        const { sftp, handle } = opened;
        try {
          const { size } = await ask<SftpAttributes>((_sftp, done) => sftp.fstat(handle, done), sftp);
          return await use({ size, read: (offset, length) => readExactly(path, opened, offset, length) });
        } finally {
          const close: Question<undefined> = (_sftp, done) =>
            sftp.close(handle, (error) => done(error ?? undefined, undefined));
          // A connection that is gone has closed it.
          await ask(close, sftp).catch(() => undefined);
        }
      }),
    async text(path) {
      const info = await stat(path);
      if (info?.kind !== 'file' || info.size > LONGEST_TEXT) return undefined;
      const bytes = await access.withFile(path, (source) => source.read(0, Math.min(source.size, LONGEST_TEXT)));
      return Buffer.from(bytes).toString('utf8');
    },
    stop() {
      stopping.abort(new QlfError('unavailable', 'it is stopped.'));
      links.drop(host);
    },
  };

  async function inWords<T>(path: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw ANSWERS.includes(statusOf(error)) ? fileError(host.host, path, error) : error;
    }
  }

  async function readExactly(path: string, file: OpenFile, offset: number, length: number): Promise<Uint8Array> {
    const { sftp, handle } = file;
    const bytes = Buffer.alloc(length);
    let done = 0;
    while (done < length) {
      const wanted = Math.min(LONGEST_READ, length - done);
      const question: Question<number> = (_sftp, answer) =>
        sftp.read(handle, bytes, done, wanted, offset + done, answer);
      const read = await ask(question, sftp).catch((error: unknown) => {
        if (statusOf(error) === STATUS.END) return 0;
        throw error;
      });
      if (read === 0) throw new Error(`${path} on ${host.host} has become shorter while it was read`);
      done += read;
    }
    return bytes;
  }

  return access;
}

function infoOf(attributes: SftpAttributes): FileInfo {
  const kind = attributes.isFile() ? 'file' : attributes.isDirectory() ? 'folder' : 'other';
  return { kind, size: attributes.size, changed: attributes.mtime * 1000 };
}
