import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { armOf, type CameraName, spectrographOf } from '#shared/domain/camera.ts';
import type { Json } from '#shared/domain/measurement.ts';
import type { Fault } from '#shared/domain/test-environment.ts';
import { expid8 } from '#shared/domain/exposure.ts';
import { hduData, scanHdusInMemory } from '#shared/fits/hdu.ts';
import { encodeFits, type HduBlock, primaryHdu } from '#shared/fits/write.ts';
import { DEFAULT_FORMAT, makeExposure } from '../../src-main/dos/test-environment/exposure/exposure.ts';
import { EXPOSURE_KINDS } from '../../src-main/dos/test-environment/exposure/schedule.ts';
import { writeCalibration } from '../../src-main/dos/test-environment/files/calibration-files.ts';
import { writeExposure } from '../../src-main/dos/test-environment/files/exposure-files.ts';
import { FRESH_BUFFERS } from '../../src-pipeline/buffers.ts';
import { readFiberFlat } from '../../src-pipeline/inputs/fiberflat.ts';
import { readFiberMap } from '../../src-pipeline/inputs/fibermap.ts';
import { readFluxCalib } from '../../src-pipeline/inputs/fluxcalib.ts';
import { readRawCamera } from '../../src-pipeline/inputs/raw-camera.ts';
import { readTraceSet } from '../../src-pipeline/inputs/trace-set.ts';
import { SILENT_LOG } from '../../src-pipeline/log.ts';
import { median } from '../../src-pipeline/math/statistics.ts';
import { evaluate } from '../../src-pipeline/psf/legendre-set.ts';
import { QA_DEFINITIONS } from '../../src-pipeline/qa/registry.ts';
import { STEP_DEFINITIONS } from '../../src-pipeline/steps/registry.ts';
import type { FiberFlat, JobFacts, Products, QaValue } from '../../src-pipeline/types.ts';

/** What was simulated in one camera. */
interface CameraTruth {
  shift: { x: number; y: number };
  blur: number;
  deadFibers: number[];
}
interface Truth {
  exptime: number;
  kind: { flavor: string; program?: string };
  conditions: { airmass: number; seeing: number; transparency: number };
  cameras: Record<string, CameraTruth>;
}
interface Configuration {
  Pipeline: string[];
  Algorithms: Record<string, Record<string, Json> & { QA?: Record<string, { PARAMS?: Record<string, Json> }> }>;
}
interface Outcome {
  truth: CameraTruth;
  /** magnitudes that the air takes beyond what the calibration knows */
  dimming: number;
  metrics: Record<string, QaValue>;
  products: Products;
  flat: FiberFlat;
}

const NIGHT = '20191115';
const CAMERAS: CameraName[] = ['b0', 'r0', 'z9'];
const SIZE = 'compact';

let root = '';
let nextExpid = 1;
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'qlf-truth-'));
  await writeCalibration(root, SIZE);
}, 120_000);
afterAll(() => rmSync(root, { recursive: true, force: true }));

async function expose(kind: keyof typeof EXPOSURE_KINDS, faults: Fault[] = []): Promise<number> {
  const expid = nextExpid++;
  const start = Date.parse('2019-11-16T03:04:05Z');
  const format = { ...DEFAULT_FORMAT, cameras: CAMERAS };
  await writeExposure(
    root,
    makeExposure({ seed: 3, night: NIGHT, expid }, EXPOSURE_KINDS[kind], SIZE, start, faults, format),
  );
  return expid;
}

/** The fiber flat of one camera out of the file of all: its HDUs without the camera in their names. */
function fiberFlatOf(camera: CameraName): FiberFlat {
  const bytes = readFileSync(join(root, 'calib', `fiberflat-${SIZE}.fits`));
  const suffix = `_${camera.toUpperCase()}`;
  const blocks = scanHdusInMemory(bytes)
    .hdus.filter(({ name }) => name.endsWith(suffix))
    .map((hdu): HduBlock => {
      const header = hdu.header.clone().set('EXTNAME', hdu.name.slice(0, -suffix.length));
      return { header, data: hduData(bytes, hdu) };
    });
  return readFiberFlat(encodeFits([primaryHdu(), ...blocks]));
}

