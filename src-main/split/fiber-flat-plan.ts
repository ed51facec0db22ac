import { type CameraName, parseCamera } from '#shared/domain/camera.ts';
import { stampChecksum } from '#shared/fits/checksum.ts';
import { isCompressedImage } from '#shared/fits/compressed-image.ts';
import type { Hdu } from '#shared/fits/hdu.ts';
import { Header } from '#shared/fits/header.ts';
import { inheritHeader } from '#shared/fits/inherit.ts';
import { encodeHdu, primaryHdu } from '#shared/fits/write.ts';
import type { CameraPlan, Piece } from './camera-plan.ts';

/** What a fiber flat file must hold to be read by the pipelines. */
const REQUIRED = ['FIBERFLAT', 'IVAR', 'MASK', 'MEANSPEC', 'WAVELENGTH'];
const CAMERA_SUFFIX = /^(.+)_([BRZ][0-9])$/;

/** An HDU of the file of all cameras, its EXTNAME taken apart. */
interface Part {
  hdu: Hdu;
  name: string;
}

/**
 * How a fiber flat of all cameras (FIBERFLAT_B0, IVAR_B0 …) is taken apart into files of one camera, with FIBERFLAT as
 * the primary HDU and plain EXTNAMEs, as desispec reads them. Headers change in their EXTNAME (and SIMPLE for XTENSION),
 * and in CHECKSUM where there was one; data are copied. A compressed FIBERFLAT cannot be primary: it follows a copy of
 * the source's primary HDU.
 * @param dataSum sum of an HDU's data, asked for only where a header has CHECKSUM without DATASUM
 */
export async function planFiberFlat(
  hdus: readonly Hdu[],
  dataSum: (hdu: Hdu) => Promise<number>,
): Promise<CameraPlan[]> {
  const byCamera = new Map<CameraName, Part[]>();
  for (const hdu of hdus) {
    const match = CAMERA_SUFFIX.exec(hdu.name);
    const camera = match && parseCamera(match[2] ?? '');
    if (!match || !camera) continue;
    const parts = byCamera.get(camera) ?? [];
    parts.push({ hdu, name: match[1] ?? '' });
    byCamera.set(camera, parts);
  }
  const plans: CameraPlan[] = [];
  const [primary] = hdus;
  if (!primary) return [];
  for (const [camera, parts] of byCamera) plans.push(await planCamera(camera, parts, primary, dataSum));
  return plans;
}

async function planCamera(
  camera: CameraName,
  parts: readonly Part[],
  primary: Hdu,
  dataSum: (hdu: Hdu) => Promise<number>,
): Promise<CameraPlan> {
  const reason = reasonAgainst(camera, parts);
  if (reason !== undefined) return { camera, ok: false, reason };
  const first = parts.filter((part) => part.name === 'FIBERFLAT');
  const ordered = [...first, ...parts.filter((part) => part.name !== 'FIBERFLAT')];
  const pieces: Piece[] = [];
  for (const { hdu, name } of ordered) {
    const becomesPrimary = name === 'FIBERFLAT' && hdu.index > 0 && !isCompressedImage(hdu.header);
    if (name === 'FIBERFLAT' && isCompressedImage(hdu.header)) pieces.push(emptyPrimary(primary));
    const header = becomesPrimary ? asPrimary(inheritHeader(hdu.header, primary.header)) : hdu.header.clone();
    header.set('EXTNAME', name);
    if (hdu.header.has('CHECKSUM')) {
      const stored = Number(hdu.header.text('DATASUM')?.trim() || NaN);
      stampChecksum(header, Number.isInteger(stored) ? stored : await dataSum(hdu));
    }
    pieces.push({ kind: 'bytes', bytes: header.toBytes() }, rangeOf(hdu, hdu.dataOffset));
  }
  return { camera, ok: true, name: `fiberflat-${camera}.fits`, pieces };
}

function reasonAgainst(camera: CameraName, parts: readonly Part[]): string | undefined {
  const damaged = parts.find((part) => part.hdu.fault);
  if (damaged?.hdu.fault) return damaged.hdu.fault.message;
  const missing = REQUIRED.filter((name) => !parts.some((part) => part.name === name));
  if (missing.length > 0) return `The fiber flat of camera ${camera} lacks ${missing.join(', ')}`;
  const names = parts.map((part) => part.name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) return `The fiber flat has ${twice} twice for camera ${camera}`;
  const misplaced = parts.find((part) => part.hdu.index === 0 && part.name !== 'FIBERFLAT');
  return misplaced && `The fiber flat of camera ${camera} has ${misplaced.name} as its primary HDU`;
}

/** The source's own primary HDU where it holds no image. */
function emptyPrimary(primary: Hdu): Piece {
  return primary.dataLength === 0
    ? rangeOf(primary, primary.headerOffset)
    : { kind: 'bytes', bytes: encodeHdu(primaryHdu()) };
}

function rangeOf(hdu: Hdu, offset: number): Piece {
  return { kind: 'range', offset, length: hdu.end - offset };
}

/** The header of an image extension as that of a primary HDU with the same data. */
function asPrimary(extension: Header): Header {
  const header = new Header().set('SIMPLE', true, 'conforms to FITS standard');
  header.appendFrom(extension, (card) => /^(BITPIX|NAXIS\d*)$/.test(card.keyword));
  header.set('EXTEND', true, 'extensions may follow');
  return header.appendFrom(
    extension,
    (card) => !/^(XTENSION|BITPIX|NAXIS\d*|EXTEND|PCOUNT|GCOUNT|INHERIT)$/.test(card.keyword),
  );
}
