import { type CameraName, CAMERAS } from '#shared/domain/camera.ts';
import { FitsError } from '#shared/fits/fits-error.ts';
import { scanHdus } from '#shared/fits/hdu.ts';
import { Header } from '#shared/fits/header.ts';
import type { FolderAccess } from './folder-access.ts';
import { cameraOfHdu, camerasAnnounced, globalHeaderOf } from './metadata.ts';

/** What one look into a raw file found. */
export interface RawFileLook {
  /** Why it is not whole; null when all HDUs end within the file. */
  readonly damage: string | null;
  readonly header: Header;
  /** Cameras that have an HDU, whole or not. */
  readonly found: readonly CameraName[];
  /** Cameras that should be there; those found where the header does not tell. */
  readonly expected: readonly CameraName[];
  /** CCDCFG of the cameras; it names the calibration that fits. */
  readonly ccdConfiguration: string | null;
}

/** Reads all headers of a raw file, no data. @throws Error when the file cannot be read at all */
export async function lookAtRawFile(access: FolderAccess, path: string): Promise<RawFileLook> {
  try {
    const { hdus, trailing } = await access.withFile(path, scanHdus);
    const header = globalHeaderOf(hdus);
    const present = new Set(hdus.flatMap((hdu) => cameraOfHdu(hdu) ?? []));
    const found = CAMERAS.filter((camera) => present.has(camera));
    const faulty = hdus.find((hdu) => hdu.fault);
    const damage = faulty?.fault
      ? `HDU ${faulty.name || faulty.index}: ${faulty.fault.message}`
      : trailing > 0
        ? `${trailing} bytes after the last HDU belong to none`
        : null;
    const camera = hdus.find((hdu) => cameraOfHdu(hdu) !== undefined && hdu.header.has('CCDCFG'));
    return {
      damage,
      header,
      found,
      expected: camerasAnnounced(header) ?? found,
      ccdConfiguration: camera?.header.text('CCDCFG') ?? null,
    };
  } catch (error) {
    if (!(error instanceof FitsError)) throw error;
    return { damage: error.message, header: new Header(), found: [], expected: [], ccdConfiguration: null };
  }
}

/** How long a file's size must have stayed the same, ms, before the exposure is reported. */
export interface Patience {
  /** A whole file with all cameras. */
  readonly whole: number;
  /** A whole file in which announced cameras are absent: more may come. */
  readonly short: number;
  /** A damaged file. */
  readonly damaged: number;
}

export function isSettled(look: RawFileLook, stableFor: number, patience: Patience): boolean {
  if (look.damage !== null) return stableFor >= patience.damaged;
  const lacking = look.expected.some((camera) => !look.found.includes(camera));
  return stableFor >= (lacking ? patience.short : patience.whole);
}
