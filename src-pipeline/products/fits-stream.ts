import { closeSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { BLOCK_LENGTH } from '#shared/fits/card.ts';
import type { Header } from '#shared/fits/header.ts';
import { encodeStored, type PixelArray } from '#shared/fits/image.ts';
import type { HduBlock } from '#shared/fits/write.ts';

/** An HDU whose data come in pieces, so that large images are never twice in memory. */
export interface HduStream {
  header: Header;
  data: Iterable<Uint8Array>;
}

/** Pixels encoded at once. */
const CHUNK = 1 << 20;

/** The data of an image from its pixels, a chunk at a time. */
export function* encodedInChunks(pixels: PixelArray): Generator<Uint8Array> {
  for (let i = 0; i < pixels.length; i += CHUNK) yield encodeStored(pixels.subarray(i, i + CHUNK));
}

/** An HDU in memory as a stream. */
export const streamOf = ({ header, data }: HduBlock): HduStream => ({ header, data: [data] });

/** Writes a FITS file so that it is complete or absent. */
export function writeFitsFile(path: string, hdus: Iterable<HduStream>): void {
  mkdirSync(dirname(path), { recursive: true });
  const part = `${path}.part`;
  const file = openSync(part, 'w');
  try {
    for (const { header, data } of hdus) {
      writeSync(file, header.toBytes());
      let length = 0;
      for (const bytes of data) {
        writeSync(file, bytes);
        length += bytes.length;
      }
      const padding = (BLOCK_LENGTH - (length % BLOCK_LENGTH)) % BLOCK_LENGTH;
      if (padding > 0) writeSync(file, new Uint8Array(padding));
    }
  } catch (error) {
    closeSync(file);
    rmSync(part, { force: true });
    throw error;
  }
  closeSync(file);
  renameSync(part, path);
}
