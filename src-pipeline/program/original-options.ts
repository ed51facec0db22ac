import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseCamera } from '#shared/domain/camera.ts';
import { expid8 } from '#shared/domain/exposure.ts';
import type { QlRunBlock } from '#shared/domain/ql-run-block.ts';
import { EXIT, JobFailure } from '../job/failure.ts';

/** The options of desi_quicklook that say what to work on. */
export interface OriginalOptions {
  config_file?: string | undefined;
  config?: string | undefined;
  night?: string | undefined;
  camera?: string | undefined;
  expid?: string | undefined;
  rawdata_dir?: string | undefined;
  specprod_dir?: string | undefined;
}

/**
 * The Run block for the original's options: files where the original looks for them, $QL_SPEC_DATA/NIGHT/EXPID8/ and
 * $QL_SPEC_REDUX/exposures/NIGHT/EXPID8/.
 * @throws JobFailure `usage`
 */
export function runBlockOf(options: OriginalOptions, env: Readonly<Record<string, string | undefined>>): QlRunBlock {
  const night = required(options.night, '-n/--night');
  const camera = parseCamera(required(options.camera, '-c/--camera'));
  const expid = Number(required(options.expid, '-e/--expid'));
  if (!/^[0-9]{8}$/.test(night)) throw new JobFailure(EXIT.usage, `-n ${night} is no night of the form YYYYMMDD`);
  if (!camera) throw new JobFailure(EXIT.usage, `-c ${options.camera ?? ''} is no camera (b0 … z9)`);
  if (!Number.isInteger(expid) || expid < 0)
    throw new JobFailure(EXIT.usage, `-e ${options.expid ?? ''} is no exposure number`);
  const data = required(options.rawdata_dir ?? env['QL_SPEC_DATA'], '--rawdata_dir (or QL_SPEC_DATA)');
  const redux = required(options.specprod_dir ?? env['QL_SPEC_REDUX'], '--specprod_dir (or QL_SPEC_REDUX)');
  const folder = join(data, night, expid8(expid));
  const raw = [`desi-${expid8(expid)}.fits.fz`, `desi-${expid8(expid)}.fits`].map((name) => join(folder, name));
  const fibermap = join(folder, `fibermap-${expid8(expid)}.fits`);
  return {
    RunId: 0,
    Expid: expid,
    Night: night,
    Camera: camera,
    Flavor: flavorOf(options.config_file ?? options.config ?? ''),
    Program: null,
    RawFile: raw.find((path) => existsSync(path)) ?? raw[0] ?? '',
    FiberMap: existsSync(fibermap) ? fibermap : null,
    CalibRoot: env['DESI_SPECTRO_CALIB'] ?? env['DESI_CCD_CALIBRATION_DATA'] ?? null,
    PSFFile: null,
    FiberFlatFile: null,
    FluxCalibFile: null,
    OutputDir: join(redux, 'exposures', night, expid8(expid)),
    Compatibility: 'none',
  };
}

function required(value: string | undefined, name: string): string {
  if (value === undefined || value === '') throw new JobFailure(EXIT.usage, `${name} is missing`);
  return value;
}

/** The original's configurations are named by their flavor: qlconfig_science.yaml. */
function flavorOf(configFile: string): string {
  const name = /qlconfig_([a-z]+)/.exec(basename(configFile))?.[1] ?? 'science';
  return name === 'darkcurrent' ? 'dark' : name;
}
