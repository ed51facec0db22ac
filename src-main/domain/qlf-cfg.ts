import type { AlarmSettings } from '#shared/domain/alarm.ts';
import { ARMS, SPECTROGRAPHS, type Arm, type CameraName } from '#shared/domain/camera.ts';
import type { TakenLine } from '#shared/domain/command-line.ts';
import type { EngineSettings } from '#shared/domain/settings.ts';
import { readIni, type IniEntry } from './ini.ts';

/** What of the original's `qlf.cfg` has a place in QLF's settings, and what is said about each of its lines. */
export interface QlfCfg {
  lines: TakenLine[];
  engine: Partial<Pick<EngineSettings, 'parallel' | 'camerasExpected'>>;
  alarms: Partial<Pick<AlarmSettings, 'diskWarning' | 'diskFault'>>;
  /** Keys of every flavor's QL configuration. */
  flavors: Record<string, boolean>;
}

/** Most jobs that a setting allows. */
const MOST_JOBS = 30;

/** Why the rest has no place, by key; the words end the sentence "not taken over: …". */
const NO_PLACE: Readonly<Record<string, string>> = {
  emulate_dos: 'which nights are shown is chosen in Settings, Folders, or by --source FOLDER',
  min_interval: 'the pace of the test environment is chosen on its own screen, or by --period',
  max_interval: 'the pace of the test environment is chosen on its own screen, or by --period',
  allowed_delay: 'QLF begins as soon as a file is whole, and always with the newest exposure',
  max_exposures: 'the test environment observes until it is stopped',
  max_nights: 'the test environment observes until it is stopped',
  loglevel: 'the log has all levels; they are chosen when it is read',
  debug_level: 'the log has all levels; they are chosen when it is read',
  logfile: 'logs lie in the data folder, logs/, one a night',
  logpipeline: 'each camera has its own log, beside its products',
  pipeline_log: 'each camera has its own log, beside its products',
  qlconfig: 'take each of these files over by itself: qlf config import qlconfig_science.yaml',
  psf_exp_id: 'QLF finds calibration files by camera and night in the calibration folder',
  fiberflat_exp_id: 'QLF finds calibration files by camera and night in the calibration folder',
  night: 'QLF takes every night that is in the source folder',
  exposures: 'QLF takes every exposure; one again by: qlf process EXPID',
  desi_spectro_data: 'choose it as the source folder in Settings, Folders, or by --source',
  datadir: 'choose it as the source folder in Settings, Folders, or by --source',
  rawdir: 'choose it as the source folder in Settings, Folders, or by --source',
  base_exposures_path: 'the test environment makes its own exposures',
  desi_spectro_redux: 'QLF writes into its own data folder: Settings, Folders, or --data',
  specprod_dir: 'QLF writes into its own data folder: Settings, Folders, or --data',
  scratch: 'QLF writes into its own data folder: Settings, Folders, or --data',
  calibration_path: 'start QLF with --calibration FOLDER, or put it beside the source folder as calib/',
  calibdir: 'start QLF with --calibration FOLDER, or put it beside the source folder as calib/',
  calib: 'start QLF with --calibration FOLDER, or put it beside the source folder as calib/',
  exptime: 'the test environment chooses its exposure times',
  parallel_ingestion: 'results are stored the moment they are posted',
  pipeline_setup: 'which program runs is a setting: qlf config set engine.pipeline …',
  conda_env: 'which program runs is a setting: qlf config set engine.pipeline …',
};

type Outcome = Pick<TakenLine, 'outcome' | 'words'>;
const taken = (words: string): Outcome => ({ outcome: 'taken', words });
const not = (words: string): Outcome => ({ outcome: 'not taken', words });

/** As configparser's getboolean. */
function booleanOf(value: string): boolean | undefined {
  if (/^(1|yes|true|on)$/i.test(value)) return true;
  return /^(0|no|false|off)$/i.test(value) ? false : undefined;
}

/** The elements of 'b,r' that are among `known`; undefined where one is not. */
function listOf<T extends string>(value: string, known: readonly T[]): T[] | undefined {
  const parts = value.split(',').map((part) => part.trim().toLowerCase());
  const found = parts.map((part) => known.find((one) => one === part));
  return parts.length > 0 && found.every((one) => one !== undefined) ? [...new Set(found)] : undefined;
}

