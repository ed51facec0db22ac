import { medianInPlace } from '../../math/statistics.ts';

/** Level and noise of some overscan pixels, in their unit. */
export interface OverscanLevel {
  level: number;
  noise: number;
}

const NSIGMA = 5;
const ITERATIONS = 3;
/** With fewer pixels left than this, clipping is given up. */
const FEWEST = 5;
/** Turns the median absolute deviation of a Gaussian into its standard deviation. */
const MAD_TO_SIGMA = 1.4826;

/** erf by its power series, which converges fast enough for the small arguments here (Abramowitz & Stegun 7.1.6). */
function erf(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; Math.abs(term) > 1e-18 * Math.abs(sum); n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

/**
 * Standard deviation of a unit Gaussian that is cut off at ± a: √(1 − 2a·exp(−a²/2) / (√(2π)·erf(a/√2))). Dividing a clipped
 * standard deviation by it gives the whole one.
 */
export function clippedStdBias(a: number): number {
  return Math.sqrt(1 - (2 * a * Math.exp((-a * a) / 2)) / (Math.sqrt(2 * Math.PI) * erf(a / Math.SQRT2)));
}

const STD_BIAS = clippedStdBias(NSIGMA);

/**
 * Level and noise of overscan pixels, by iterative clipping: it starts from the median and 1.4826 times the median absolute
 * deviation (pixels are whole numbers, so those are coarse), then three times takes mean and standard deviation of the
 * pixels closer than 5 σ; the last σ is corrected for what clipping cut off. As desispec.preproc._overscan.
 * NaN pixels are left out (the original returns NaN).
 * @param pixels any unit; not changed
 */
export function overscanLevel(pixels: Float64Array): OverscanLevel {
  const sorted = new Float64Array(pixels.length);
  let n = 0;
  for (let i = 0; i < pixels.length; i++) if (pixels[i]! === pixels[i]!) sorted[n++] = pixels[i]!;
  const values = n === pixels.length ? pixels : sorted.slice(0, n);
  const start = medianInPlace(sorted, n);
  for (let i = 0; i < n; i++) sorted[i] = Math.abs(values[i]! - start);
  const startNoise = MAD_TO_SIGMA * medianInPlace(sorted, n);

  let level = start;
  let noise = startNoise;
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    const limit = NSIGMA * noise;
    let good = 0;
    let sum = 0;
    for (let i = 0; i < n; i++) {
      if (Math.abs(values[i]! - level) < limit) {
        good++;
        sum += values[i]!;
      }
    }
    if (good < FEWEST) return { level: start, noise: startNoise };
    const mean = sum / good;
    let squares = 0;
    for (let i = 0; i < n; i++) {
      if (Math.abs(values[i]! - level) < limit) {
        const deviation = values[i]! - mean;
        squares += deviation * deviation;
      }
    }
    level = mean;
    noise = Math.sqrt(squares / good);
  }
  return { level, noise: noise / STD_BIAS };
}
