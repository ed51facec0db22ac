import { mkdtemp, open, rm, stat, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { CheckResult } from '#shared/domain/connection.ts';
import { doubt, failed, good } from './outcome.ts';

/** bytes; less than this is gone within a night of 30 cameras */
const COMFORTABLE = 100e9;

const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(bytes < 10e9 ? 1 : 0)} GB`;

/** The folder itself, or the nearest above it that is there: what is missing is made when it is used. */
async function nearest(path: string): Promise<string> {
  const info = await stat(path).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  });
  if (info?.isDirectory()) return path;
  if (info) throw new Error(`${path} is a file, not a folder`);
  const above = dirname(path);
  if (above === path) throw new Error(`${path} is not there`);
  return nearest(above);
}

/** Writes a few bytes where QLF would work, takes them away again, and looks how much room there is. */
export async function tryDataFolder(path: string): Promise<CheckResult> {
  try {
    const folder = await nearest(path);
    const own = await mkdtemp(join(folder, '.qlf-trial-'));
    try {
      const file = await open(join(own, 'trial'), 'wx', 0o600);
      await file.write('trial');
      await file.sync();
      await file.close();
    } finally {
      await rm(own, { recursive: true, force: true });
    }
    const { bavail, bsize } = await statfs(folder);
    const free = bavail * bsize;
    const found = `${path} can be written, ${gigabytes(free)} free`;
    if (free >= COMFORTABLE) return good(found);
    return doubt(found, 'A night of 30 cameras may need more than 100 GB: choose a larger disk, or make room.');
  } catch (error) {
    return failed(error, 'Choose a folder that this account may write to.');
  }
}