interface Reading {
  cfg: QlfCfg;
  arms?: Arm[];
  spectrographs?: string[];
}

function readWorkers(value: string, { cfg }: Reading): Outcome {
  if (!/^[0-9]{1,6}$/.test(value)) return not(`${JSON.stringify(value)} is no number of jobs`);
  const wanted = Number(value);
  cfg.engine.parallel = wanted === 0 ? MOST_JOBS : Math.min(wanted, MOST_JOBS);
  const why = wanted === 0 ? ', without a limit: as many as there are cameras' : '';
  return taken(
    `engine.parallel = ${cfg.engine.parallel}${wanted > MOST_JOBS ? ', the most there are cameras for' : why}`,
  );
}

/** The original counts what is free in percent, QLF the used share. */
function readDisk(value: string, name: 'diskWarning' | 'diskFault', { cfg }: Reading): Outcome {
  const free = Number(value);
  if (!/^[0-9.]+$/.test(value) || !(free > 0 && free < 100))
    return not(`${JSON.stringify(value)} is no share in percent`);
  const used = Number((1 - free / 100).toFixed(4));
  cfg.alarms[name] = used;
  return taken(`alarms.${name} = ${used}: QLF counts what is used`);
}

function readFlag(value: string, key: string, { cfg }: Reading): Outcome {
  const flag = booleanOf(value);
  if (flag === undefined) return not(`${JSON.stringify(value)} is neither true nor false`);
  cfg.flavors[key] = flag;
  return taken(`${key}: ${flag} in the QL configuration of every flavor`);
}

function readEntry({ key, value }: IniEntry, reading: Reading): Outcome {
  if (value.includes('%(')) return not('QLF does not fill in %(…)s; write the value itself');
  switch (key) {
    case 'max_workers':
      return readWorkers(value, reading);
    case 'disk_percent_warning':
      return readDisk(value, 'diskWarning', reading);
    case 'disk_percent_alert':
      return readDisk(value, 'diskFault', reading);
    case 'use_resolution':
      return readFlag(value, 'UseResolution', reading);
    case 'write_intermediate_files':
      return readFlag(value, 'WriteIntermediatefiles', reading);
    case 'arm':
    case 'arms': {
      const arms = listOf(value, ARMS);
      if (!arms) return not(`${JSON.stringify(value)} is no list of b, r, z`);
      reading.arms = arms;
      return taken(
        'with the spectrographs: engine.camerasExpected; a camera that is in a file is processed all the same',
      );
    }
    case 'spectrograph':
    case 'spectrographs': {
      const spectrographs = listOf(value, SPECTROGRAPHS.map(String));
      if (!spectrographs) return not(`${JSON.stringify(value)} is no list of 0 … 9`);
      reading.spectrographs = spectrographs;
      return taken('with the arms: engine.camerasExpected');
    }
    default:
      return not(Object.hasOwn(NO_PLACE, key) ? (NO_PLACE[key] ?? '') : 'QLF knows no such key');
  }
}

/** Reads the original's `qlf.cfg`, of any of its versions; every line that says something is answered. */
export function readQlfCfg(text: string): QlfCfg {
  const reading: Reading = { cfg: { lines: [], engine: {}, alarms: {}, flavors: {} } };
  const { cfg } = reading;
  const { entries, strange } = readIni(text);
  const seen = new Set<string>();
  for (const entry of entries) {
    const key = entry.section === '' ? entry.key : `[${entry.section}] ${entry.key}`;
    const again = seen.has(key);
    seen.add(key);
    const outcome = again ? not('it stands above already; the first one counts') : readEntry(entry, reading);
    cfg.lines.push({ line: entry.line, key, ...outcome });
  }
  for (const { line, text: what } of strange)
    cfg.lines.push({ line, key: what.slice(0, 80), ...not('this is neither a section nor KEY = VALUE') });
  cfg.lines.sort((a, b) => a.line - b.line);
  if (reading.arms || reading.spectrographs) {
    const arms = reading.arms ?? ARMS;
    const spectrographs = reading.spectrographs ?? SPECTROGRAPHS.map(String);
    const cameras = arms.flatMap((arm) => spectrographs.map((number) => `${arm}${number}` as CameraName));
    cfg.engine.camerasExpected = cameras.length === MOST_JOBS ? 'auto' : cameras.sort();
  }
  const { diskWarning, diskFault } = cfg.alarms;
  if (diskWarning !== undefined && diskFault !== undefined && diskFault <= diskWarning) {
    cfg.alarms = {};
    for (const line of cfg.lines)
      if (/disk_percent_/.test(line.key))
        Object.assign(line, not('the alert must come at less free space than the warning'));
  }
  return cfg;
}

