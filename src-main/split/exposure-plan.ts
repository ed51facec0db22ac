import { type CameraName, parseCamera } from '#shared/domain/camera.ts';
import { isCompressedImage } from '#shared/fits/compressed-image.ts';
import type { Hdu } from '#shared/fits/hdu.ts';
import { findGlobalHdu } from '#shared/fits/inherit.ts';
import { encodeHdu, primaryHdu } from '#shared/fits/write.ts';
import { QlfError } from '#shared/ipc/result.ts';
import type { CameraPlan, Piece } from './camera-plan.ts';

/**
 * How a raw exposure is taken apart: each camera's file has the whole primary HDU, the SPEC HDU where the global
 * keywords are in one (data since 2020), and the camera's own HDU, all byte for byte. Cameras are known by EXTNAME,
 * or by CAMERA where the EXTNAME names none, never by their place.
 * @throws QlfError `conflict` when the global header belongs to another exposure
 */
export function planExposure(hdus: readonly Hdu[], expid: number): CameraPlan[] {
  const byCamera = groupByCamera(hdus);
  const cameraHdus = new Set([...byCamera.values()].flat());
  const others = hdus.filter((hdu) => !cameraHdus.has(hdu) && !hdu.fault);
  const global = findGlobalHdu(others) ?? others.find((hdu) => hdu.header.has('EXPID'));
  const found = global?.header.number('EXPID');
  if (found !== undefined && found !== expid) {
    throw new QlfError(
      'conflict',
      `Exposure ${expid}: the file's own header says EXPID ${found}. Fetch the exposure again, or look at what wrote it.`,
    );
  }
  const shared = others.filter((hdu) => hdu.index === 0 || hdu === global || hdu.name === 'SPEC');
  return [...byCamera].map(([camera, own]) => planCamera(camera, own, shared, expid));
}

function groupByCamera(hdus: readonly Hdu[]): Map<CameraName, Hdu[]> {
  const byCamera = new Map<CameraName, Hdu[]>();
  for (const hdu of hdus) {
    const camera = cameraOf(hdu);
    if (camera === undefined) continue;
    const own = byCamera.get(camera);
    if (own) own.push(hdu);
    else byCamera.set(camera, [hdu]);
  }
  return byCamera;
}

/** The camera whose image this HDU is; tables and other HDUs that merely mention a camera are none. */
function cameraOf(hdu: Hdu): CameraName | undefined {
  const isImage = hdu.kind === 'image' || isCompressedImage(hdu.header);
  if (!isImage && !hdu.fault) return undefined;
  if (hdu.index === 0 && hdu.dataLength === 0) return undefined;
  return parseCamera(hdu.name) ?? parseCamera(hdu.header.text('CAMERA') ?? '');
}

function planCamera(camera: CameraName, own: readonly Hdu[], shared: readonly Hdu[], expid: number): CameraPlan {
  const hdu = own[0];
  if (!hdu || own.length > 1) {
    return {
      camera,
      ok: false,
      reason: `The exposure has ${own.length} HDUs for camera ${camera}; which one is right?`,
    };
  }
  const reason = reasonAgainst(hdu, camera, expid);
  if (reason !== undefined) return { camera, ok: false, reason };
  const parts = [...shared, hdu].sort((a, b) => a.index - b.index);
  const pieces = parts.map<Piece>((part) => ({
    kind: 'range',
    offset: part.headerOffset,
    length: part.end - part.headerOffset,
    ...(part === hdu ? { verified: hdu } : {}),
  }));
  // Where another camera's image is the primary HDU, a file still has to begin with one.
  if (parts[0]?.index !== 0) pieces.unshift({ kind: 'bytes', bytes: encodeHdu(primaryHdu()) });
  const suffix = isCompressedImage(hdu.header) ? 'fits.fz' : 'fits';
  return { camera, ok: true, name: `desi-${camera}-${String(expid).padStart(8, '0')}.${suffix}`, pieces };
}

function reasonAgainst(hdu: Hdu, camera: CameraName, expid: number): string | undefined {
  if (hdu.fault) return hdu.fault.message;
  const claimed = parseCamera(hdu.header.text('CAMERA') ?? '');
  if (claimed !== undefined && claimed !== camera) {
    return `HDU ${hdu.name} says CAMERA '${claimed}': its name and its header contradict each other`;
  }
  const found = hdu.header.number('EXPID');
  if (found !== undefined && found !== expid) {
    return `HDU ${hdu.name || camera} belongs to exposure ${found}, not to ${expid}: its header says EXPID ${found}`;
  }
  return undefined;
}
