import { constants } from 'node:fs';
import { copyFile, open, stat, utimes } from 'node:fs/promises';
import { QlfError } from '#shared/ipc/result.ts';
import type { ProgressMeter } from './progress.ts';
import type { Staging } from './staging.ts';

const CHUNK = 4 * 1024 * 1024;

/** A copy that shares the source's blocks until one of them changes, where the file system can; false where not. */
async function cloned(source: string, target: string): Promise<boolean> {
  try {
    await copyFile(source, target, constants.COPYFILE_FICLONE_FORCE);
    return true;
  } catch {
    return false;
  }
}

async function copied(source: string, target: string, signal: AbortSignal, meter: ProgressMeter): Promise<void> {
  const from = await open(source, 'r');
  try {
    const to = await open(target, 'w');
    try {
      const buffer = Buffer.allocUnsafe(CHUNK);
      for (let bytes = 0; ;) {
        signal.throwIfAborted();
        const { bytesRead } = await from.read(buffer, 0, CHUNK, null);
        if (bytesRead === 0) return;
        await to.write(buffer, 0, bytesRead);
        bytes += bytesRead;
        meter.at(bytes);
      }
    } finally {
      await to.close();
    }
  } finally {
    await from.close();
  }
}

/**
 * Copies a file of this machine into staging, with its time. A clone where the file system can, else byte by byte;
 * never a hard link: the source belongs to somebody else, and what they did to it later would happen to our verified
 * file as well.
 * @returns the source's size
 * @throws QlfError `unavailable` when there is no such file, or it changes while it is read
 */
export async function fetchLocal(
  source: string,
  staging: Staging,
  signal: AbortSignal,
  meter: ProgressMeter,
): Promise<number> {
  const before = await stat(source).catch((error: unknown) => {
    throw new QlfError('unavailable', `${source} cannot be read: ${String(error)}`);
  });
  if (!before.isFile()) throw new QlfError('unavailable', `${source} is no file`);
  if (!(await cloned(source, staging.file))) await copied(source, staging.file, signal, meter);
  const after = await stat(source).catch(() => undefined);
  if (after?.size !== before.size || after.mtimeMs !== before.mtimeMs || after.ino !== before.ino)
    throw new QlfError('unavailable', `${source} changed while it was copied; it is tried again when it is at rest`);
  await utimes(staging.file, before.atime, before.mtime);
  return before.size;
}