export interface QlfCfgSource {
  engine: EngineSettings;
  alarms: Pick<AlarmSettings, 'diskWarning' | 'diskFault'>;
  /** Of each flavor. */
  flavors: readonly Record<string, unknown>[];
  /** Null: the test environment; undefined: no folder on this machine. */
  sourceFolder: string | null | undefined;
  root: string;
}

/** What all flavors have alike; undefined where they differ. */
function common(flavors: QlfCfgSource['flavors'], key: string): boolean | undefined {
  const values = new Set(flavors.map((flavor) => flavor[key] === true));
  return values.size === 1 ? [...values][0] : undefined;
}

/** Arms and spectrographs whose combinations are exactly these cameras. */
function productOf(cameras: readonly CameraName[]): { arms: Arm[]; spectrographs: string[] } | undefined {
  const arms = ARMS.filter((arm) => cameras.some((camera) => camera.startsWith(arm)));
  const spectrographs = SPECTROGRAPHS.map(String).filter((number) => cameras.some((camera) => camera.endsWith(number)));
  return arms.length * spectrographs.length === cameras.length && cameras.length > 0
    ? { arms, spectrographs }
    : undefined;
}

/** The settings as the original's `qlf.cfg`, with what it cannot say. */
export function writeQlfCfg({ engine, alarms, flavors, sourceFolder, root }: QlfCfgSource): {
  text: string;
  lines: TakenLine[];
} {
  const rows: string[] = [];
  const lines: TakenLine[] = [];
  const section = (name: string): void => void rows.push(...(rows.length > 0 ? [''] : []), `[${name}]`);
  const put = (key: string, value: string, words: string): void => {
    rows.push(`${key}=${value}`);
    lines.push({ line: rows.length, key, ...taken(words) });
  };
  const cannot = (key: string, words: string): void => void lines.push({ line: 0, key, ...not(words) });
  const percent = (used: number): string => {
    const free = (1 - used) * 100;
    return String(Math.round(free));
  };
  section('main');
  put('emulate_dos', sourceFolder === null ? 'True' : 'False', 'whether the nights are emulated');
  put('max_workers', String(engine.parallel), 'engine.parallel');
  put('disk_percent_warning', percent(alarms.diskWarning), 'alarms.diskWarning, as what is free, in whole percent');
  put('disk_percent_alert', percent(alarms.diskFault), 'alarms.diskFault, as what is free, in whole percent');
  section('pipeline');
  for (const [key, own] of [
    ['use_resolution', 'UseResolution'],
    ['write_intermediate_files', 'WriteIntermediatefiles'],
  ] as const) {
    const value = common(flavors, own);
    if (value === undefined) cannot(own, 'flavors differ in it; qlf.cfg has one value for all');
    else put(key, value ? 'True' : 'False', `${own} of every flavor`);
  }
  section('data');
  const cameras = engine.camerasExpected;
  const product =
    cameras === 'auto' ? { arms: [...ARMS], spectrographs: SPECTROGRAPHS.map(String) } : productOf(cameras);
  if (product) {
    put('arms', product.arms.join(','), 'engine.camerasExpected');
    put('spectrographs', product.spectrographs.join(','), 'engine.camerasExpected');
  } else cannot('engine.camerasExpected', 'these cameras are not all combinations of some arms and spectrographs');
  section('namespace');
  if (sourceFolder) put('desi_spectro_data', sourceFolder, 'the source folder');
  else cannot('source', sourceFolder === null ? 'emulated nights have no folder' : 'it is no folder on this machine');
  put('desi_spectro_redux', `${root}/redux`, 'where QLF’s products lie, in a layout of its own');
  const known = ['parallel', 'camerasExpected'];
  for (const key of Object.keys(engine).filter((one) => !known.includes(one)))
    cannot(`engine.${key}`, 'qlf.cfg has no such key');
  return { text: `${rows.join('\n')}\n`, lines };
}
