import { type FileHandle, open, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ByteSource } from '#shared/fits/hdu.ts';
import type { RemoteHost } from '../../domain/ports/dos-client.ts';

export interface FileInfo {
  readonly kind: 'file' | 'folder' | 'other';
  /** bytes */
  readonly size: number;
  /** Last change by the clock of the machine that holds it, ms since the epoch. */
  readonly changed: number;
}

export interface FolderEntry {
  readonly name: string;
  /** Undefined where the list does not tell (a link, or a machine that is asked for it cheaply): `info` does. */
  readonly info: FileInfo | undefined;
}

/** The file system that holds an exposure folder: this machine's, or a data host's. Links are followed. */
export interface FolderAccess {
  /** Null: this machine. On another one the clock may differ, and every question takes a while. */
  readonly host: RemoteHost | null;
  join(...parts: string[]): string;
  /** @throws Error when it cannot be read; `code` is ENOENT when it is not there */
  list(folder: string): Promise<FolderEntry[]>;
  /** Undefined when it is not there or must not be looked at. @throws Error when that cannot be told */
  info(path: string): Promise<FileInfo | undefined>;
  /** Opens a file as a source of bytes for the time of `use`. */
  withFile<T>(path: string, use: (source: ByteSource) => Promise<T>): Promise<T>;
  /** A small file as text, undefined when it is not there. */
  text(path: string): Promise<string | undefined>;
}

/** A text longer than this is none that is looked for here. */
export const LONGEST_TEXT = 1_000_000;

/** This machine's own file system. */
export const LOCAL_ACCESS: FolderAccess = {
  host: null,
  join,
  async list(folder) {
    return (await readdir(folder)).map((name) => ({ name, info: undefined }));
  },
  async info(path) {
    const found = await stat(path).catch(() => undefined);
    if (!found) return undefined;
    const kind = found.isFile() ? 'file' : found.isDirectory() ? 'folder' : 'other';
    return { kind, size: found.size, changed: found.mtimeMs };
  },
  async withFile(path, use) {
    const file = await open(path, 'r');
    try {
      const { size } = await file.stat();
      return await use({ size, read: (offset, length) => readExactly(file, path, offset, length) });
    } finally {
      await file.close();
    }
  },
  async text(path) {
    const found = await stat(path).catch(() => undefined);
    if (!found?.isFile() || found.size > LONGEST_TEXT) return undefined;
    return readFile(path, 'utf8').catch(() => undefined);
  },
};

async function readExactly(file: FileHandle, path: string, offset: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await file.read(bytes, done, length - done, offset + done);
    if (bytesRead === 0) throw new Error(`${path} has become shorter while it was read`);
    done += bytesRead;
  }
  return bytes;
}
