import { existsSync, readFileSync, statSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { parse } from 'yaml';
import { spectrographOf, type CameraName } from '#shared/domain/camera.ts';
import { asRecord, chooseVersion, requireDetector } from '#shared/fits/calibration-version.ts';
import type { Header } from '#shared/fits/header.ts';

/** Files that a calibration version can name. */
export type CalibrationKey = 'PSF' | 'FIBERFLAT' | 'FLUXCALIB' | 'BIAS' | 'DARK' | 'MASK' | 'PIXFLAT';

/** The version of the calibration index that fits an exposure. */
export interface CalibrationVersion {
  /** Folder that the file names are relative to. */
  root: string;
  /** The index file and the version's name, for the log. */
  index: string;
  name: string;
  values: Readonly<Record<string, string | number>>;
}

/** Path of a calibration file; undefined when the version names none. */
export function calibrationFile({ root, values }: CalibrationVersion, key: CalibrationKey): string | undefined {
  const name = values[key];
  if (typeof name !== 'string' || name === '') return undefined;
  return isAbsolute(name) ? name : join(root, name);
}

/** Folder of a calibration tree: its `sim/` for simulated detectors, where there is one. */
function rootFor(directory: string, detector: string): string {
  const simulated = join(directory, 'sim');
  const isDirectory = existsSync(simulated) && statSync(simulated).isDirectory();
  return detector === 'SIM' && !directory.replace(/\/+$/, '').endsWith('sim') && isDirectory ? simulated : directory;
}

/**
 * Finds the calibration of an exposure in a tree as $DESI_SPECTRO_CALIB: `spec/spN/CAM.yaml` (older ones
 * `ccd_calibration.yaml`) lists versions, of which exactly one must match NIGHT (or the date of DATE-OBS), DETECTOR and, where
 * the version names them, CCDCFG and CCDTMING.
 * @throws Error saying what does not match
 */
export function findCalibration(directory: string, camera: CameraName, header: Header): CalibrationVersion {
  const root = rootFor(directory, requireDetector(header));
  const index = [
    join(root, 'spec', `sp${spectrographOf(camera)}`, `${camera}.yaml`),
    join(root, 'ccd_calibration.yaml'),
  ].find((path) => existsSync(path));
  if (index === undefined) throw new Error(`there is no calibration index of ${camera} below ${root}`);
  const versions = asRecord(asRecord(parse(readFileSync(index, 'utf8')) as unknown)?.[camera]);
  if (versions === undefined) throw new Error(`${index} has no versions of camera ${camera}`);
  return { root, index, ...chooseVersion(versions, header, index) };
}
