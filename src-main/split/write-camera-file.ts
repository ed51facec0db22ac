import { type FileHandle, open, rename, unlink } from 'node:fs/promises';
import path from 'node:path';
import { lengthOf, type Piece, totalLength } from './camera-plan.ts';
import { readAt, writeAt } from './positioned-io.ts';
import type { SourceFile } from './source-file.ts';

/** Larger buffers are slower (they leave the processor's cache), smaller ones cost calls. */
const BUFFER_LENGTH = 1024 * 1024;
/** So much of each piece is compared before an existing file is trusted to be whole. */
const COMPARED_LENGTH = 64 * 1024;

export interface WriteOptions {
  /** fsync before the rename, so that a complete name means complete data after a power cut. */
  durable: boolean;
  signal: AbortSignal;
}

/** Name under which a file is written until it is complete. */
export function partName(name: string): string {
  return `.${name}.part`;
}

/**
 * Writes a file from its pieces under a temporary name and renames it when it is complete.
 * @throws SourceReadError; the file system's error on the writing side; the signal's reason
 */
export async function writeCameraFile(
  source: SourceFile,
  directory: string,
  name: string,
  pieces: readonly Piece[],
  { durable, signal }: WriteOptions,
): Promise<void> {
  const temporary = path.join(directory, partName(name));
  const target = await open(temporary, 'w');
  try {
    const buffer = new Uint8Array(Math.min(BUFFER_LENGTH, totalLength(pieces)));
    let position = 0;
    for (const piece of pieces) {
      if (piece.kind === 'bytes') await writeAt(target, piece.bytes, position);
      else await copyRange(source, piece, target, position, buffer, signal);
      position += lengthOf(piece);
    }
    if (durable) await target.sync();
    await target.close();
  } catch (error) {
    await target.close().catch(() => undefined);
    await unlink(temporary).catch(() => undefined);
    throw error;
  }
  await rename(temporary, path.join(directory, name));
}

async function copyRange(
  source: SourceFile,
  range: { offset: number; length: number },
  target: FileHandle,
  position: number,
  buffer: Uint8Array,
  signal: AbortSignal,
): Promise<void> {
  for (let done = 0; done < range.length;) {
    signal.throwIfAborted();
    const room = buffer.subarray(0, Math.min(buffer.length, range.length - done));
    const chunk = room.subarray(0, await source.readInto(room, range.offset + done));
    await writeAt(target, chunk, position + done);
    done += chunk.length;
  }
}

/**
 * True when the file is there with the length that the pieces give, and each piece begins as it should: files get
 * their names only when they are complete, so this tells files of this very source from those of another.
 */
export async function isWhole(source: SourceFile, file: string, pieces: readonly Piece[]): Promise<boolean> {
  let existing: FileHandle;
  try {
    existing = await open(file, 'r');
  } catch {
    return false;
  }
  try {
    if ((await existing.stat()).size !== totalLength(pieces)) return false;
    let position = 0;
    for (const piece of pieces) {
      const length = Math.min(lengthOf(piece), COMPARED_LENGTH);
      const wanted = piece.kind === 'bytes' ? piece.bytes.subarray(0, length) : await source.read(piece.offset, length);
      const found = Buffer.alloc(length);
      if ((await readAt(existing, found, position)) < length || !found.equals(wanted)) return false;
      position += lengthOf(piece);
    }
    return true;
  } finally {
    await existing.close();
  }
}
