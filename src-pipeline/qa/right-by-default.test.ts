import { beforeAll, describe, expect, it } from 'vitest';
import { type BufferSource, FRESH_BUFFERS } from '../buffers.ts';
import { median } from '../math/statistics.ts';
import { referenceJob, referenceJson } from '../test-support/reference.ts';
import { runReferenceChain } from '../test-support/reference-chain.ts';
import { bandFlux, magnitude } from '../spectra/photometry.ts';
import type { QaValue } from '../types.ts';

interface Truth {
  exposures: Record<string, { cameras: Record<string, { dead_fibers: number[] }> }>;
}
interface ReferenceRun {
  steps: { PA: string; QAs: Record<string, { METRICS?: Record<string, never> }> }[];
}
type Metrics = Record<string, QaValue>;

const truth = referenceJson<Truth>('truth.json');

/** All metrics of a run by default, and those of the original. */
function compare(name: string): { found: Metrics; original: Record<string, unknown> } {
  const found: Metrics = {};
  for (const { qas } of runReferenceChain(name, false)) {
    for (const [qa, metrics] of Object.entries(qas)) {
      if (typeof metrics === 'string') throw new Error(`${qa} of ${name}: ${metrics}`);
      Object.assign(found, metrics);
    }
  }
  const original: Record<string, unknown> = {};
  for (const { QAs } of referenceJson<ReferenceRun>(`metrics/${name}.json`).steps) {
    for (const { METRICS } of Object.values(QAs)) Object.assign(original, METRICS);
  }
  return { found, original };
}

const numbers = (value: unknown): number[] => Array.from(value as ArrayLike<number>);
const deadFibers = (name: string): number[] => {
  const [, camera, expid] = name.split('-');
  return truth.exposures[expid!]!.cameras[camera!]!.dead_fibers;
};
const ratios = (a: unknown, b: unknown): number[] => numbers(a).map((value, i) => value / numbers(b)[i]!);

describe('memory that another job has used', () => {
  it.each(['ql-r0-101', 'qp-r0-101'])('changes nothing (%s)', (name) => {
    const used = new Map<string, Float64Array>();
    const buffers: BufferSource = {
      ...FRESH_BUFFERS,
      float64(array, length) {
        const kept = used.get(array) ?? new Float64Array(length).fill(NaN);
        used.set(array, kept);
        return kept;
      },
    };
    const metrics = (source: BufferSource): unknown =>
      runReferenceChain(name, false, referenceJob(name, false), source).map(({ qas }) => qas);
    expect(metrics(buffers)).toEqual(metrics(FRESH_BUFFERS));
  });
});

describe.each(['ql-b0-101', 'ql-r0-101', 'ql-z1-101', 'ql-r0-102', 'ql-r0-110'])('%s by default', (name) => {
  let found: Metrics;
  let original: Record<string, unknown>;
  beforeAll(() => {
    ({ found, original } = compare(name));
  }, 120_000);

  it('finds the dead fibers that were simulated, amplifiers A to D too', () => {
    const bad = numbers(found['GOOD_FIBERS']).flatMap((good, f) => (good === 1 ? [] : [f]));
    expect(bad).toEqual(deadFibers(name));
    expect(found['NGOODFIB']).toBe(numbers(found['GOOD_FIBERS']).length - bad.length);
  });

  it('counts electrons, two per cent more in a box on the trace', () => {
    if (original['TOTCOUNT_FIB'] === undefined) return;
    const middle = median(ratios(found['TOTCOUNT_FIB'], original['TOTCOUNT_FIB'])) / 0.8;
    expect(middle).toBeGreaterThan(1.01);
    expect(middle).toBeLessThan(1.03);
  });

  it('has the sky of the same box', () => {
    expect(Number(found['SKYCONT']) / Number(original['SKYCONT'])).toBeGreaterThan(1.008);
    expect(Number(found['SKYCONT']) / Number(original['SKYCONT'])).toBeLessThan(1.025);
  });

  it('has the S/N within some per cent', () => {
    const better = ratios(found['MEDIAN_SNR'], original['MEDIAN_SNR']).filter(
      (_, f) => numbers(original['MEDIAN_SNR'])[f]! > 2,
    );
    // More light and less variance at the edges of the box; but the error of the sky is not taken from the scatter of
    // seven fibers, which comes out too small.
    expect(median(better)).toBeGreaterThan(0.97);
    expect(median(better)).toBeLessThan(1.06);
  });
});

describe.each(['qp-b0-101', 'qp-r0-101', 'qp-z0-101', 'qp-z1-101', 'qp-r0-110'])('%s by default', (name) => {
  let found: Metrics;
  let original: Record<string, unknown>;
  beforeAll(() => {
    ({ found, original } = compare(name));
  }, 120_000);

  it('finds the dead fibers that were simulated', () => {
    const bad = numbers(found['GOOD_FIBERS']).flatMap((good, f) => (good === 1 ? [] : [f]));
    expect(bad).toEqual(deadFibers(name));
  });

  it('has the original sky within one per cent: the box of seven pixels holds all light', () => {
    expect(Math.abs(Number(found['SKYCONT']) / Number(original['SKYCONT']) - 1)).toBeLessThan(0.01);
  });

  it('has the median S/N within 0.06', () => {
    const off = numbers(found['MEDIAN_SNR']).map((value, f) => Math.abs(value - numbers(original['MEDIAN_SNR'])[f]!));
    expect(median(off)).toBeLessThan(0.06);
  });

  it('has the magnitudes of the fibermap, where the original is off by 2.5 log EXPTIME and the filter', () => {
    const { products, facts } = referenceJob(name, false);
    const flux = bandFlux(products.fibermap!, facts.arm);
    const off = (mags: unknown): number[] =>
      numbers(mags).flatMap((value, f) => (value < 30 && flux[f]! > 0 ? [value - magnitude(flux[f]!)] : []));
    const ours = off(found['SPEC_MAGS']);
    const middle = median(ours);
    // The simulation fixes its spectra at one wavelength of the band, so that their slope remains: up to 0.1.
    expect(Math.abs(middle)).toBeLessThan(0.1);
    expect(median(ours.map((value) => Math.abs(value - middle)))).toBeLessThan(0.06);
    expect(Math.abs(median(off(original['SPEC_MAGS'])))).toBeGreaterThan(0.2);
  });

  it('has no shift of the traces, where the original sees the bias of its window', () => {
    if (original['XYSHIFTS'] === undefined) return;
    const [dx, dy] = numbers(found['XYSHIFTS']);
    expect(Math.abs(dx!)).toBeLessThan(0.005);
    expect(Math.abs(dy!)).toBeLessThan(0.01);
    expect(Math.abs(numbers(original['XYSHIFTS'])[0]!)).toBeGreaterThan(0.01);
  });

  it('has the brightness of the sky on r cameras', () => {
    const brightness = Number(found['SKYRBAND']);
    if (name.includes('-r')) expect(Math.abs(brightness - 20.03)).toBeLessThan(0.05);
    else expect(brightness).toBe(0);
  });
});
