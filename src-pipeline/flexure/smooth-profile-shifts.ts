import { fitPolynomial, polynomialValue } from '../math/polynomial.ts';
import { median } from '../math/statistics.ts';
import { newShiftSamples, type ShiftSamples } from './shift-samples.ts';

/** A fiber's shifts should follow a parabola along the CCD; points this many times the median off do not. */
const DEGREE = 2;
const MOST_CHI2 = 9 * 2;
const ROUNDS = 10;

/**
 * The shifts of one fiber without outliers: up to ten times a parabola in y is fitted, and points are dropped whose χ² is
 * over 18 times the median's. No samples when fewer than four are left. Source: desispec 0.31 `trace_shifts.py`.
 */
export function withoutOutliers(samples: ShiftSamples): ShiftSamples {
  let kept = samples;
  for (let round = 0; round < ROUNDS; round++) {
    if (kept.delta.length < DEGREE + 2) return newShiftSamples();
    const { y, delta, error } = kept;
    // The original gives numpy.polyfit 1/σ² where it takes 1/σ.
    const fit = fitPolynomial(
      y,
      delta,
      DEGREE,
      error.map((e) => 1 / (e * e)),
    );
    if (fit === null) return newShiftSamples();
    const chi2 = delta.map((value, i) => ((value - polynomialValue(fit, y[i]!)) / error[i]!) ** 2);
    const most = MOST_CHI2 * median(chi2);
    const good = Array.from(chi2.keys()).filter((i) => chi2[i]! <= most);
    if (good.length === delta.length) break;
    kept = {
      x: good.map((i) => kept.x[i]!),
      y: good.map((i) => y[i]!),
      delta: good.map((i) => delta[i]!),
      error: good.map((i) => error[i]!),
    };
  }
  return kept;
}
