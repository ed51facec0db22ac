import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expid8 } from '#shared/domain/exposure.ts';

const NIGHT = /^\d{8}$/;
const EXPID = /^\d{8}$/;

/** EXPIDs of a night, in ascending order. */
export async function exposuresOfNight(root: string, night: string): Promise<number[]> {
  const names = await namesIn(join(root, 'raw', night));
  return names
    .filter((name) => EXPID.test(name))
    .map(Number)
    .sort((a, b) => a - b);
}

/** All exposures of the folder, in ascending order of EXPID. */
export async function allExposures(root: string): Promise<{ expid: number; night: string }[]> {
  const nights = (await namesIn(join(root, 'raw'))).filter((name) => NIGHT.test(name));
  const exposures = await Promise.all(
    nights.map(async (night) => (await exposuresOfNight(root, night)).map((expid) => ({ expid, night }))),
  );
  return exposures.flat().sort((a, b) => a.expid - b.expid);
}

/**
 * Removes the oldest emulated exposures, so that an environment left running does not fill the disk. Only folders with a
 * truth.json are touched: nobody else writes one.
 */
export async function keepNewest(root: string, keep: number): Promise<void> {
  const exposures = await allExposures(root);
  for (const { expid, night } of exposures.slice(0, Math.max(0, exposures.length - keep))) {
    const folder = join(root, 'raw', night, expid8(expid));
    if ((await namesIn(folder)).includes('truth.json')) await rm(folder, { recursive: true, force: true });
  }
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}
