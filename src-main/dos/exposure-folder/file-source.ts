import { type FileHandle, open } from 'node:fs/promises';
import type { ByteSource } from '#shared/fits/hdu.ts';

/** Opens a file as a source of bytes for the time of `use`. */
export async function withFile<T>(path: string, use: (source: ByteSource) => Promise<T>): Promise<T> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    return await use({ size, read: (offset, length) => readExactly(file, path, offset, length) });
  } finally {
    await file.close();
  }
}

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
