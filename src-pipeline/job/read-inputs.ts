import { existsSync } from 'node:fs';
import { basename, isAbsolute, join } from 'node:path';
import type { Json } from '#shared/domain/measurement.ts';
import type { JobConfiguration } from '#shared/domain/ql-configuration.ts';
import type { QlRunBlock } from '#shared/domain/ql-run-block.ts';
import { readWholeFile } from '../inputs/byte-file.ts';
import { readCalibrationImage, readMaskImage } from '../inputs/calibration-image.ts';
import {
  calibrationFile,
  findCalibration,
  type CalibrationKey,
  type CalibrationVersion,
} from '../inputs/calibration-index.ts';
import { readFiberFlat } from '../inputs/fiberflat.ts';
import { readFiberMap } from '../inputs/fibermap.ts';
import { readFluxCalib } from '../inputs/fluxcalib.ts';
import { readRawCamera } from '../inputs/raw-camera.ts';
import { readTraceSet } from '../inputs/trace-set.ts';
import { release } from '../release.ts';
import type { CcdCalibration, JobFacts, Products, RawCamera } from '../types.ts';
import type { EmitEvent } from './events.ts';
import { EXIT, JobFailure, messageOf } from './failure.ts';
import { jobFacts } from './job-facts.ts';
import { jobLog } from './job-log.ts';
import type { PlannedStep } from './plan.ts';

export interface JobInputs {
  facts: JobFacts;
  products: Products;
  /** What could not be read although the plan has a use for it, the first first. */
  problems: JobFailure[];
}

/**
 * Reads everything that the plan has a use for. Only the raw file is indispensable: what else is missing is told, and those
 * steps and QAs fail that need it.
 * @throws JobFailure when the raw camera cannot be read
 */
export async function readInputs(
  configuration: JobConfiguration,
  plan: readonly PlannedStep[],
  emit: EmitEvent,
): Promise<JobInputs> {
  const { Run } = configuration;
  const log = jobLog(emit, 'QLConfig');
  const problems: JobFailure[] = [];
  /** `undefined` and a problem on the list when it fails. */
  const attempt = <T>(code: JobFailure['code'], what: string, read: () => T): T | undefined => {
    try {
      return read();
    } catch (error) {
      const problem = new JobFailure(code, `${what}: ${messageOf(error)}`, { cause: error });
      log.error(problem.message);
      problems.push(problem);
      return undefined;
    }
  };

  log.info('Checking if all the necessary files exist.');
  checkFile(Run.RawFile, log);
  const raw = await readRaw(Run, emit);
  const products: Products = { raw };
  const needs = needsOf(plan);
  const path = Run.FiberMap;
  if (needs.fibermap && path !== null) {
    emit({ kind: 'working', text: `Reading fiberMap file ${path}` });
    const spectrograph = Number(Run.Camera[1]);
    const fibermap = attempt(inputCode(path), `fibermap ${path}`, () =>
      readFiberMap(readFile(path, log), spectrograph),
    );
    if (fibermap) products.fibermap = fibermap;
  }
  const root = Run.CalibRoot;
  const version =
    root === null
      ? undefined
      : attempt(EXIT.calibration, `calibration below ${root}`, () => findCalibration(root, Run.Camera, raw.header));
  if (version) log.info(`Found data version ${version.name} for camera ${Run.Camera} in ${basename(version.index)}`);

  const files = calibrationPaths(configuration, plan, version);
  const read = <T>(what: string, file: string | undefined, parse: (bytes: Uint8Array) => T): T | undefined =>
    attempt(EXIT.calibration, what, () => {
      if (file === undefined) throw new Error('the configuration and the calibration index name no file');
      emit({ kind: 'working', text: `Reading ${what} ${file}` });
      const bytes = readFile(file, log);
      const parsed = inFile(file, () => parse(bytes));
      release(bytes);
      return parsed;
    });
  const traces = needs.traces ? read('PSF', files.psf, readTraceSet) : undefined;
  const fiberflat = needs.fiberflat ? read('FiberFlat', files.fiberflat, readFiberFlat) : undefined;
  const fluxcalib = needs.fluxcalib ? read('FluxCalib', files.fluxcalib, readFluxCalib) : undefined;
  if (traces) products.traces = traces;
  if (fiberflat) products.fiberflat = fiberflat;
  if (fluxcalib) products.fluxcalib = fluxcalib;

  const image = <T>(key: CalibrationKey, parse: (bytes: Uint8Array) => T): T | null => {
    const file = imagePath(key, plan, version, Run);
    return file === undefined ? null : (read(key, file, parse) ?? null);
  };
  const calibration: CcdCalibration = {
    values: version?.values ?? {},
    bias: image('BIAS', readCalibrationImage),
    dark: image('DARK', readCalibrationImage),
    pixflat: image('PIXFLAT', readCalibrationImage),
    mask: image('MASK', readMaskImage),
  };
  products.calibration = calibration;
  if (problems.length === 0) log.info(`All necessary files exist for ${configuration.Flavor} configuration.`);
  emit({ kind: 'resting' });
  jobLog(emit, 'QuickLook').info('Finished reading all static files');
  return { facts: jobFacts(configuration, raw, products.fibermap), products, problems };
}

