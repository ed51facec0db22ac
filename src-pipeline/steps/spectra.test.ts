import { describe, expect, it } from 'vitest';
import { referenceJob, type ReferenceJob, referenceJson, unitVectors } from '../test-support/reference.ts';
import { runReferenceChain } from '../test-support/reference-chain.ts';
import { unitImage, unitTraces } from '../test-support/unit-vectors.ts';
import { evaluate } from '../psf/legendre-set.ts';
import { viewOfQFrame } from '../spectra/spectra-view.ts';
import type { FiberFlat, Frame } from '../types.ts';
import { boxcarExtract } from './boxcar-extract.ts';
import { extractQFrame } from './extract-qp.ts';
import { applyFiberFlat } from './fiberflat-ql.ts';
import { originalMeanSky, subtractSky } from './sky-ql.ts';
import { subtractSkyFromQFrame } from './sky-qp.ts';

/** Largest |found − expected| over the larger of |expected| and `floor`. */
function worst(found: ArrayLike<number>, expected: readonly number[], floor = 1e-300): number {
  expect(found.length).toBe(expected.length);
  return expected.reduce(
    (most, value, i) => Math.max(most, Math.abs(found[i]! - value) / Math.max(Math.abs(value), floor)),
    0,
  );
}

interface Spectra {
  flux: number[][];
  ivar: number[][];
}

const frameOf = (wave: readonly number[], { flux, ivar }: Spectra): Frame => ({
  nspec: flux.length,
  nwave: wave.length,
  boxWidth: 5,
  wave: Float64Array.from(wave),
  flux: Float64Array.from(flux.flat()),
  ivar: Float64Array.from(ivar.flat()),
  unit: 'electron/Angstrom',
});

