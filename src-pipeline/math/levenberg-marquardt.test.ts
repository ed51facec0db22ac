import { expect, it } from 'vitest';
import { unitVectors } from '../test-support/reference.ts';
import { createWidthFitter } from '../qa/xwsigma.ts';
import { createFitter, fitLevenbergMarquardt, type Model } from './levenberg-marquardt.ts';

const LINE: Model = {
  parameters: 2,
  value: (p, x) => p[0]! + p[1]! * x,
  gradient(_p, x, out) {
    out[0] = 1;
    out[1] = x;
  },
};

/** exp(−p·x) + q: bends strongly, so that the region has to be found. */
const DECAY: Model = {
  parameters: 2,
  value: (p, x) => Math.exp(-p[0]! * x) + p[1]!,
  gradient(p, x, out) {
    out[0] = -x * Math.exp(-p[0]! * x);
    out[1] = 1;
  },
};

it('fits widths as scipy does from the same start, within 1e-6 relative', () => {
  const vectors = unitVectors<number[], { a: number; mu: number; sigma: number }>('gauss curve_fit (start 1,1,1)');
  expect(vectors).toHaveLength(5);
  for (const { in: counts, out } of vectors) {
    const sigma = createWidthFitter(counts.length).original(counts);
    expect(Math.abs(sigma! / Math.abs(out.sigma) - 1)).toBeLessThan(1e-6);
  }
});

it('solves a linear problem in one step', () => {
  const { p, converged } = fitLevenbergMarquardt(LINE, [1, 3, 5, 7], [0, 0], 10);
  expect(converged).toBe(true);
  expect(p[0]).toBeCloseTo(1, 10);
  expect(p[1]).toBeCloseTo(2, 10);
});

it('leaves out samples of weight 0', () => {
  const { p } = fitLevenbergMarquardt(LINE, [1, 3, 1000, 7], [0, 0], 10, [1, 1, 0, 1]);
  expect(p[1]).toBeCloseTo(2, 10);
});

it('finds a far minimum of a bent model, again and again with the same memory', () => {
  const fit = createFitter(DECAY, 20);
  for (const rate of [0.05, 0.4, 2]) {
    const y = Float64Array.from({ length: 20 }, (_, x) => Math.exp(-rate * x) + 3);
    const { p, converged } = fit(y, [1, 0], 200);
    expect(converged).toBe(true);
    expect(p[0]).toBeCloseTo(rate, 6);
    expect(p[1]).toBeCloseTo(3, 8);
  }
});

it.each([
  ['no numbers', [NaN, 1, 2, 3]],
  ['infinite ones', [Infinity, 1, 2, 3]],
])('gives up on %s', (_what, y) => {
  expect(fitLevenbergMarquardt(LINE, y, [0, 0], 50).converged).toBe(false);
});

it('gives up after the evaluations that it may take', () => {
  const y = Float64Array.from({ length: 20 }, (_, x) => Math.exp(-0.4 * x) + 3);
  expect(fitLevenbergMarquardt(DECAY, y, [30, 0], 3).converged).toBe(false);
});