async function readRaw(run: QlRunBlock, emit: EmitEvent): Promise<RawCamera> {
  emit({ kind: 'working', text: `Reading input file ${run.RawFile}` });
  try {
    return await readRawCamera(run.RawFile, run.Camera);
  } catch (error) {
    const code = inputCode(run.RawFile);
    throw new JobFailure(code, `raw file ${run.RawFile}: ${messageOf(error)}`, { cause: error });
  }
}

const inputCode = (path: string): JobFailure['code'] => (existsSync(path) ? EXIT.badInput : EXIT.missingInput);

function checkFile(path: string, log: ReturnType<typeof jobLog>): void {
  if (existsSync(path)) log.info(`File check: Okay: ${path}`);
  else log.error(`File does not exist: ${path}`);
}

function readFile(path: string, log: ReturnType<typeof jobLog>): Uint8Array {
  checkFile(path, log);
  return readWholeFile(path);
}

/** Errors of a parser, with the file that they are about. */
function inFile<T>(path: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw new Error(`${path}: ${messageOf(error)}`, { cause: error });
  }
}

interface Needs {
  fibermap: boolean;
  traces: boolean;
  fiberflat: boolean;
  fluxcalib: boolean;
}

/** Which inputs the steps and QAs of the plan use. */
function needsOf(plan: readonly PlannedStep[]): Needs {
  const steps = new Set(plan.map(({ definition }) => definition.step));
  const metrics = new Set(plan.flatMap(({ qas }) => qas.map(({ definition }) => definition.metric)));
  const spectra = steps.has('extract') || steps.has('flexure') || steps.has('resolution');
  const traces = spectra || metrics.has('xwsigma');
  return { fibermap: traces, traces, fiberflat: steps.has('fiberflat'), fluxcalib: steps.has('fluxcal') };
}

/** The Run block overrides a step's own option PSFFile, which overrides the calibration index. */
function calibrationPaths(
  { Run }: JobConfiguration,
  plan: readonly PlannedStep[],
  version: CalibrationVersion | undefined,
): { psf: string | undefined; fiberflat: string | undefined; fluxcalib: string | undefined } {
  const indexed = (key: CalibrationKey): string | undefined => version && calibrationFile(version, key);
  const option = plan.map(({ options }) => options['PSFFile']).find((value) => typeof value === 'string');
  const root = version?.root ?? Run.CalibRoot ?? '';
  const stated = option === undefined || isAbsolute(option) ? option : join(root, option);
  return {
    psf: Run.PSFFile ?? stated ?? indexed('PSF'),
    fiberflat: Run.FiberFlatFile ?? indexed('FIBERFLAT'),
    fluxcalib: Run.FluxCalibFile ?? indexed('FLUXCALIB'),
  };
}

const OPTION_OF_IMAGE: Readonly<Partial<Record<CalibrationKey, string>>> = {
  BIAS: 'Bias',
  DARK: 'Dark',
  PIXFLAT: 'Pixflat',
  MASK: 'Mask',
};

/**
 * Path of a calibration image that Preproc should apply. Its options Bias, Dark, Pixflat and Mask are true (what the
 * calibration index has), false, or a file. Without an option the original applies the dark image only; by default
 * whatever the calibration has is applied.
 */
function imagePath(
  key: CalibrationKey,
  plan: readonly PlannedStep[],
  version: CalibrationVersion | undefined,
  run: QlRunBlock,
): string | undefined {
  const preproc = plan.find(({ definition }) => definition.step === 'preproc');
  const stock: Json = run.Compatibility === 'none' || key === 'DARK';
  const option = preproc?.options[OPTION_OF_IMAGE[key] ?? ''] ?? stock;
  if (typeof option === 'string') return option;
  return option === true && preproc && version ? calibrationFile(version, key) : undefined;
}
