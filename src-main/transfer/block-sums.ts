import { createHash } from 'node:crypto';
import { appendFile, open, readFile, writeFile } from 'node:fs/promises';

/** Bytes that one sum speaks for. */
export const BLOCK = 8 * 1024 * 1024;

/** The file at the source as it was when the first byte came. */
export interface SourceState {
  bytes: number;
  /** s since the epoch */
  modified: number;
}

/**
 * Sums of what has come, block by block, kept beside the part: where a host computes none, a later attempt knows by
 * them which bytes on disk are those that came over the wire.
 */
export interface BlockSums {
  source: SourceState;
  blocks: { length: number; sha256: string }[];
}

export function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** What an earlier attempt left; null where it left nothing, or about another state of the source. */
export async function readSums(file: string, source: SourceState): Promise<BlockSums | null> {
  const lines = (await readFile(file, 'utf8').catch(() => '')).split('\n');
  // The last one has no end of line where it was cut off.
  lines.pop();
  try {
    const [first, ...rest] = lines.map((line) => JSON.parse(line) as unknown);
    const { bytes, modified } = first as SourceState;
    if (bytes !== source.bytes || modified !== source.modified) return null;
    const blocks = rest as BlockSums['blocks'];
    const sound = blocks.every(({ length }) => Number.isSafeInteger(length) && length > 0 && length <= BLOCK);
    return sound ? { source, blocks } : null;
  } catch {
    return null;
  }
}

/** Begins a record; whatever was there is gone. */
export async function beginSums(file: string, { source, blocks }: BlockSums): Promise<void> {
  await writeFile(file, [source, ...blocks].map((line) => `${JSON.stringify(line)}\n`).join(''));
}

export async function addSum(file: string, length: number, sha256: string): Promise<void> {
  await appendFile(file, `${JSON.stringify({ length, sha256 })}\n`);
}

/** How many of the blocks, from the first on, lie in the file as they came. */
export async function rightBlocks(path: string, { blocks }: BlockSums, signal: AbortSignal): Promise<number> {
  const handle = await open(path, 'r').catch(() => null);
  if (!handle) return 0;
  try {
    const buffer = Buffer.allocUnsafe(BLOCK);
    let at = 0;
    for (const [index, { length, sha256 }] of blocks.entries()) {
      signal.throwIfAborted();
      let read = 0;
      while (read < length) {
        const { bytesRead } = await handle.read(buffer, read, length - read, at + read);
        if (bytesRead === 0) return index;
        read += bytesRead;
      }
      if (digestOf(buffer.subarray(0, length)) !== sha256) return index;
      at += length;
    }
    return blocks.length;
  } finally {
    await handle.close();
  }
}
