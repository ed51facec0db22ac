import { copyFile, mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';

/** Raw files and calibrations made by the original's own programs. */
export const REFERENCE = resolve('e2e/data/desispec-reference');
export const REFERENCE_NIGHT = '20191115';

/**
 * Copies a reference exposure's raw file into a raw tree, possibly under another number's name.
 * @returns the file
 */
export async function arrive(root: string, expid: string, as = expid): Promise<string> {
  const folder = join(root, REFERENCE_NIGHT, as);
  await mkdir(folder, { recursive: true });
  const file = join(folder, `desi-${as}.fits.fz`);
  await copyFile(join(REFERENCE, 'raw', REFERENCE_NIGHT, expid, `desi-${expid}.fits.fz`), file);
  return file;
}
