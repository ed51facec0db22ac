/** Puts the k-th smallest value at index k, smaller ones before it (Hoare's selection). No NaN allowed. */
function select(values: Float64Array, k: number, from: number, to: number): number {
  let low = from;
  let high = to;
  while (low < high) {
    const pivot = values[(low + high) >> 1]!;
    let i = low;
    let j = high;
    while (i <= j) {
      while (values[i]! < pivot) i++;
      while (values[j]! > pivot) j--;
      if (i <= j) {
        const swap = values[i]!;
        values[i] = values[j]!;
        values[j] = swap;
        i++;
        j--;
      }
    }
    if (k <= j) high = j;
    else if (k >= i) low = i;
    else break;
  }
  return values[k]!;
}

function largest(values: Float64Array, from: number, to: number): number {
  let best = -Infinity;
  for (let i = from; i < to; i++) if (values[i]! > best) best = values[i]!;
  return best;
}

/**
 * Median of the first `n` values: the mean of the two middle ones for an even n, NaN for none. The values are reordered.
 * They must hold no NaN.
 */
export function medianInPlace(values: Float64Array, n = values.length): number {
  if (n === 0) return NaN;
  const half = n >> 1;
  const upper = select(values, half, 0, n - 1);
  return n % 2 === 1 ? upper : 0.5 * (largest(values, 0, half) + upper);
}

/** Median, leaving NaN out; NaN when nothing is left. */
export function median(values: ArrayLike<number>): number {
  const copy = new Float64Array(values.length);
  let n = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value === value) copy[n++] = value;
  }
  return medianInPlace(copy, n);
}

/**
 * Percentiles (0 … 100) of ascending values by linear interpolation between order statistics at rank (n−1)·p/100, as numpy
 * does by default; NaN for no values.
 */
export function percentileOfSorted(ascending: ArrayLike<number>, percent: number): number {
  const n = ascending.length;
  if (n === 0) return NaN;
  const rank = ((n - 1) * percent) / 100;
  const below = Math.min(Math.floor(rank), n - 1);
  const low = ascending[below]!;
  const high = ascending[Math.min(below + 1, n - 1)]!;
  const fraction = rank - below;
  // From the nearer end, which keeps the result monotonic in the last digit.
  return fraction < 0.5 ? low + (high - low) * fraction : high - (high - low) * (1 - fraction);
}

/** Mean and population standard deviation (divisor n); NaN for no values. */
export function meanAndStd(values: ArrayLike<number>): { mean: number; std: number } {
  const n = values.length;
  let sum = 0;
  for (let i = 0; i < n; i++) sum += values[i]!;
  const mean = sum / n;
  let squares = 0;
  for (let i = 0; i < n; i++) {
    const deviation = values[i]! - mean;
    squares += deviation * deviation;
  }
  return { mean, std: Math.sqrt(squares / n) };
}