describe('single steps against the original, compatible', () => {
  // The image is kept in single precision: 6e-8 of each pixel.
  const SINGLE = 2e-7;

  it('boxcar extraction', () => {
    const [vector] = unitVectors<{ outwave: number[] }, Spectra>('qlboxcar.do_boxcar(boxwidth=2.5)');
    const frame = boxcarExtract(unitImage(), unitTraces(), {
      wave: Float64Array.from(vector!.in.outwave),
      halfWidth: 2.5,
      nspec: 4,
      compatible: true,
    });
    expect(worst(frame.flux, vector!.out.flux.flat())).toBeLessThan(SINGLE);
    expect(worst(frame.ivar, vector!.out.ivar.flat())).toBeLessThan(SINGLE);
  });

  const options = { width: 7, nspec: 4, wavestep: 0.8, compatible: true };

  it('extraction by rows, and its spectra on a common grid', () => {
    const [rows] = unitVectors<unknown, Spectra & { wave: number[][] }>('qextract.qproc_boxcar_extraction(width=7)');
    const qframe = extractQFrame(unitImage(), unitTraces(), options);
    expect(worst(qframe.wave, rows!.out.wave.flat())).toBeLessThan(1e-14);
    expect(worst(qframe.flux, rows!.out.flux.flat())).toBeLessThan(SINGLE);
    expect(worst(qframe.ivar, rows!.out.ivar.flat())).toBeLessThan(SINGLE);
    const [common] = unitVectors<unknown, Spectra & { wave: number[] }>('qframe.asframe');
    const view = viewOfQFrame(qframe);
    expect(worst(view.wave, common!.out.wave)).toBeLessThan(1e-14);
    for (let f = 0; f < 4; f++) {
      expect(worst(view.flux(f), common!.out.flux[f]!)).toBeLessThan(SINGLE);
      expect(worst(view.ivar(f), common!.out.ivar[f]!)).toBeLessThan(SINGLE);
    }
  });

  it('sky subtraction of spectra of their own wavelengths', () => {
    const [vector] = unitVectors<unknown, { sky: number[][]; flux: number[][] }>('qsky.qproc_sky_subtraction');
    const { qframe, sky } = subtractSkyFromQFrame(extractQFrame(unitImage(), unitTraces(), options), [1, 2], true);
    expect(worst(sky.flux, vector!.out.sky.flat())).toBeLessThan(SINGLE);
    expect(worst(qframe.flux, vector!.out.flux.flat(), 100)).toBeLessThan(SINGLE);
  });

  interface FlatInput extends Spectra {
    wave: number[];
    flat: number[][];
    flat_ivar: number[][];
  }
  const [plain] = unitVectors<FlatInput, Spectra>('quickfiberflat.apply_fiberflat');
  const flatOf = (wave: readonly number[], flat: number[][], ivar: number[][]): FiberFlat => ({
    nspec: flat.length,
    nwave: wave.length,
    wave: Float64Array.from(wave),
    flat: Float64Array.from(flat.flat()),
    ivar: Float64Array.from(ivar.flat()),
    mask: new Int32Array(flat.length * wave.length),
  });

  it('fiber flat on the same grid', () => {
    const { in: given, out } = plain!;
    const frame = applyFiberFlat(frameOf(given.wave, given), flatOf(given.wave, given.flat, given.flat_ivar), true);
    expect(worst(frame.flux, out.flux.flat())).toBeLessThan(1e-14);
    expect(worst(frame.ivar, out.ivar.flat())).toBeLessThan(1e-13);
  });

  it('fiber flat on another grid', () => {
    const [vector] = unitVectors<{ flat: number[][]; flat_ivar: number[][] } & Record<string, number[]>, Spectra>(
      'quickfiberflat.apply_fiberflat (interpolated)',
    );
    const { in: given, out } = vector!;
    const flat = flatOf(given['as above, flat_wave']!, given.flat, given.flat_ivar);
    const frame = applyFiberFlat(frameOf(plain!.in.wave, plain!.in), flat, true);
    expect(worst(frame.flux, out.flux.flat())).toBeLessThan(1e-13);
    expect(worst(frame.ivar, out.ivar.flat())).toBeLessThan(1e-13);
  });

  it('mean sky', () => {
    const [vector] = unitVectors<Spectra & { OBJTYPE: string[] }, Spectra & { sky_flux: number[]; sky_ivar: number[] }>(
      'quicksky.compute_sky+subtract_sky',
    );
    const { in: given, out } = vector!;
    const fibers = given.OBJTYPE.flatMap((type, f) => (type === 'SKY' ? [f] : []));
    const frame = frameOf(
      given.flux[0]!.map((_, i) => 6000 + 0.8 * i),
      given,
    );
    const sky = originalMeanSky(frame, fibers);
    expect(worst(sky.flux, out.sky_flux)).toBeLessThan(1e-13);
    expect(worst(sky.ivar, out.sky_ivar)).toBeLessThan(1e-10);
    const { frame: subtracted } = subtractSky(frame, sky, true);
    expect(worst(subtracted.flux, out.flux.flat(), 100)).toBeLessThan(1e-13);
    expect(worst(subtracted.ivar, out.ivar.flat())).toBeLessThan(1e-10);
  });
});

interface SpectraProduct {
  shape: [number, number];
  flux_sum_per_fiber: number[];
  flux_median_per_fiber: number[];
  sample_stride_fiber_wave: [number, number];
  flux_sample: number[][];
  ivar_sample: number[][];
}

describe.each(['ql-r0-101', 'qlcalib-r0-102', 'qp-b0-101', 'qp-z1-101'])(
  'intermediate spectra of %s, compatible',
  (name) => {
    const products = referenceJson<Record<string, SpectraProduct>>(`products/${name}.json.gz`);
    const chain = runReferenceChain(name, true);

    it.each(chain.map(({ algorithm }) => algorithm))('after %s', (algorithm) => {
      const { frame, qframe } = chain.find((step) => step.algorithm === algorithm)!.products;
      const spectra = (qframe ?? frame)!;
      const columns = 'nrow' in spectra ? spectra.nrow : spectra.nwave;
      const expected = products[algorithm]!;
      expect([spectra.nspec, columns]).toEqual(expected.shape);
      const [fiberStride, columnStride] = expected.sample_stride_fiber_wave;
      const at = (i: number, k: number): number => i * fiberStride * columns + k * columnStride;
      // Sky subtraction leaves the rounding of what was there before, 1e-7 of some hundred electrons/Å.
      const scale = 'boxWidth' in spectra && spectra.unit === 'electron/Angstrom' ? 300 : 1;
      const flux = expected.flux_sample.flatMap((row, i) => row.map((_, k) => spectra.flux[at(i, k)]!));
      expect(worst(flux, expected.flux_sample.flat(), scale)).toBeLessThan(3e-6);
      const ivar = expected.ivar_sample.flatMap((row, i) => row.map((_, k) => spectra.ivar[at(i, k)]!));
      expect(worst(ivar, expected.ivar_sample.flat())).toBeLessThan(1e-6);
      const sums = Array.from({ length: spectra.nspec }, (_, f) =>
        spectra.flux.subarray(f * columns, (f + 1) * columns).reduce((sum, value) => sum + value, 0),
      );
      expect(worst(sums, expected.flux_sum_per_fiber, scale * columns)).toBeLessThan(1e-6);
    });
  },
);

