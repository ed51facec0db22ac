import { lstat, opendir, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Where nights have a folder each: NIGHT below. */
const TOPS = ['raw', 'split', join('redux', 'exposures'), join('test-environment', 'raw')];
const NIGHT = /^\d{8}$/;
/** Nights that are measured, the newest whole ones. */
const MEASURED = 3;

/** Bytes below a folder; links are not followed. */
async function bytesBelow(folder: string, signal: AbortSignal): Promise<number> {
  let bytes = 0;
  const waiting = [folder];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    const entries = await opendir(path).catch(() => null);
    if (!entries) continue;
    for await (const entry of entries) {
      signal.throwIfAborted();
      const own = join(path, entry.name);
      if (entry.isDirectory()) waiting.push(own);
      else if (entry.isFile())
        bytes += await lstat(own).then(
          ({ size }) => size,
          () => 0,
        );
    }
  }
  return bytes;
}

/**
 * What a night takes of the disk: the middle one of the newest whole nights in QLF's folder. The newest night of all may not be
 * over and does not count; of older ones some may be cleaned away already.
 * @returns bytes; null where there is no whole night yet
 */
export async function bytesOfNight(root: string, signal: AbortSignal): Promise<number | null> {
  const names = new Set<string>();
  for (const top of TOPS)
    for (const name of await readdir(join(root, top)).catch(() => [])) if (NIGHT.test(name)) names.add(name);
  const whole = [...names].sort().slice(0, -1).slice(-MEASURED);
  const sizes: number[] = [];
  for (const night of whole) {
    let bytes = 0;
    for (const top of TOPS) bytes += await bytesBelow(join(root, top, night), signal);
    if (bytes > 0) sizes.push(bytes);
  }
  sizes.sort((a, b) => a - b);
  return sizes[sizes.length >> 1] ?? null;
}
