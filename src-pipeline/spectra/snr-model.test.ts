import { describe, expect, it } from 'vitest';
import { fitModels, fitOnGrid, modelSnr } from './snr-model.ts';

const EXPTIME = 900;
/** A repeatable scatter of some per cent. */
const scatter = (k: number): number => 1 + 0.06 * Math.sin(7 * k + 1);
const flux = Float64Array.from({ length: 40 }, (_, k) => 0.3 * 1.15 ** k);
const snrOf = (a: number, b: number): Float64Array => flux.map((f, k) => modelSnr(f, a, b, EXPTIME) * scatter(k));

/** All points of the three grids, as the original goes through them. */
function bruteForce(snr: Float64Array, variance: Float64Array): [[number, number], [number, number]] {
  let least = 1e10;
  let best: [number, number] = [NaN, NaN];
  const search = (from: number, step: number): void => {
    for (let i = 0; i < 100; i++) {
      for (let j = 0; j < 100; j++) {
        const [a, b] = [from + step * i, 0.1 * j];
        const chi2 = flux.reduce((sum, f, k) => sum + ((snr[k]! - modelSnr(f, a, b, EXPTIME)) / variance[k]!) ** 2, 0);
        if (chi2 <= least) [least, best] = [chi2, [a, b]];
      }
    }
  };
  search(0, 0.01);
  const coarse = best;
  search(coarse[0] - 0.05, 0.001);
  search(best[0] - 0.005, 0.0001);
  return [coarse, best];
}

describe('the fit on grids', () => {
  it.each([
    [0.0123, 0.7],
    [0.031, 4.2],
    [0.4, 0],
  ])('gives the points of going through all of them: a = %f, b = %f', (a, b) => {
    const snr = snrOf(a, b);
    const variance = flux.map((_, k) => 1 + 0.3 * Math.cos(k));
    const [coarse, fine] = bruteForce(snr, variance);
    expect(fitOnGrid(flux, snr, variance, EXPTIME)).toEqual({ coarse, fine });
  });

  it('has none where no point is acceptable', () => {
    expect(fitOnGrid(flux, snrOf(0.01, 1), new Float64Array(40).fill(1e-9), EXPTIME)).toBeNull();
    expect(fitOnGrid(flux, new Float64Array(40).fill(NaN), new Float64Array(40).fill(1), EXPTIME)).toBeNull();
  });
});

describe('the fit of all classes', () => {
  const noise = 0.02;

  it('finds the light of each and the background of all, dead fibers among them', () => {
    const faint = { flux, snr: snrOf(0.012, 0.4) };
    const bright = { flux: flux.map((f) => 200 * f), snr: flux.map((f) => modelSnr(200 * f, 0.015, 0.4, EXPTIME)) };
    faint.snr[30] = -8;
    const { a, b } = fitModels([faint, bright], noise, EXPTIME);
    expect(Math.abs(a[0]! / 0.012 - 1)).toBeLessThan(0.05);
    expect(Math.abs(a[1]! / 0.015 - 1)).toBeLessThan(0.05);
    expect(Math.abs(b / 0.4 - 1)).toBeLessThan(0.25);
  });

  it('has no number for a class without light', () => {
    const { a, b } = fitModels(
      [
        { flux, snr: snrOf(0.012, 0.4) },
        { flux, snr: flux.map(() => -1) },
      ],
      noise,
      EXPTIME,
    );
    expect(a[0]).toBeGreaterThan(0);
    expect(a[1]).toBeNaN();
    expect(b).toBeGreaterThanOrEqual(0);
    expect(fitModels([], noise, EXPTIME)).toEqual({ a: [], b: NaN });
  });
});
