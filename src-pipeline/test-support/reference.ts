import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { armOf, type CameraName, parseCamera, spectrographOf } from '#shared/domain/camera.ts';
import { readImage } from '#shared/fits/compressed-image.ts';
import type { Json } from '#shared/domain/measurement.ts';
import { findGlobalHdu, inheritHeader } from '#shared/fits/inherit.ts';
import { hduData, scanHdusInMemory } from '#shared/fits/hdu.ts';
import { parse } from 'yaml';
import { readFiberFlat } from '../inputs/fiberflat.ts';
import { readFiberMap } from '../inputs/fibermap.ts';
import { readFluxCalib } from '../inputs/fluxcalib.ts';
import { readTraceSet } from '../inputs/trace-set.ts';
import { SILENT_LOG } from '../log.ts';
import { preprocess } from '../steps/preproc.ts';
import type { CcdCalibration, JobFacts, Products, RawCamera } from '../types.ts';

const ROOT = join(import.meta.dirname, '../../e2e/data/desispec-reference');

const bytesOf = (path: string): Uint8Array => {
  const bytes = readFileSync(join(ROOT, path));
  return path.endsWith('.gz') ? gunzipSync(bytes) : bytes;
};

// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- what the caller knows of the file
export function referenceJson<T>(path: string): T {
  return JSON.parse(new TextDecoder().decode(bytesOf(path))) as T;
}

// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- what the caller knows of the file
export function unitVectors<I, O>(name: string): { in: I; out: O }[] {
  const all = referenceJson<Record<string, { in: I; out: O }[]>>('units.json');
  const vectors = all[name];
  if (vectors === undefined) throw new Error(`units.json has no ${name}`);
  return vectors;
}

function rawCamera(expid: number, camera: CameraName): RawCamera {
  const bytes = bytesOf(`raw/20191115/${expid8(expid)}/desi-${expid8(expid)}.fits.fz`);
  const { hdus } = scanHdusInMemory(bytes);
  const hdu = hdus.find((one) => one.name === camera.toUpperCase());
  const global = findGlobalHdu(hdus);
  if (hdu === undefined || global === undefined) throw new Error(`no camera ${camera} in exposure ${expid}`);
  const image = readImage(hdu.header, hduData(bytes, hdu));
  const [nx, ny] = image.axes as [number, number];
  return {
    nx,
    ny,
    pix: image.pixels as RawCamera['pix'],
    header: inheritHeader(hdu.header, global.header),
  };
}

const expid8 = (expid: number): string => String(expid).padStart(8, '0');

/** Entries of the calibration index of one version (mini, full, ampABCD). */
function calibrationEntry(camera: CameraName, version: string): Record<string, string | number> {
  const text = new TextDecoder().decode(bytesOf(`calib/spec/sp${camera[1]}/${camera}.yaml`));
  const index = parse(text) as Record<string, Record<string, Record<string, string | number>>>;
  const entry = index[camera]?.[version];
  if (entry === undefined) throw new Error(`no calibration ${version} of ${camera}`);
  return entry;
}

const imageOf = (path: string): Float64Array => {
  const bytes = bytesOf(path);
  const hdu = scanHdusInMemory(bytes).hdus[0]!;
  return Float64Array.from(readImage(hdu.header, hduData(bytes, hdu)).pixels as Float32Array);
};

export interface ReferenceJob {
  facts: JobFacts;
  products: Products;
}

/**
 * Everything that a science job has after preprocessing, for a camera run of the reference set by its name
 * (`ql-r0-101`, `qlcalib-r0-102`, …).
 */
export function referenceJob(name: string, compatible: boolean): ReferenceJob {
  const [chain, cameraText, expidText] = name.split('-') as [string, string, string];
  const camera = parseCamera(cameraText)!;
  const expid = Number(expidText);
  const raw = rawCamera(expid, camera);
  const version = (raw.header.text('CCDCFG') ?? '').trim();
  const entry = calibrationEntry(camera, version);
  const applied = chain === 'qlcalib';
  const calibration: CcdCalibration = {
    values: entry,
    bias: applied ? imageOf(`calib/${entry['BIAS']}`) : null,
    dark: null,
    pixflat: applied ? imageOf(`calib/${entry['PIXFLAT']}`) : null,
    mask: applied ? Uint8Array.from(imageOf(`calib/${entry['MASK']}`)) : null,
  };
  const exptime = raw.header.requireNumber('EXPTIME');
  const image = preprocess(raw, calibration, { arm: armOf(camera), exptime, cosmics: true, compatible }, SILENT_LOG);
  const fibermap = readFiberMap(
    bytesOf(`raw/20191115/${expid8(expid)}/fibermap-${expid8(expid)}.fits`),
    spectrographOf(camera),
  );
  return {
    facts: {
      camera,
      arm: armOf(camera),
      spectrograph: spectrographOf(camera),
      expid,
      night: '20191115',
      flavor: 'science',
      program: (fibermap.header.text('PROGRAM') ?? '').trim().toLowerCase(),
      exptime,
      airmass: fibermap.header.requireNumber('AIRMASS'),
      seeing: fibermap.header.requireNumber('SEEING'),
      compatible,
      peaks: { b: [3914.4, 5578.9], r: [6301.9, 7342.8], z: [8432.4, 9378.5] },
    },
    products: {
      raw,
      calibration,
      image,
      fibermap,
      traces: readTraceSet(bytesOf(`calib/${entry['PSF']}`)),
      fiberflat: readFiberFlat(bytesOf(`calib/${entry['FIBERFLAT']}`)),
      fluxcalib: readFluxCalib(bytesOf(`calib/${entry['FLUXCALIB']}`)),
    },
  };
}

/** Options and QA parameters of an algorithm in one of the reference's configurations. */
export function referenceConfiguration(file: string): {
  Pipeline: string[];
  Algorithms: Record<string, Record<string, unknown> & { QA?: Record<string, { PARAMS: Record<string, Json> }> }>;
} {
  return parse(new TextDecoder().decode(bytesOf(`configs/${file}`))) as ReturnType<typeof referenceConfiguration>;
}
