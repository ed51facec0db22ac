import { PERCENTILES, type ImageStatistics } from '#shared/domain/image.ts';
import { zscale, zscaleSample } from './zscale.ts';

/** Pixels in a form that the loops over whole images are fast with; undefined ones are NaN. */
export type Samples = Uint8Array | Uint16Array | Float32Array | Float64Array;

/** Most pixels that percentiles and histogram are taken of. */
const SAMPLE = 262_144;
const BINS = 256;
/** The histogram goes a little beyond the range that is of interest. */
const MARGIN = 0.15;

interface Sums {
  defined: number;
  min: number;
  max: number;
  sum: number;
}

function sumUp(values: Samples): Sums {
  let defined = 0;
  let min = Infinity;
  let max = -Infinity;
  let sum = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    // NaN and both infinities fail this.
    if (!(value - value === 0)) continue;
    defined += 1;
    sum += value;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return { defined, min, max, sum };
}

/** Fraction of the golden ratio: multiples of it fall evenly, and never in step with the rows of an image. */
const GOLDEN = (Math.sqrt(5) - 1) / 2;

/** Defined values from all over the image, sorted: all of them, or an even sample. */
function evenSample(values: Samples): Float64Array {
  const isWhole = values.length <= SAMPLE;
  const out = new Float64Array(Math.min(SAMPLE, values.length));
  let taken = 0;
  for (let i = 0; i < out.length; i++) {
    const value = values[isWhole ? i : Math.floor(((i * GOLDEN) % 1) * values.length)]!;
    if (value - value === 0) out[taken++] = value;
  }
  return out.subarray(0, taken).sort();
}

/** Linear between the order statistics, as numpy's default. */
function percentile(sorted: Float64Array, percent: number): number {
  const at = (percent / 100) * (sorted.length - 1);
  const below = Math.floor(at);
  const low = sorted[below]!;
  const high = sorted[Math.min(below + 1, sorted.length - 1)]!;
  return low + (high - low) * (at - below);
}

function histogram(sorted: Float64Array, low: number, high: number): number[] {
  const counts = new Array<number>(BINS).fill(0);
  const scale = BINS / (high - low);
  for (const value of sorted) {
    if (value < low || value > high) continue;
    const bin = Math.min(BINS - 1, Math.floor((value - low) * scale));
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return counts;
}

/** Statistics of all pixels of an image, or of the part of it that `values` holds. */
export function statisticsOf(values: Samples): ImageStatistics {
  const { defined, min, max, sum } = sumUp(values);
  const undefinedPixels = values.length - defined;
  if (defined === 0) return { defined, undefined: undefinedPixels, values: null };
  let sorted = evenSample(values);
  // A few defined pixels among many may all have been passed over.
  if (sorted.length === 0) sorted = Float64Array.of(min, max);
  const percentiles = PERCENTILES.map((percent) => percentile(sorted, percent));
  const range = zscale(zscaleSample(values, defined));
  const from = Math.min(range[0], percentiles[0]!);
  const to = Math.max(range[1], percentiles[percentiles.length - 1]!);
  const margin = (to - from || Math.abs(to) || 1) * MARGIN;
  const [low, high] = [from - margin, to + margin];
  return {
    defined,
    undefined: undefinedPixels,
    values: {
      min,
      max,
      mean: sum / defined,
      zscale: range,
      percentiles,
      histogram: { low, high, counts: histogram(sorted, low, high) },
    },
  };
}
