import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { choleskyFactor, choleskyInverse, choleskySolve } from './cholesky.ts';
import { erf } from './erf.ts';
import { arange, linspace, nearestIndex } from './grid.ts';
import { interpSorted } from './interp.ts';
import { legendreValue } from '#shared/fits/legendre-set.ts';
import { legendreFit, legendreFitter, legendreToPowers } from './legendre.ts';
import { fitPolynomial, parabolaMinimum, polynomialValue } from './polynomial.ts';
import { fitSpline, splineBasis, splineKnots, splineValues } from './spline.ts';
import { median, medianInPlace, percentile } from './statistics.ts';

// Without −0: which of the two zeros is the smallest is nobody's business.
const finite = fc.double({ min: -1e6, max: 1e6, noNaN: true }).map((value) => value + 0);

describe('order statistics', () => {
  it('are those of the sorted values', () => {
    fc.assert(
      fc.property(fc.array(finite, { minLength: 1, maxLength: 200 }), (values) => {
        const sorted = Float64Array.from(values).sort();
        const half = values.length >> 1;
        const middle = values.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
        expect(median(values)).toBe(middle);
        expect(percentile(values, 0)).toBe(sorted[0]);
        expect(percentile(values, 100)).toBe(sorted.at(-1));
      }),
    );
  });

  it('of a part of an array leave the rest alone', () => {
    const values = Float64Array.of(9, 3, 1, 2, -5);
    expect(medianInPlace(values, 3, 1)).toBe(2);
    expect([values[0], values[4]]).toEqual([9, -5]);
  });

  it('of nothing, or of what is no number, are none', () => {
    expect(median([])).toBeNaN();
    expect(median([1, NaN, 2])).toBeNaN();
  });
});

describe('grids', () => {
  it('have the rounding of numpy', () => {
    expect(Array.from(arange(5630, 5632.5, 0.8))).toEqual([5630, 5630.8, 5631.6, 5632.400000000001]);
    expect(linspace(5649.593695357129, 7700, 7)[6]).toBe(7700);
    expect(Array.from(linspace(1, 1, 1))).toEqual([1]);
  });

  it('know the nearest value, of two the lower', () => {
    const grid = Float64Array.of(0, 1, 2, 4);
    expect([-3, 0.5, 1.4, 1.6, 3, 9].map((x) => nearestIndex(grid, x))).toEqual([0, 0, 1, 2, 2, 3]);
  });
});

describe('linear interpolation', () => {
  it('is the straight line between the two nodes around, and what is told outside', () => {
    const out = new Float64Array(7);
    const x = Float64Array.of(-1, 0, 0.5, 1, 2.5, 3, 4);
    interpSorted(x, 0, 7, Float64Array.of(0, 1, 3), Float64Array.of(10, 20, 0), 3, out, 0, -7, 7);
    expect(Array.from(out)).toEqual([-7, 10, 15, 20, 5, 0, 7]);
  });
});

describe('linear systems', () => {
  it('are solved and inverted', () => {
    const matrix = Float64Array.of(4, 0, 0, 2, 5, 0, 1, 3, 6);
    expect(choleskyFactor(matrix, 3)).toBe(true);
    const x = choleskySolve(matrix, 3, Float64Array.of(11, 21, 25));
    [1, 2, 3].forEach((value, i) => expect(x[i]).toBeCloseTo(value, 12));
    const inverse = choleskyInverse(matrix, 3);
    expect(4 * inverse[0]! + 2 * inverse[3]! + inverse[6]!).toBeCloseTo(1, 12);
  });

  it('that are singular are refused', () => {
    expect(choleskyFactor(Float64Array.of(1, 0, 1, 1), 2)).toBe(false);
    expect(choleskyFactor(Float64Array.of(NaN), 1)).toBe(false);
  });
});

describe('series', () => {
  const coef = Float64Array.of(3, -2, 0.5, 0.25, -0.125);

  it('of Legendre polynomials are powers too, and found again from their values', () => {
    const powers = new Float64Array(5);
    legendreToPowers(coef, 0, 5, powers);
    const u = linspace(-1, 1, 23);
    const values = u.map((at) => legendreValue(coef, 0, 5, at));
    u.forEach((at, i) => {
      expect(powers.reduceRight((sum, power) => sum * at + power, 0)).toBeCloseTo(values[i]!, 12);
    });
    for (const found of [legendreFit(u, values, 5)!, legendreFitter(u, 5)(values)]) {
      coef.forEach((value, i) => expect(found[i]).toBeCloseTo(value, 12));
    }
    expect(legendreFit(u.slice(0, 3), values, 5)).toBeNull();
  });

  it('of powers, far from the origin', () => {
    const x = linspace(5000, 5040, 9);
    const fit = fitPolynomial(
      x,
      x.map((at) => 3 + 0.5 * (at - 5013) ** 2),
      2,
    )!;
    expect(polynomialValue(fit, 5033)).toBeCloseTo(203, 8);
    expect(parabolaMinimum(fit)!.at).toBeCloseTo(5013, 9);
    expect(parabolaMinimum(fit)!.curvature).toBeCloseTo(0.5, 9);
    expect(
      parabolaMinimum(
        fitPolynomial(
          x,
          x.map((at) => -((at - 5013) ** 2)),
          2,
        )!,
      ),
    ).toBeNull();
  });
});

describe('splines', () => {
  const x = linspace(0, 10, 101);
  const cubic = x.map((at) => 1 + at - 0.3 * at ** 2 + 0.02 * at ** 3);

  it('hold every cubic, also beyond their ends', () => {
    const basis = splineBasis(splineKnots(1, [3, 5, 7], 9), x);
    const weights = x.map((at) => (at >= 1 && at <= 9 ? 2 : 0));
    const out = new Float64Array(101);
    splineValues(basis, fitSpline(basis, cubic, weights)!, out);
    cubic.forEach((value, i) => expect(out[i]).toBeCloseTo(value, 8));
  });

  it('need points between their knots', () => {
    const basis = splineBasis(splineKnots(0, [2, 4, 6, 8], 10), x);
    expect(
      fitSpline(
        basis,
        cubic,
        x.map((at) => (at < 3 ? 1 : 0)),
      ),
    ).toBeNull();
  });
});

describe('the error function', () => {
  it.each([
    [0, 0],
    [0.5, 0.5204998778130465],
    [-1, -0.8427007929497149],
    [2.5, 0.999593047982555],
    [7, 1],
  ])('of %f', (x, value) => {
    expect(erf(x)).toBeCloseTo(value, 14);
  });
});
