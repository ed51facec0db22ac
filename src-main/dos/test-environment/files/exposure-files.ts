import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Spectrograph } from '#shared/domain/camera.ts';
import { spectrographOf } from '#shared/domain/camera.ts';
import { expid8 } from '#shared/domain/exposure.ts';
import { withChecksum } from '#shared/fits/checksum.ts';
import { encodeFits, primaryHdu } from '#shared/fits/write.ts';
import type { Exposure } from '../exposure/exposure.ts';
import { fibermapHdu, type TargetsBySpectrograph } from '../exposure/fibermap.ts';
import { exposureTimeCalculator, telemetryOf } from '../exposure/telemetry.ts';
import { exposureTruth } from '../exposure/truth.ts';
import { cameraDesign } from '../instrument/camera-design.ts';
import { drawTargets, type Target } from '../sky/targets.ts';
import { writeRawFile } from './raw-file.ts';

/**
 * Takes an exposure: writes its folder `root/raw/NIGHT/EXPID8` with the raw file and what belongs to it. The folder
 * appears under its name when all is there.
 * @returns the folder
 */
export async function writeExposure(root: string, exposure: Exposure): Promise<string> {
  const { identity, kind } = exposure;
  const id = expid8(identity.expid);
  const night = join(root, 'raw', identity.night);
  const folder = join(night, id);
  const unfinished = join(night, `.${id}.part`);
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { recursive: true });
  const targets = targetsOf(exposure);
  const { headerExpid, cameras } = await writeRawFile(
    join(unfinished, `desi-${id}.fits${exposure.format.compressed ? '.fz' : ''}`),
    exposure,
    targets,
  );
  if (kind.flavor !== 'bias' && kind.flavor !== 'dark') {
    const fibers = cameraDesign('b', exposure.size).fibers;
    const blocks = [primaryHdu(), fibermapHdu(exposure, targets, fibers)].map(withChecksum);
    await writeFile(join(unfinished, `fibermap-${id}.fits`), encodeFits(blocks));
  }
  if (kind.flavor === 'science') {
    await writeFile(join(unfinished, `etc-${id}.json`), asJson(exposureTimeCalculator(exposure)));
  }
  await writeFile(join(unfinished, `telemetry-${id}.json`), asJson(telemetryOf(exposure)));
  await writeFile(join(unfinished, 'truth.json'), asJson(exposureTruth(exposure, cameras, headerExpid)));
  await rename(unfinished, folder);
  return folder;
}

function asJson(value: unknown): string {
  return `${JSON.stringify(value, null, 1)}\n`;
}

/** The same tile has the same targets, whenever it is observed. */
function targetsOf(exposure: Exposure): TargetsBySpectrograph {
  const { kind, identity, conditions, size, format } = exposure;
  const targets = new Map<Spectrograph, readonly Target[]>();
  if (kind.flavor !== 'science') return targets;
  const fibers = cameraDesign('b', size).fibers;
  for (const spectrograph of new Set(format.cameras.map(spectrographOf))) {
    const tile = [identity.seed, conditions.tileid];
    targets.set(spectrograph, drawTargets(kind.program, tile, spectrograph, fibers));
  }
  return targets;
}
