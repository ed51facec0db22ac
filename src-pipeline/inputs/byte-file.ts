import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { ByteSource } from '#shared/fits/hdu.ts';

/** Largest file that is expanded in memory. */
const MAX_EXPANDED = 2 ** 31;

/** A whole file; one that ends in .gz is expanded. */
export function readWholeFile(path: string): Uint8Array {
  const bytes = readFileSync(path);
  return path.endsWith('.gz') ? gunzipSync(bytes, { maxOutputLength: MAX_EXPANDED }) : bytes;
}

/** Lets `use` read a file at any place. */
export async function withByteSource<T>(path: string, use: (source: ByteSource) => Promise<T>): Promise<T> {
  if (path.endsWith('.gz')) return use(sourceOf(readWholeFile(path)));
  const file = openSync(path, 'r');
  try {
    const { size } = fstatSync(file);
    return await use({
      size,
      read: (offset, length) => Promise.resolve(readAt(file, offset, length)),
    });
  } finally {
    closeSync(file);
  }
}

function sourceOf(bytes: Uint8Array): ByteSource {
  return {
    size: bytes.length,
    read: (offset, length) => Promise.resolve(bytes.subarray(offset, offset + length)),
  };
}

function readAt(file: number, offset: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let done = 0;
  while (done < length) {
    const got = readSync(file, bytes, done, length - done, offset + done);
    if (got === 0) throw new Error(`the file ended while it was read, at byte ${offset + done}`);
    done += got;
  }
  return bytes;
}