describe('extraction by default', () => {
  const { products } = referenceJob('ql-r0-101', false);
  const image = products.image!;
  const traces = products.traces!;
  const wave = Float64Array.from({ length: 2600 }, (_, i) => 5640 + 0.8 * i);

  it('catches the two per cent that the box half a pixel off loses', () => {
    const options = { wave, halfWidth: 2.5, nspec: traces.nspec };
    const right = boxcarExtract(image, traces, { ...options, compatible: false });
    const original = boxcarExtract(image, traces, { ...options, compatible: true });
    const ratios = Array.from({ length: traces.nspec }, (_, f) => total(right, f) / total(original, f)).sort(
      (a, b) => a - b,
    );
    expect(ratios[25]).toBeGreaterThan(1.01);
    expect(ratios[25]).toBeLessThan(1.025);
  });

  it('makes up for masked pixels by the profile, and gives up rows that have lost most of it', () => {
    const clean = extractQFrame(image, traces, { width: 7, nspec: 3, wavestep: 0.8, compatible: false });
    const row = 700;
    const x = Math.round(evaluate(traces.x, 1, clean.wave[clean.nrow + row]!));
    const mask = Uint8Array.from(image.mask);
    mask[row * image.nx + x + 1] = 16;
    const one = extractQFrame({ ...image, mask }, traces, { width: 7, nspec: 3, wavestep: 0.8, compatible: false });
    const at = clean.nrow + row;
    const sigma = 1 / Math.sqrt(one.ivar[at]!);
    expect(Math.abs(one.flux[at]! - clean.flux[at]!)).toBeLessThan(4 * sigma);
    expect(one.ivar[at]).toBeLessThan(clean.ivar[at]!);
    for (let i = x - 2; i <= x + 2; i++) mask[row * image.nx + i] = 16;
    const lost = extractQFrame({ ...image, mask }, traces, { width: 7, nspec: 3, wavestep: 0.8, compatible: false });
    expect([lost.flux[at], lost.ivar[at]]).toEqual([0, 0]);
  });
});

function total({ flux, nwave }: Frame, f: number): number {
  return flux.subarray(f * nwave, (f + 1) * nwave).reduce((sum, value) => sum + value, 0);
}

describe('a fibermap without sky fibers', () => {
  const withoutSky = (name: string, compatible: boolean): ReferenceJob => {
    const job = referenceJob(name, compatible);
    const fibermap = { ...job.products.fibermap!, objtype: job.products.fibermap!.objtype.map(() => 'TGT') };
    return { ...job, products: { ...job.products, fibermap } };
  };

  it.each(['ql-r0-101', 'qp-r0-101'])(
    'takes the faintest half, and the QAs of the sky say why they cannot (%s)',
    (name) => {
      const chain = runReferenceChain(name, false, withoutSky(name, false));
      const qas = Object.assign({}, ...chain.map((step) => step.qas)) as Record<string, unknown>;
      expect(qas['Sky_Continuum']).toBe('the fibermap has no sky fibers for this camera');
      expect(qas['Sky_Peaks']).toBe('the fibermap has no sky fibers for this camera');
      expect(qas['Calculate_SNR']).toMatchObject({ FIT_FILTER: 'DECAM_R' });
      expect(qas['CountSpectralBins']).toMatchObject({ NGOODFIB: 49 });
    },
  );

  it('ends the founding chain in compatible mode, as the original', () => {
    expect(() => runReferenceChain('ql-r0-101', true, withoutSky('ql-r0-101', true))).toThrow('no sky fibers');
  });
});
