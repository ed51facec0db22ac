import { open } from 'node:fs/promises';
import { type CameraName, spectrographOf } from '#shared/domain/camera.ts';
import { withChecksum } from '#shared/fits/checksum.ts';
import { compressedImageHdu } from '#shared/fits/compressed-write.ts';
import { Header } from '#shared/fits/header.ts';
import type { Image } from '#shared/fits/image.ts';
import { tableHdu } from '#shared/fits/table-write.ts';
import { encodeHdu, type HduBlock, imageHdu, primaryHdu } from '#shared/fits/write.ts';
import { type BuiltCamera, buildCamera, exposeCamera } from '../exposure/camera-exposure.ts';
import type { Exposure } from '../exposure/exposure.ts';
import { faultsOf } from '../exposure/faults.ts';
import type { TargetsBySpectrograph } from '../exposure/fibermap.ts';
import { cameraHeader, globalHeader } from '../exposure/raw-headers.ts';
import { cameraTruth, type CameraTruth } from '../exposure/truth.ts';

export interface RawFileTruth {
  readonly headerExpid: number;
  readonly cameras: ReadonlyMap<CameraName, CameraTruth>;
}

/**
 * Exposes one camera after the other and writes each as an HDU, so that only one frame is in memory.
 * Gives way to the event loop between cameras.
 */
export async function writeRawFile(
  path: string,
  exposure: Exposure,
  targets: TargetsBySpectrograph,
): Promise<RawFileTruth> {
  const { identity, size, format, faults } = exposure;
  // Stale numbers in headers are those of a neighbour.
  const wrong = identity.expid + 1;
  const headerExpid = faults.some(({ name, camera }) => name === 'wrong-expid' && !camera) ? wrong : identity.expid;
  const cameras = new Map<CameraName, CameraTruth>();
  const file = await open(path, 'w');
  try {
    const append = async (block: HduBlock, share = 1): Promise<void> => {
      const bytes = encodeHdu(withChecksum(block));
      await file.writeFile(share < 1 ? bytes.subarray(0, Math.floor(share * bytes.length)) : bytes);
    };
    for (const block of firstHdus(exposure, headerExpid)) await append(block);
    for (const camera of format.cameras) {
      const built = buildCamera(camera, size);
      const cameraFaults = faultsOf(faults, camera, built.design.fibers, [identity.seed, identity.night]);
      if (cameraFaults.missing) continue;
      const result = exposeCamera(built, exposure, targets.get(spectrographOf(camera)) ?? [], cameraFaults);
      cameras.set(camera, cameraTruth(result));
      const block = cameraHdu(exposure, built, result.raw, cameraFaults.wrongExpid ? wrong : identity.expid);
      if (cameraFaults.truncated) {
        await append(block, 0.6);
        return { headerExpid, cameras };
      }
      await append(block);
      await new Promise(setImmediate);
    }
    if (format.layout === 'spec') await append(spectrographTable(exposure));
    return { headerExpid, cameras };
  } finally {
    await file.close();
  }
}

function firstHdus(exposure: Exposure, expid: number): HduBlock[] {
  const header = globalHeader(exposure, expid);
  if (exposure.format.layout === 'sps') return [primaryHdu(header)];
  const dummy: Image = { axes: [10], pixels: Int32Array.from({ length: 10 }, (_, i) => i) };
  return [
    primaryHdu(),
    exposure.format.compressed ? compressedImageHdu('SPEC', dummy, header) : imageHdu('SPEC', dummy, header),
  ];
}

function cameraHdu(exposure: Exposure, built: BuiltCamera, raw: Uint16Array, expid: number): HduBlock {
  const { rawColumns, rawRows } = built.layout;
  const image: Image = { axes: [rawColumns, rawRows], pixels: raw };
  const header = cameraHeader(exposure, built, expid);
  const name = built.camera.toUpperCase();
  return exposure.format.compressed ? compressedImageHdu(name, image, header) : imageHdu(name, image, header);
}

/** HDU SPECTCONS: a row per spectrograph. */
function spectrographTable(exposure: Exposure): HduBlock {
  const spectrographs = [...new Set(exposure.format.cameras.map(spectrographOf))].sort();
  const all = <T>(value: T): T[] => spectrographs.map(() => value);
  return tableHdu(
    'SPECTCONS',
    [
      { name: 'unit', form: 'J', values: spectrographs },
      { name: 'EXPSHUT', form: '6A', values: all('CLOSED') },
      { name: 'HARTL', form: '4A', values: all('OPEN') },
      { name: 'HARTR', form: '4A', values: all('OPEN') },
      { name: 'BLUTEMP', form: 'E', values: all(20), unit: 'deg C' },
      { name: 'REDTEMP', form: 'E', values: all(20), unit: 'deg C' },
      { name: 'NIRTEMP', form: 'E', values: all(20), unit: 'deg C' },
    ],
    new Header(),
  );
}
