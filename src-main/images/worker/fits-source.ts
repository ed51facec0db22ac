import { open, readFile, type FileHandle } from 'node:fs/promises';
import { basename } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { type ByteSource, type Hdu, type HduWalk, scanHdus } from '#shared/fits/hdu.ts';
import { ByteLru } from './byte-lru.ts';
import { TaskError } from './task-error.ts';

/** Largest file that is expanded in memory. */
const MAX_EXPANDED = 2 ** 30;
/** Bytes that a walk is counted with: cards are kept as text. */
const WALK_BYTES_PER_CARD = 400;

/** A file that is open for reading, with its HDUs. */
export interface OpenFits {
  source: ByteSource;
  walk: HduWalk;
  /** Changes when the file does. */
  stamp: string;
}

async function readAt(file: FileHandle, offset: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  for (let done = 0; done < length;) {
    const { bytesRead } = await file.read(bytes, done, length - done, offset + done);
    if (bytesRead === 0) throw new TaskError('conflict', `the file ended at byte ${offset + done} while it was read`);
    done += bytesRead;
  }
  return bytes;
}

function notReadable(path: string, error: unknown): TaskError {
  const { code } = error as NodeJS.ErrnoException;
  const name = basename(path);
  if (code === 'ENOENT') return new TaskError('not-found', `${name} is not there any more`);
  return new TaskError('unavailable', `${name} cannot be read (${code ?? String(error)})`);
}

/** Opens FITS files; remembers their HDUs and what was expanded of .gz files. */
export class FitsSources {
  readonly #walks = new ByteLru<HduWalk>(64 * 2 ** 20);
  readonly #expanded = new ByteLru<Uint8Array>(256 * 2 ** 20);

  /** @throws TaskError when the file cannot be read; FitsError when it is no FITS file */
  async withFits<T>(path: string, use: (fits: OpenFits) => Promise<T> | T): Promise<T> {
    return this.withBytes(path, async (source, stamp) => {
      const key = `${path}\0${stamp}`;
      let walk = this.#walks.get(key);
      if (!walk) {
        walk = await scanHdus(source);
        const cards = walk.hdus.reduce((sum, { header }) => sum + header.cards.length + 10, 0);
        this.#walks.set(key, walk, cards * WALK_BYTES_PER_CARD);
      }
      return use({ source, walk, stamp });
    });
  }

  /** The bytes of a file, of one that ends in .gz as they were before. */
  async withBytes<T>(path: string, use: (source: ByteSource, stamp: string) => Promise<T>): Promise<T> {
    let file: FileHandle;
    try {
      file = await open(path, 'r');
    } catch (error) {
      throw notReadable(path, error);
    }
    try {
      const { size, mtimeMs, ino } = await file.stat();
      const stamp = `${size} ${mtimeMs} ${ino}`;
      if (path.endsWith('.gz')) return await use(inMemory(await this.#expand(path, stamp)), stamp);
      return await use({ size, read: (offset, length) => readAt(file, offset, length) }, stamp);
    } finally {
      await file.close();
    }
  }

  async #expand(path: string, stamp: string): Promise<Uint8Array> {
    const key = `${path}\0${stamp}`;
    const known = this.#expanded.get(key);
    if (known) return known;
    let bytes: Uint8Array;
    try {
      bytes = gunzipSync(await readFile(path), { maxOutputLength: MAX_EXPANDED });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new TaskError('conflict', `${basename(path)} cannot be expanded: ${reason}`);
    }
    this.#expanded.set(key, bytes, bytes.length);
    return bytes;
  }
}

function inMemory(bytes: Uint8Array): ByteSource {
  return {
    size: bytes.length,
    read: (offset, length) => Promise.resolve(bytes.subarray(offset, offset + length)),
  };
}

/** The HDU at a place. @throws TaskError when there is none */
export function hduAt({ walk }: OpenFits, index: number): Hdu {
  const hdu = walk.hdus[index];
  if (!hdu) throw new TaskError('not-found', `the file has no HDU ${index}`);
  return hdu;
}