async function run(expid: number, camera: CameraName): Promise<Outcome> {
  const id = expid8(expid);
  const folder = join(root, 'raw', NIGHT, id);
  const truth = JSON.parse(readFileSync(join(folder, 'truth.json'), 'utf8')) as Truth;
  const { flavor, program = null } = truth.kind;
  const configuration = parse(readFileSync(`resources/qlconfig/${flavor}.yaml`, 'utf8')) as Configuration;
  const spectrograph = spectrographOf(camera);
  const calibration = join(root, 'calib', 'spec', `sp${spectrograph}`);
  const flat = fiberFlatOf(camera);
  const facts: JobFacts = {
    camera,
    arm: armOf(camera),
    spectrograph,
    expid,
    night: NIGHT,
    flavor,
    program,
    exptime: truth.exptime,
    airmass: truth.conditions.airmass,
    seeing: truth.conditions.seeing,
    compatible: false,
    peaks: peaksOf(configuration),
  };
  let products: Products = {
    raw: await readRawCamera(join(folder, `desi-${id}.fits.fz`), camera),
    traces: readTraceSet(readFileSync(join(calibration, `psf-${camera}-${SIZE}.fits`))),
    fluxcalib: readFluxCalib(readFileSync(join(calibration, `fluxcalib-${camera}.fits`))),
    fibermap: readFiberMap(readFileSync(join(folder, `fibermap-${id}.fits`)), spectrograph),
    fiberflat: flat,
  };
  const metrics: Record<string, QaValue> = {};
  for (const algorithm of configuration.Pipeline) {
    const { QA = {}, ...options } = configuration.Algorithms[algorithm] ?? {};
    const step = STEP_DEFINITIONS.find((one) => one.algorithm === algorithm)!;
    const made = step.run(products, {
      ...facts,
      buffers: FRESH_BUFFERS,
      options,
      log: SILENT_LOG,
    });
    products = { ...products, ...made };
    for (const [qa, { PARAMS = {} }] of Object.entries(QA)) {
      const definition = QA_DEFINITIONS.find((one) => one.algorithm === qa)!;
      Object.assign(metrics, definition.run(products, { ...facts, params: PARAMS, log: SILENT_LOG }).metrics);
    }
  }
  const dimming = -2.5 * Math.log10(truth.conditions.transparency);
  return { truth: truth.cameras[camera]!, dimming, metrics, products, flat };
}

function peaksOf({ Algorithms }: Configuration): JobFacts['peaks'] {
  const peaks = (Algorithms['Initialize']?.['PEAKS'] ?? {}) as Record<string, number[]>;
  return { b: peaks['B_PEAKS'] ?? [], r: peaks['R_PEAKS'] ?? [], z: peaks['Z_PEAKS'] ?? [] };
}

const numbers = (value: QaValue | undefined): number[] => Array.from((value ?? []) as ArrayLike<number>);

describe('shifts of the traces', () => {
  it.each([
    ['science-dark', false],
    ['science-dark', true],
    ['arc', true],
  ] as const)('of %s exposures, moved by half a pixel: %s', async (kind, moved) => {
    const expid = await expose(kind, moved ? [{ name: 'shifted-traces' }] : []);
    for (const camera of CAMERAS) {
      const { truth, metrics } = await run(expid, camera);
      const [dx, dy] = numbers(metrics['XYSHIFTS']);
      expect(Math.abs(dx! - truth.shift.x)).toBeLessThan(0.01);
      expect(Math.abs(dy! - truth.shift.y)).toBeLessThan(0.03);
    }
  });

  it('of flats in x only: a continuum cannot tell of y', async () => {
    const { truth, metrics } = await run(await expose('flat', [{ name: 'shifted-traces' }]), 'r0');
    expect(numbers(metrics['XYSHIFTS'])).toHaveLength(1);
    expect(Math.abs(numbers(metrics['XYSHIFTS'])[0]! - truth.shift.x)).toBeLessThan(0.01);
  });
});

