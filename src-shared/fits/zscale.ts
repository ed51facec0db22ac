/** Constants of astropy's ZScaleInterval, which are IRAF's. */
const SAMPLES = 1000;
const CONTRAST = 0.25;
const MAX_REJECT = 0.5;
const MIN_PIXELS = 5;
const REJECT_SIGMA = 2.5;
const MAX_ITERATIONS = 5;

/** Every n-th defined value, at most a thousand of them, as zscale takes them. `defined`: how many are no NaN or infinity. */
export function zscaleSample(values: ArrayLike<number>, defined: number): Float64Array {
  const stride = Math.trunc(Math.max(1, defined / SAMPLES));
  const out = new Float64Array(Math.min(SAMPLES, Math.ceil(defined / stride)));
  if (defined === values.length) {
    for (let i = 0; i < out.length; i++) out[i] = values[i * stride]!;
    return out;
  }
  for (let i = 0, seen = 0, taken = 0; i < values.length && taken < out.length; i++) {
    if (!Number.isFinite(values[i])) continue;
    if (seen % stride === 0) out[taken++] = values[i]!;
    seen += 1;
  }
  return out;
}

/** Line through (i, values[i]) over the points that are not bad: least squares. */
function fitLine(values: Float64Array, bad: Uint8Array): { slope: number; intercept: number } {
  let n = 0;
  let sumX = 0;
  let sumY = 0;
  for (let i = 0; i < values.length; i++) {
    if (bad[i]) continue;
    n += 1;
    sumX += i;
    sumY += values[i]!;
  }
  const meanX = sumX / n;
  const meanY = sumY / n;
  let sxx = 0;
  let sxy = 0;
  for (let i = 0; i < values.length; i++) {
    if (bad[i]) continue;
    sxx += (i - meanX) ** 2;
    sxy += (i - meanX) * (values[i]! - meanY);
  }
  const slope = sxx === 0 ? 0 : sxy / sxx;
  return { slope, intercept: meanY - slope * meanX };
}

/** Residuals of the points that are not bad, their population standard deviation. */
function spread(residuals: Float64Array, bad: Uint8Array): number {
  let n = 0;
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < residuals.length; i++) {
    if (bad[i]) continue;
    n += 1;
    sum += residuals[i]!;
  }
  const mean = sum / n;
  for (let i = 0; i < residuals.length; i++) if (!bad[i]) squares += (residuals[i]! - mean) ** 2;
  return Math.sqrt(squares / n);
}

/** A point is bad where one of `width` points around it is. */
function grow(bad: Uint8Array, width: number): Uint8Array {
  const before = Math.floor(width / 2);
  return bad.map((_, i) => {
    for (let j = Math.max(0, i - before); j <= Math.min(bad.length - 1, i - before + width - 1); j++)
      if (bad[j]) return 1;
    return 0;
  });
}

/**
 * IRAF's zscale: a line is fitted through the sorted sample with rejection; its slope over the contrast, around the median,
 * is the range. Where too much is rejected the range is the sample's. Same numbers as astropy.visualization.ZScaleInterval.
 * @param sample of zscaleSample, at least one value; is sorted in place
 */
export function zscale(sample: Float64Array): [low: number, high: number] {
  sample.sort();
  const n = sample.length;
  const first = sample[0]!;
  const last = sample[n - 1]!;
  const least = Math.max(MIN_PIXELS, Math.trunc(n * MAX_REJECT));
  const growth = Math.max(1, Math.trunc(n * 0.01));
  let bad: Uint8Array = new Uint8Array(n);
  let good = n;
  let goodBefore = n + 1;
  let slope = 0;
  for (let round = 0; round < MAX_ITERATIONS && good < goodBefore && good >= least; round++) {
    const line = fitLine(sample, bad);
    slope = line.slope;
    const residuals = sample.map((value, i) => value - (line.intercept + line.slope * i));
    const threshold = REJECT_SIGMA * spread(residuals, bad);
    const rejected = bad.map((was, i) => (was || Math.abs(residuals[i]!) > threshold ? 1 : 0));
    bad = grow(rejected, growth);
    goodBefore = good;
    good = bad.reduce((sum, is) => sum + (is ? 0 : 1), 0);
  }
  if (good < least) return [first, last];
  const steep = slope / CONTRAST;
  const centre = Math.trunc((n - 1) / 2);
  const median = n % 2 === 1 ? sample[centre]! : (sample[n / 2 - 1]! + sample[n / 2]!) / 2;
  return [Math.max(first, median - (centre - 1) * steep), Math.min(last, median + (n - centre) * steep)];
}
