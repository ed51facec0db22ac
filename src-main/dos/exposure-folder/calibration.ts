import { scanHdus } from '#shared/fits/hdu.ts';
import type { CalibrationFile } from '../../domain/ports/dos-client.ts';
import { type FolderAccess, LOCAL_ACCESS } from './folder-access.ts';

/** Files whose names let one expect a fiber flat of all cameras: no camera in the name, and not compressed as a whole. */
const FIBERFLAT = /^fiberflat(?!.*-[brz]\d[-.]).*\.fits(\.fz)?$/i;

/** A calibration tree and where it is. */
export interface CalibrationRoot {
  access: FolderAccess;
  path: string;
}

/** Where calibration files may be besides `calib` beside and inside the raw folder; what is asked for comes first. */
export interface CalibrationPlaces {
  /** The folder that is asked for, on this machine. */
  calibration?: string;
  /** The folder that is asked for, on the machine of the raw folder. */
  calibrationThere?: string;
  /** $DESI_SPECTRO_CALIB */
  environmentCalibration?: string;
}

/**
 * The folder with calibration files: the one asked for, else one beside or inside the raw folder, else the environment's
 * on this machine. Null when there is none. @throws Error when the one asked for is not there
 */
export async function findCalibration(
  access: FolderAccess,
  raw: string,
  { calibration, calibrationThere, environmentCalibration }: CalibrationPlaces,
): Promise<CalibrationRoot | null> {
  const wanted =
    calibrationThere !== undefined
      ? { access, path: calibrationThere }
      : calibration !== undefined
        ? { access: LOCAL_ACCESS, path: calibration }
        : null;
  if (wanted !== null) {
    if (await isFolder(wanted)) return wanted;
    throw new Error(`the calibration folder ${wanted.path} is not there`);
  }
  const candidates = [access.join(raw, '..', 'calib'), access.join(raw, 'calib')].map((path) => ({ access, path }));
  if (environmentCalibration) candidates.push({ access: LOCAL_ACCESS, path: environmentCalibration });
  for (const candidate of candidates) if (await isFolder(candidate)) return candidate;
  return null;
}

/**
 * Every file of a calibration tree. A fiber flat with HDUs of all cameras is marked as such; one that says that it belongs
 * to another CCD configuration than the exposure's is left out.
 */
export async function listCalibration(
  { access, path: root }: CalibrationRoot,
  ccdConfiguration: string | null,
): Promise<CalibrationFile[]> {
  const files: CalibrationFile[] = [];
  for (const { path, names, size, changed } of await filesBelow(access, root, [])) {
    const flat = FIBERFLAT.test(names.at(-1) ?? '') ? await lookForFiberFlat(access, path) : null;
    if (flat?.ccdConfiguration && ccdConfiguration && flat.ccdConfiguration !== ccdConfiguration) continue;
    files.push({
      kind: flat ? 'fiberflat' : 'tree',
      relativePath: names.join('/'),
      location: { host: access.host, path, bytes: size, sha256: null, modified: changed },
    });
  }
  return files;
}

async function lookForFiberFlat(
  access: FolderAccess,
  path: string,
): Promise<{ ccdConfiguration: string | null } | null> {
  const walk = await access.withFile(path, scanHdus).catch(() => undefined);
  if (!walk?.hdus.some((hdu) => /^FIBERFLAT_[BRZ]\d$/.test(hdu.name))) return null;
  return { ccdConfiguration: walk.hdus[0]?.header.text('CCDCFG') ?? null };
}

interface FoundFile {
  path: string;
  /** Of the folders below the root, and its own. */
  names: string[];
  size: number;
  /** ms since the epoch */
  changed: number;
}

/** Deeper than any calibration tree; a link that leads back to its own folder goes no further. */
const DEEPEST = 12;

/** In a stable order; hidden and unfinished files are passed over. */
async function filesBelow(access: FolderAccess, folder: string, above: string[]): Promise<FoundFile[]> {
  if (above.length > DEEPEST) return [];
  const entries = (await access.list(folder))
    .filter(({ name }) => !name.startsWith('.') && !name.endsWith('.part'))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const found = await Promise.all(
    entries.map(async ({ name, info }): Promise<FoundFile[]> => {
      const path = access.join(folder, name);
      const names = [...above, name];
      const known = info ?? (await access.info(path));
      if (known?.kind === 'folder') return filesBelow(access, path, names);
      return known?.kind === 'file' ? [{ path, names, size: known.size, changed: known.changed }] : [];
    }),
  );
  return found.flat();
}

async function isFolder({ access, path }: CalibrationRoot): Promise<boolean> {
  return (await access.info(path))?.kind === 'folder';
}