describe('widths of arc lines', () => {
  it.each([false, true])('as the PSF has them, out of focus: %s', async (defocused) => {
    const expid = await expose('arc', defocused ? [{ name: 'defocus' }] : []);
    for (const camera of CAMERAS) {
      const { truth, metrics, products } = await run(expid, camera);
      const { traces } = products;
      const nominal = readTraceSet(
        readFileSync(join(root, 'calib', 'spec', `sp${camera[1]}`, `psf-${camera}-${SIZE}.fits`)),
      );
      expect(Number(metrics['CHECKARC'])).toBeGreaterThan(44);
      const off = Array.from({ length: traces!.nspec }, (_, f) => f)
        .filter((f) => numbers(metrics['GOODPSFS'])[f] === 1)
        .flatMap((f) =>
          [0.3, 0.5, 0.7].map((share) => {
            const wave = nominal.wavemin + share * (nominal.wavemax - nominal.wavemin);
            return evaluate(traces!.ysig!, f, wave) - Math.hypot(evaluate(nominal.ysig!, f, wave), truth.blur);
          }),
        );
      expect(Math.abs(median(off))).toBeLessThan(defocused ? 0.12 : 0.01);
      expect(median(off.map(Math.abs))).toBeLessThan(defocused ? 0.15 : 0.02);
    }
  });
});

describe('fiber flats', () => {
  it('are those of the instrument, within the noise of the exposure', async () => {
    const expid = await expose('flat');
    for (const camera of CAMERAS) {
      const { metrics, products, flat } = await run(expid, camera);
      expect(Math.abs(Number(metrics['CHECKFLAT']) - 1)).toBeLessThan(0.005);
      const computed = products.computedFlat!;
      const off = Array.from({ length: flat.nspec }, (_, f) => levelOf(computed, f) - levelOf(flat, f));
      const common = median(off);
      expect(Math.max(...off.map((value) => Math.abs(value - common)))).toBeLessThan(0.004);
    }
  });
});

/** Mean of a fiber's flat over the wavelengths that it was measured at. */
function levelOf({ nwave, flat, ivar }: FiberFlat, f: number): number {
  const values = flat.subarray(f * nwave, (f + 1) * nwave).filter((_, i) => ivar[f * nwave + i]! > 0);
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

describe('lit pixels', () => {
  it.each(['arc', 'flat'] as const)('of a saturated amplifier (%s) are all of them', async (kind) => {
    const expid = await expose(kind, [{ name: 'saturated', camera: 'r0', amplifier: 'C' }]);
    const [a, b, c, d] = numbers((await run(expid, 'r0')).metrics['LITFRAC_AMP']);
    expect(c).toBeGreaterThan(0.99);
    for (const other of [a, b, d]) expect(other).toBeLessThan(0.7);
  });
});

describe('spectra', () => {
  it.each(['science-dark', 'science-bright'] as const)('of %s have the magnitudes of the fibermap', async (kind) => {
    const expid = await expose(kind);
    for (const camera of CAMERAS) {
      const { metrics, dimming } = await run(expid, camera);
      const classes = numbers(metrics['DELTAMAG_TGT']);
      // Standard stars are bright; the others' mean has the noise of faint targets in it.
      expect(Math.abs(classes.at(-1)! - dimming)).toBeLessThan(0.02);
      const middle = median(numbers(metrics['DELTAMAG'])) - dimming;
      expect(Math.abs(middle)).toBeLessThan(camera === 'r0' ? 0.02 : 0.04);
    }
  });

  it('tell the dead fibers from the others, and the sky without those', async () => {
    const clean = await expose('science-gray');
    const damaged = await expose('science-gray', [{ name: 'dead-fibers' }]);
    for (const camera of CAMERAS) {
      const before = await run(clean, camera);
      const { truth, metrics } = await run(damaged, camera);
      expect(truth.deadFibers.length).toBeGreaterThan(5);
      expect(numbers(metrics['GOOD_FIBERS']).flatMap((good, f) => (good === 1 ? [] : [f]))).toEqual(truth.deadFibers);
      expect(Math.abs(Number(metrics['PEAKCOUNT']) / Number(before.metrics['PEAKCOUNT']) - 1)).toBeLessThan(0.25);
      for (const snr of numbers(metrics['FIDSNR_TGT'])) expect(snr).toBeGreaterThan(0.3);
    }
  });
});
