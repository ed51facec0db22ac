import { type FileHandle, open, rename, unlink } from 'node:fs/promises';
import path from 'node:path';
import { sumBytes, verifyChecksum } from '#shared/fits/checksum.ts';
import type { Hdu } from '#shared/fits/hdu.ts';
import { lengthOf, type Piece, totalLength } from './camera-plan.ts';
import { readAt, writeAt } from './positioned-io.ts';
import type { SourceFile } from './source-file.ts';

/** Larger buffers are slower (they leave the processor's cache), smaller ones cost calls. */
const BUFFER_LENGTH = 1024 * 1024;
/** So much of each piece is compared before an existing file is trusted to be whole. */
const COMPARED_LENGTH = 64 * 1024;

/** An HDU's data are not those that were summed when it was written. */
export class DamagedHduError extends Error {}

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
 * @returns what is strange about it though its data are right, empty where nothing is
 * @throws SourceReadError; DamagedHduError; the file system's error on the writing side; the signal's reason
 */
export async function writeCameraFile(
  source: SourceFile,
  directory: string,
  name: string,
  pieces: readonly Piece[],
  { durable, signal }: WriteOptions,
): Promise<string> {
  const temporary = path.join(directory, partName(name));
  const target = await open(temporary, 'w');
  let strange = '';
  try {
    const buffer = new Uint8Array(Math.min(BUFFER_LENGTH, totalLength(pieces)));
    let position = 0;
    for (const piece of pieces) {
      if (piece.kind === 'bytes') await writeAt(target, piece.bytes, position);
      else {
        const dataSum = await copyRange(source, piece, target, position, buffer, signal);
        if (piece.verified) strange = await verify(source, piece.verified, dataSum);
      }
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
  return strange;
}

/** Whether an HDU is what its checksum cards say. @throws DamagedHduError */
async function verify(source: SourceFile, hdu: Hdu, dataSum: number): Promise<string> {
  const header = await source.read(hdu.headerOffset, hdu.dataOffset - hdu.headerOffset);
  const { datasum, checksum } = verifyChecksum(hdu.header, header, dataSum);
  const name = hdu.name || String(hdu.index);
  if (datasum === 'wrong')
    throw new DamagedHduError(
      `HDU ${name} is damaged: its data have the sum ${String(dataSum)}, its DATASUM says ${hdu.header.text('DATASUM') ?? ''}`,
    );
  if (checksum !== 'wrong') return '';
  if (datasum === 'absent')
    throw new DamagedHduError(`HDU ${name} is damaged: it has not the sum that its CHECKSUM says`);
  return `the header of HDU ${name} is not as it was written: its CHECKSUM is wrong, though its data are right`;
}

/** @returns the sum of the data of the HDU that is to be verified; 0 where none is */
async function copyRange(
  source: SourceFile,
  range: { offset: number; length: number; verified?: Hdu },
  target: FileHandle,
  position: number,
  buffer: Uint8Array,
  signal: AbortSignal,
): Promise<number> {
  const dataFrom = range.verified ? range.verified.dataOffset - range.offset : range.length;
  let sum = 0;
  for (let done = 0; done < range.length;) {
    signal.throwIfAborted();
    const room = buffer.subarray(0, Math.min(buffer.length, range.length - done));
    // Filled as a whole: only the last piece of what is summed may end within a word.
    for (let filled = 0; filled < room.length;)
      filled += await source.readInto(room.subarray(filled), range.offset + done + filled);
    await writeAt(target, room, position + done);
    if (done + room.length > dataFrom) sum = sumBytes(room.subarray(Math.max(0, dataFrom - done)), sum);
    done += room.length;
  }
  return sum;
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
