import { read, write } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';

// A FileHandle's own read and write take a tenth more processor time in a copy than these plain calls.

/** Reads into the whole buffer or its first part; 0 at the end of the file. */
export function readAt(file: FileHandle, buffer: Uint8Array, position: number): Promise<number> {
  return new Promise((resolve, reject) => {
    read(file.fd, buffer, 0, buffer.length, position, (error, bytesRead) => {
      if (error) reject(error);
      else resolve(bytesRead);
    });
  });
}

/** Writes all bytes. */
export async function writeAt(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length;) done += await writeSome(file, bytes, done, position + done);
}

function writeSome(file: FileHandle, bytes: Uint8Array, from: number, position: number): Promise<number> {
  return new Promise((resolve, reject) => {
    write(file.fd, bytes, from, bytes.length - from, position, (error, bytesWritten) => {
      if (error) reject(error);
      else resolve(bytesWritten);
    });
  });
}
