import { copyFileSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Json } from '#shared/domain/measurement.ts';
import type { QlRunBlock } from '#shared/domain/ql-run-block.ts';
import { encodeFits, imageHdu, primaryHdu } from '#shared/fits/write.ts';
import { FRESH_BUFFERS } from '../buffers.ts';
import { readRawCamera } from '../inputs/raw-camera.ts';
import { computeJob } from '../program/compute-thread.ts';
import { type JobFolder, makeJobFolder, REFERENCE, runBlock } from '../test-support/job-folder.ts';
import type { RawCamera } from '../types.ts';
import { EXIT } from './failure.ts';

let folder: JobFolder;
let good: RawCamera;
let count = 0;
beforeAll(async () => {
  folder = makeJobFolder();
  good = await readRawCamera(runBlock(101, '').RawFile, 'r0');
});
afterAll(() => folder.remove());

/** A raw file of camera r0 with something done to it. */
function rawWith(change: (raw: RawCamera) => RawCamera | undefined): string {
  const copy = { ...good, pix: good.pix.slice(), header: good.header.clone() };
  const raw = change(copy) ?? copy;
  const path = join(folder.path, `raw-${++count}.fits`);
  const image = imageHdu('R0', { axes: [raw.nx, raw.ny], pixels: raw.pix }, raw.header);
  writeFileSync(path, encodeFits([primaryHdu(), image]));
  return path;
}

interface Outcome {
  code: number;
  reason: string;
  measurements: Record<string, Record<string, Json>>;
}

const CHAINS = { ql: 'qlconfig_science_mini.yaml', qp: 'qlconfig_science_qp_r0.yaml' } as const;

async function process(run: Partial<QlRunBlock>, chain: keyof typeof CHAINS = 'ql'): Promise<Outcome> {
  const outcome: Outcome = { code: -1, reason: '', measurements: {} };
  const file = folder.configure(CHAINS[chain], run, (configuration) => {
    configuration.WritePreprocfile = false;
  });
  const request = { configFile: file, run: null, compatible: false, qaJson: false, logLevel: null };
  await computeJob(
    request,
    (event) => {
      if (event.kind === 'ended') Object.assign(outcome, { code: event.code, reason: event.reason });
      if (event.kind === 'measurement') {
        outcome.measurements[event.metric] = (event.value as { METRICS: Record<string, Json> }).METRICS;
      }
    },
    FRESH_BUFFERS,
  );
  return outcome;
}

const ALL = ['getbias', 'getrms', 'countpix', 'xwsigma', 'countbins', 'integ', 'skycont', 'skypeak', 'snr'];
const CCD = ALL.slice(0, 4);
const metricsOf = ({ measurements }: Outcome): string[] => Object.keys(measurements);

