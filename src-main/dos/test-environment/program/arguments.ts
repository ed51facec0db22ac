import { parseArgs } from 'node:util';
import { type CameraName, CAMERAS, parseCamera } from '#shared/domain/camera.ts';
import {
  CADENCES,
  type Fault,
  FAULTS,
  TestEnvironmentSettingsSchema,
  type TestEnvironmentSettings,
} from '#shared/domain/test-environment.ts';
import { Value } from 'typebox/value';
import { DEFAULT_FORMAT, type RawFormat } from '../exposure/exposure.ts';
import { EXPOSURE_KINDS, type ExposureKind } from '../exposure/schedule.ts';
import { AMPLIFIERS } from '../instrument/ccd-layout.ts';

export const USAGE = `dos-test-environment --directory DIR [options]
  Emulates the telescope: writes exposures to DIR/raw/NIGHT/EXPID8 and calibration files to DIR/calib.

  --exposures N      write N exposures and exit; without it, observe until stopped
  --seed S           seed of the night (1)
  --size SIZE        compact or full (compact)
  --cadence C        real-time, accelerated or manual (accelerated)
  --period SECONDS   between accelerated exposures (10)
  --fault NAME[:CAMERA[:AMPLIFIER]]
                     inject a fault into every exposure; may be repeated. Names:
                     ${FAULTS.slice(0, 6).join(' ')}
                     ${FAULTS.slice(6).join(' ')}
  --kind KIND        every exposure is of this kind: ${Object.keys(EXPOSURE_KINDS).join(' ')}
                     (default: the night's schedule)
  --cameras LIST     cameras in use, e.g. b0,r0,z0 (all 30)
  --date ISO         when the first exposure starts (2019-11-16T02:00:00Z with --exposures, now without); the following
                     ones start when the one before has been exposed and read out
  --layout L         sps or spec: where global keywords are (sps)
  --amplifiers A     letters or numbers in keywords (letters)
  --plain            do not compress the raw file
  --opsdb FILE       write each exposure into an operations database too (the tables of resources/opsdb.sql); FILE is its
                     configuration as QLF has it, with a user who may write there
  --data-host NAME   under this name the database's readers know this machine (none: they are on it)
  --settings JSON    all settings at once, as the application has them
`;

export interface ProgramArguments {
  directory: string;
  /** Null: observe until stopped. */
  exposures: number | null;
  settings: TestEnvironmentSettings;
  kind: ExposureKind | null;
  /** Start of the first exposure, ms since the epoch; null: the clock. */
  date: number | null;
  format: RawFormat;
  /** Null: there is no database. */
  opsdb: { file: string; dataHost: string | null } | null;
}

/** @throws Error that says which argument is wrong */
export function parseArguments(argv: readonly string[]): ProgramArguments {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      directory: { type: 'string' },
      exposures: { type: 'string' },
      seed: { type: 'string', default: '1' },
      size: { type: 'string', default: 'compact' },
      cadence: { type: 'string', default: 'accelerated' },
      period: { type: 'string', default: '10' },
      fault: { type: 'string', multiple: true, default: [] },
      kind: { type: 'string' },
      cameras: { type: 'string' },
      date: { type: 'string' },
      layout: { type: 'string', default: DEFAULT_FORMAT.layout },
      amplifiers: { type: 'string', default: DEFAULT_FORMAT.amplifiers },
      plain: { type: 'boolean', default: false },
      opsdb: { type: 'string' },
      'data-host': { type: 'string' },
      settings: { type: 'string' },
    },
  });
  if (!values.directory) throw new Error('--directory is missing');
  return {
    directory: values.directory,
    exposures: values.exposures === undefined ? null : integerOf('--exposures', values.exposures),
    settings: values.settings === undefined ? settingsOf(values) : settingsFromJson(values.settings),
    kind: values.kind === undefined ? null : EXPOSURE_KINDS[oneOf('--kind', values.kind, kindNames())],
    date: dateOf(values.date),
    format: {
      layout: oneOf('--layout', values.layout, ['sps', 'spec']),
      amplifiers: oneOf('--amplifiers', values.amplifiers, ['letters', 'numbers']),
      compressed: !values.plain,
      cameras: values.cameras === undefined ? CAMERAS : camerasOf(values.cameras),
    },
    opsdb: values.opsdb === undefined ? null : { file: values.opsdb, dataHost: values['data-host'] ?? null },
  };
}

function kindNames(): (keyof typeof EXPOSURE_KINDS)[] {
  return Object.keys(EXPOSURE_KINDS) as (keyof typeof EXPOSURE_KINDS)[];
}

function settingsOf(values: {
  seed: string;
  size: string;
  cadence: string;
  period: string;
  fault: string[];
}): TestEnvironmentSettings {
  return {
    seed: integerOf('--seed', values.seed),
    size: oneOf('--size', values.size, ['compact', 'full']),
    cadence: oneOf('--cadence', values.cadence, CADENCES),
    acceleratedPeriod: Math.max(1, integerOf('--period', values.period)),
    faults: values.fault.map(parseFault),
  };
}

function settingsFromJson(text: string): TestEnvironmentSettings {
  const value: unknown = JSON.parse(text);
  if (!Value.Check(TestEnvironmentSettingsSchema, value)) throw new Error('--settings: not the settings’ form');
  return value;
}

/** `name`, `name:camera` or `name:camera:amplifier`; the camera may be left empty. */
export function parseFault(text: string): Fault {
  const [name = '', cameraText = '', amplifierText = ''] = text.split(':');
  const fault: Fault = { name: oneOf('--fault', name, FAULTS) };
  if (cameraText !== '') fault.camera = cameraOf('--fault', cameraText);
  if (amplifierText !== '') fault.amplifier = oneOf('--fault', amplifierText.toUpperCase(), AMPLIFIERS);
  return fault;
}

function camerasOf(list: string): CameraName[] {
  const wanted = new Set(list.split(',').map((text) => cameraOf('--cameras', text)));
  return CAMERAS.filter((camera) => wanted.has(camera));
}

function cameraOf(option: string, text: string): CameraName {
  const camera = parseCamera(text);
  if (!camera) throw new Error(`${option}: '${text}' is no camera (b0 … z9)`);
  return camera;
}

function dateOf(text: string | undefined): number | null {
  if (text === undefined) return null;
  const date = Date.parse(text);
  if (!Number.isFinite(date)) throw new Error(`--date: '${text}' is no date`);
  return date;
}

function integerOf(option: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new Error(`${option}: '${text}' is no whole number`);
  return Number(text);
}

function oneOf<T extends string>(option: string, text: string, choices: readonly T[]): T {
  const found = choices.find((choice) => choice === text);
  if (found === undefined) throw new Error(`${option}: '${text}' is none of ${choices.join(', ')}`);
  return found;
}
