import { histogramOf } from '../../math/histogram.ts';

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
  const { values, counts } = distinctValues(pixels);
  const total = counts.reduce((sum, count) => sum + count, 0);
  const start = weightedMedian(values, counts, total);
  const startNoise = MAD_TO_SIGMA * medianDeviation(values, counts, total, start);

  let level = start;
  let noise = startNoise;
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    const limit = NSIGMA * noise;
    let good = 0;
    let sum = 0;
    for (let i = 0; i < values.length; i++) {
      if (Math.abs(values[i]! - level) < limit) {
        good += counts[i]!;
        sum += values[i]! * counts[i]!;
      }
    }
    if (good < FEWEST) return { level: start, noise: startNoise };
    const mean = sum / good;
    let squares = 0;
    for (let i = 0; i < values.length; i++) {
      if (Math.abs(values[i]! - level) < limit) squares += (values[i]! - mean) ** 2 * counts[i]!;
    }
    level = mean;
    noise = Math.sqrt(squares / good);
  }
  return { level, noise: noise / STD_BIAS };
}

/** The values that occur, ascending, and how often each does. */
interface Distinct {
  values: Float64Array;
  counts: Float64Array;
}

/** Raw pixels are whole numbers close together, so a hundred thousand of them are some dozen values. */
function distinctValues(pixels: Float64Array): Distinct {
  const histogram = histogramOf(pixels);
  if (histogram) {
    const { first, counts } = histogram;
    const occurring = Array.from(counts.keys()).filter((i) => counts[i]! > 0);
    return {
      values: Float64Array.from(occurring, (i) => first + i),
      counts: Float64Array.from(occurring, (i) => counts[i]!),
    };
  }
  const values = pixels.filter((pixel) => pixel === pixel).sort();
  return { values, counts: new Float64Array(values.length).fill(1) };
}

function valueAtRank(values: Float64Array, counts: Float64Array, rank: number): number {
  let seen = 0;
  for (let i = 0; i < values.length; i++) {
    seen += counts[i]!;
    if (seen > rank) return values[i]!;
  }
  return NaN;
}

function weightedMedian(values: Float64Array, counts: Float64Array, total: number): number {
  const upper = valueAtRank(values, counts, Math.floor(total / 2));
  return total % 2 === 1 ? upper : 0.5 * (valueAtRank(values, counts, total / 2 - 1) + upper);
}

/** Median of |value − center|. */
function medianDeviation(values: Float64Array, counts: Float64Array, total: number, center: number): number {
  const order = Array.from(values.keys()).sort((a, b) => Math.abs(values[a]! - center) - Math.abs(values[b]! - center));
  return weightedMedian(
    Float64Array.from(order, (i) => Math.abs(values[i]! - center)),
    Float64Array.from(order, (i) => counts[i]!),
    total,
  );
}