describe('what a raw file can be like', () => {
  it('a plain image is as good as a compressed one', async () => {
    const outcome = await process({ RawFile: rawWith(() => undefined) });
    expect(outcome).toMatchObject({ code: EXIT.ok, reason: '' });
    expect(metricsOf(outcome)).toEqual(ALL);
  });

  it('global keywords in a SPEC HDU after an empty primary one', async () => {
    const path = join(folder.path, 'spec.fits');
    const own = good.header.clone();
    const global = primaryHdu().header;
    for (const keyword of ['EXPTIME', 'PROGRAM', 'AIRMASS', 'SEEING', 'NIGHT', 'FLAVOR']) {
      global.set(keyword, own.get(keyword)!);
      own.remove(keyword);
    }
    const spec = imageHdu('SPEC', { axes: [10], pixels: new Int32Array(10) }, global);
    const image = imageHdu('R0', { axes: [good.nx, good.ny], pixels: good.pix }, own);
    writeFileSync(path, encodeFits([primaryHdu(), spec, image]));
    expect(await process({ RawFile: path })).toMatchObject({ code: EXIT.ok });
  });

  it.each(['ql', 'qp'] as const)('pixels that are no numbers, in the chain %s', async (chain) => {
    const RawFile = rawWith((raw) => {
      const pix = Float32Array.from(raw.pix);
      for (let i = 0; i < pix.length; i += 997) pix[i] = NaN;
      return { ...raw, pix };
    });
    const outcome = await process({ RawFile }, chain);
    expect(outcome).toMatchObject({ code: EXIT.ok, reason: '' });
    for (const value of outcome.measurements['getbias']!['BIAS_AMP'] as number[]) expect(value).toBeGreaterThan(990);
  });

  it.each(['ql', 'qp'] as const)('no light at all: every fiber dead, in the chain %s', async (chain) => {
    const RawFile = rawWith((raw) => {
      let state = 1;
      return {
        ...raw,
        pix: raw.pix.map(() => {
          state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
          return 1000 + (state >>> 29);
        }),
      };
    });
    const outcome = await process({ RawFile }, chain);
    expect(outcome.reason).not.toMatch(/internal/);
    expect([EXIT.ok, EXIT.step, EXIT.qa]).toContain(outcome.code);
    expect(metricsOf(outcome)).toEqual(expect.arrayContaining(['getbias', 'getrms', 'countpix', 'countbins']));
    expect(outcome.measurements['countbins']).toMatchObject({ NGOODFIB: 0 });
  });

  it('a dead amplifier: constant pixels', async () => {
    const RawFile = rawWith((raw) => {
      for (let y = 0; y < 800; y++) raw.pix.fill(0, y * raw.nx, y * raw.nx + 356);
      return undefined;
    });
    const outcome = await process({ RawFile });
    expect(outcome).toMatchObject({ code: EXIT.ok });
    expect(outcome.measurements['getbias']).toMatchObject({ BIAS_AMP_STATUS: 'ALARM' });
    expect(outcome.measurements['getrms']).toMatchObject({ NOISE_AMP_STATUS: 'ALARM' });
  });

  it.each([
    ['BIASSEC3', undefined, EXIT.step],
    ['DATASEC2', undefined, EXIT.step],
    ['CCDSEC1', '[1:320;1:800]', EXIT.step],
    ['DATASEC4', '[389:708,801:9999]', EXIT.step],
    ['CCDSEC4', '[321:640,801:1599]', EXIT.step],
    ['DETECTOR', undefined, EXIT.calibration],
    ['CCDCFG', 'unheard of', EXIT.calibration],
    ['EXPTIME', undefined, null],
    ['CAMERA', 'b7', EXIT.badInput],
  ])('%s is %s', async (keyword, value, code) => {
    const RawFile = rawWith((raw) => {
      if (value === undefined) raw.header.remove(keyword);
      else raw.header.set(keyword, value);
      return undefined;
    });
    const outcome = await process({ RawFile });
    expect(outcome.code).not.toBe(EXIT.internal);
    if (code !== null) expect(outcome.code).toBe(code);
    if (code === EXIT.step) expect(outcome.reason).toContain(keyword.slice(0, 6));
  });

  it('two amplifiers, upper and lower, each judged by its own reference', async () => {
    const RawFile = rawWith((raw) => {
      for (const id of ['2', '4']) {
        for (const prefix of ['CCDSEC', 'PRESEC', 'DATASEC', 'BIASSEC', 'GAIN', 'RDNOISE'])
          raw.header.remove(prefix + id);
      }
      return undefined;
    });
    const outcome = await process({ RawFile });
    expect(outcome.measurements['getbias']!['BIAS_AMP']).toHaveLength(2);
    expect(outcome.measurements['getbias']).toMatchObject({ BIAS_AMP_STATUS: 'NORMAL' });
    expect(outcome.measurements['getrms']).toMatchObject({ NOISE_AMP_STATUS: 'NORMAL' });
  });

  it('an image of another size than its keywords say', async () => {
    const RawFile = rawWith((raw) => ({ ...raw, ny: 1000, pix: raw.pix.slice(0, 1000 * raw.nx) }));
    const outcome = await process({ RawFile });
    expect(outcome.code).toBe(EXIT.step);
    expect(outcome.reason).toMatch(/outside the image of 712 × 1000/);
  });

  it('bytes of its compressed pixels changed', async () => {
    const path = join(folder.path, 'corrupt.fits.fz');
    const bytes = readFileSync(runBlock(101, '').RawFile);
    const start = bytes.indexOf("EXTNAME = 'R0");
    for (let i = start + 40_000; i < start + 60_000; i += 7) bytes[i] = 0xff;
    writeFileSync(path, bytes);
    const outcome = await process({ RawFile: path });
    expect([EXIT.badInput, EXIT.ok]).toContain(outcome.code);
  });

  it.each([100, 2000, 20_000, 400_000, 2_000_000])('cut off after %i bytes', async (length) => {
    const path = join(folder.path, `cut-${length}.fits.fz`);
    copyFileSync(runBlock(101, '').RawFile, path);
    truncateSync(path, length);
    const outcome = await process({ RawFile: path });
    expect([EXIT.badInput, EXIT.ok]).toContain(outcome.code);
    expect(outcome.reason).not.toMatch(/internal/);
  });
});

describe('what the other inputs can be like', () => {
  it('no fibermap: what needs none is measured', async () => {
    const outcome = await process({ FiberMap: null });
    expect(outcome.code).not.toBe(EXIT.ok);
    expect(outcome.code).not.toBe(EXIT.internal);
    expect(metricsOf(outcome)).toEqual(expect.arrayContaining([...CCD, 'countbins']));
  });

  it('a fibermap that is none: told, with its name', async () => {
    const outcome = await process({ FiberMap: runBlock(101, '').RawFile });
    expect(outcome.code).toBe(EXIT.badInput);
    expect(outcome.reason).toContain('desi-00000101.fits.fz');
    expect(metricsOf(outcome)).toEqual(expect.arrayContaining(CCD));
  });

  it.each(['ql', 'qp'] as const)('traces of a larger CCD, in the chain %s', async (chain) => {
    const outcome = await process({ PSFFile: join(REFERENCE, 'calib/spec/sp0/psf-r0-full.fits') }, chain);
    expect(outcome.code).not.toBe(EXIT.internal);
    expect(metricsOf(outcome)).toEqual(expect.arrayContaining(['getbias', 'getrms', 'countpix']));
  });

  it('a fiber flat of other fibers: 7, and the spectra before it are judged', async () => {
    const outcome = await process({ FiberFlatFile: join(REFERENCE, 'calib/spec/sp0/fiberflat-r0-full.fits') });
    expect(outcome.code).not.toBe(EXIT.internal);
    expect(metricsOf(outcome)).toEqual(expect.arrayContaining([...CCD, 'countbins']));
  });

  it.each(['PSFFile', 'FiberFlatFile'] as const)('a %s that is no FITS file: 6', async (key) => {
    const path = join(folder.path, 'garbage.fits');
    writeFileSync(path, 'garbage');
    const outcome = await process({ [key]: path });
    expect(outcome).toMatchObject({ code: EXIT.calibration });
    expect(outcome.reason).toContain('garbage.fits');
    expect(metricsOf(outcome)).toEqual(expect.arrayContaining(['getbias', 'getrms', 'countpix']));
  });

  it('a folder that cannot be written: 10, after all is measured', async () => {
    const path = join(folder.path, 'a-file');
    writeFileSync(path, '');
    const outcome = await process({ OutputDir: join(path, 'below') });
    expect(outcome.code).toBe(EXIT.notWritten);
    expect(metricsOf(outcome)).toEqual(ALL);
  });
});
