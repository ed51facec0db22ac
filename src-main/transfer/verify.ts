import { stat } from 'node:fs/promises';
import { QlfError } from '#shared/ipc/result.ts';
import { sha256Of } from './digest.ts';

/** What a file must be; null where unknown. */
export interface Expected {
  bytes: number | null;
  sha256: string | null;
}

/** What is wrong with the file at `path`, in words; undefined: it is as expected. */
export async function differenceFrom(
  path: string,
  expected: Expected,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { size } = await stat(path);
  if (expected.bytes !== null && size !== expected.bytes)
    return `it has ${String(size)} bytes, the source ${String(expected.bytes)}`;
  if (expected.sha256 === null) return undefined;
  const sha256 = await sha256Of(path, signal);
  return sha256 === expected.sha256.toLowerCase()
    ? undefined
    : `its SHA-256 is ${sha256}, the source's ${expected.sha256}`;
}

/** Looks whether the final file is already here, and remembers what it has verified as long as nobody touches it. */
export interface Shelf {
  /**
   * The file's size when it is here and as expected; undefined when it is not here.
   * @throws QlfError `conflict` when it is here and differs: it is never overwritten
   */
  find(path: string, expected: Expected, signal: AbortSignal): Promise<number | undefined>;
}

export function createShelf(): Shelf {
  const verified = new Map<string, string>();
  return {
    async find(path, expected, signal) {
      const found = await stat(path).catch(() => undefined);
      if (!found) return undefined;
      if (!found.isFile()) throw new QlfError('conflict', `${path} is in the way: it is no file; remove it`);
      const state = [found.ino, found.size, found.mtimeMs, expected.bytes, expected.sha256].join(' ');
      if (verified.get(path) !== state) {
        const difference = await differenceFrom(path, expected, signal);
        if (difference !== undefined)
          throw new QlfError(
            'conflict',
            `${path} is already here and not what the source has: ${difference}. Nothing was overwritten; ` +
              'if the source is right, remove the file and try again',
          );
        verified.set(path, state);
      }
      return found.size;
    },
  };
}
