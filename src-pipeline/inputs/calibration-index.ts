import { existsSync, readFileSync, statSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { parse } from 'yaml';
import { spectrographOf, type CameraName } from '#shared/domain/camera.ts';
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
  const detector = textOf(header, 'DETECTOR');
  if (detector === undefined) throw new Error('the keyword DETECTOR is missing: the calibration cannot be chosen');
  const night = nightOf(header);
  const root = rootFor(directory, detector);
  const index = [
    join(root, 'spec', `sp${spectrographOf(camera)}`, `${camera}.yaml`),
    join(root, 'ccd_calibration.yaml'),
  ].find((path) => existsSync(path));
  if (index === undefined) throw new Error(`there is no calibration index of ${camera} below ${root}`);
  const versions = asRecord(asRecord(parse(readFileSync(index, 'utf8')) as unknown)?.[camera]);
  if (versions === undefined) throw new Error(`${index} has no versions of camera ${camera}`);

  const facts = { night, detector, ccdcfg: textOf(header, 'CCDCFG'), timing: textOf(header, 'CCDTMING') };
  const matching = Object.entries(versions).filter(([, version]) => fits(asRecord(version) ?? {}, facts));
  const [first, second] = matching;
  const sought = `night ${night}, detector ${detector}, configuration ${facts.ccdcfg ?? 'none'}`;
  if (first === undefined) throw new Error(`no version in ${index} fits ${sought}`);
  if (second !== undefined) throw new Error(`${first[0]} and ${second[0]} in ${index} both fit ${sought}`);
  return { root, index, name: first[0], values: scalars(asRecord(first[1]) ?? {}) };
}

interface Sought {
  night: number;
  detector: string;
  ccdcfg: string | undefined;
  timing: string | undefined;
}

function fits(version: Record<string, unknown>, sought: Sought): boolean {
  const begin = Number(version['DATE-OBS-BEGIN']);
  const endText = scalarText(version['DATE-OBS-END']) ?? 'None';
  const end = endText.toLowerCase() === 'none' ? Infinity : Number(endText);
  if (!(sought.night >= begin && sought.night <= end)) return false;
  const same = (key: string, value: string | undefined): boolean =>
    version[key] === undefined || scalarText(version[key]) === value;
  return (
    version['DETECTOR'] !== undefined &&
    same('DETECTOR', sought.detector) &&
    same('CCDCFG', sought.ccdcfg) &&
    same('CCDTMING', sought.timing)
  );
}

function scalarText(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'number' ? String(value).trim() : undefined;
}

/** YYYYMMDD of the night, or of the date of DATE-OBS. */
function nightOf(header: Header): number {
  const night = header.number('NIGHT') ?? Number(textOf(header, 'NIGHT') ?? NaN);
  if (Number.isInteger(night)) return night;
  const date = /^(\d{4})-(\d\d)-(\d\d)/.exec(textOf(header, 'DATE-OBS') ?? '');
  if (!date) throw new Error('neither NIGHT nor DATE-OBS says when it was exposed: the calibration cannot be chosen');
  return Number(date.slice(1).join(''));
}

function textOf(header: Header, keyword: string): string | undefined {
  return header.text(keyword)?.trim();
}

function asRecord(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}

function scalars(version: Record<string, unknown>): Record<string, string | number> {
  const entries = Object.entries(version).filter(
    (entry): entry is [string, string | number] => typeof entry[1] === 'string' || typeof entry[1] === 'number',
  );
  return Object.fromEntries(entries);
}
