import { readdir, stat } from 'node:fs/promises';
import { basename, join, relative, sep } from 'node:path';
import { scanHdus } from '#shared/fits/hdu.ts';
import type { CalibrationFile } from '../../domain/ports/dos-client.ts';
import { withFile } from './file-source.ts';

/** Files whose names let one expect a fiber flat of all cameras: no camera in the name, and not compressed as a whole. */
const FIBERFLAT = /^fiberflat(?!.*-[brz]\d[-.]).*\.fits(\.fz)?$/i;

/**
 * The folder with calibration files: the one asked for, else one beside or inside the raw folder, else the environment's
 * DESI_SPECTRO_CALIB. Null when there is none. @throws Error when the one asked for is not there
 */
export async function findCalibration(
  raw: string,
  wanted: string | undefined,
  fromEnvironment: string | undefined,
): Promise<string | null> {
  if (wanted !== undefined) {
    if (await isFolder(wanted)) return wanted;
    throw new Error(`the calibration folder ${wanted} is not there`);
  }
  const candidates = [join(raw, '..', 'calib'), join(raw, 'calib')];
  if (fromEnvironment !== undefined && fromEnvironment !== '') candidates.push(fromEnvironment);
  for (const candidate of candidates) if (await isFolder(candidate)) return candidate;
  return null;
}

/**
 * Every file of a calibration tree. A fiber flat with HDUs of all cameras is marked as such; one that says that it belongs
 * to another CCD configuration than the exposure's is left out.
 */
export async function listCalibration(root: string, ccdConfiguration: string | null): Promise<CalibrationFile[]> {
  const files: CalibrationFile[] = [];
  for (const path of await filesBelow(root)) {
    const info = await stat(path).catch(() => undefined);
    if (!info?.isFile()) continue;
    const flat = FIBERFLAT.test(basename(path)) ? await lookForFiberFlat(path) : null;
    if (flat?.ccdConfiguration && ccdConfiguration && flat.ccdConfiguration !== ccdConfiguration) continue;
    files.push({
      kind: flat ? 'fiberflat' : 'tree',
      relativePath: relative(root, path).split(sep).join('/'),
      location: { host: null, path, bytes: info.size, sha256: null },
    });
  }
  return files;
}

async function lookForFiberFlat(path: string): Promise<{ ccdConfiguration: string | null } | null> {
  const walk = await withFile(path, scanHdus).catch(() => undefined);
  if (!walk?.hdus.some((hdu) => /^FIBERFLAT_[BRZ]\d$/.test(hdu.name))) return null;
  return { ccdConfiguration: walk.hdus[0]?.header.text('CCDCFG') ?? null };
}

/** In a stable order; hidden and unfinished files are passed over. */
async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const paths: string[] = [];
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (entry.name.startsWith('.') || entry.name.endsWith('.part')) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) paths.push(...(await filesBelow(path)));
    else paths.push(path);
  }
  return paths;
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (info) => info.isDirectory(),
    () => false,
  );
}
