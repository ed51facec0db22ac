import type { RemoteHost } from './dos-client.ts';

/** What a host says of a file or folder. */
export interface SftpAttributes {
  /** bytes */
  size: number;
  /** Last change by the host's clock, s since the epoch. */
  mtime: number;
  isFile(): boolean;
  isDirectory(): boolean;
  isSymbolicLink(): boolean;
}

/** Errors have the protocol's status as `code`: 2 no such file, 3 permission denied … */
type Done<T> = (error: Error | undefined, answer: T) => void;

/** A session of SFTP with a data host, as far as it reads. */
export interface SftpSession {
  readdir(path: string, done: Done<{ filename: string; attrs: SftpAttributes }[]>): void;
  /** Of what a link leads to. */
  stat(path: string, done: Done<SftpAttributes>): void;
  open(path: string, mode: 'r', done: Done<Buffer>): void;
  fstat(handle: Buffer, done: Done<SftpAttributes>): void;
  /** @param done hears how many bytes have come, 0 at the end of the file or an error with status 1 */
  read(handle: Buffer, into: Buffer, offset: number, length: number, position: number, done: Done<number>): void;
  close(handle: Buffer, done: (error?: Error | null) => void): void;
}

/** Sessions with data hosts whose keys are on record. */
export interface SftpLinks {
  /** The session with a host, opened where there is none. @throws HostKeyError, QlfError in words */
  open(host: RemoteHost, signal: AbortSignal): Promise<SftpSession>;
  /** Ends the connection to a host that has fallen silent; the next `open` makes another. */
  drop(host: RemoteHost): void;
  close(): void;
}
