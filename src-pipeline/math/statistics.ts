/**
 * Moves the k-th smallest of `values[from … to)` to index k (counted from 0 in the array) and smaller ones before it.
 * Hoare's selection with the median of three as pivot; expected linear time. The values must be without NaN.
 */
export function selectInPlace(values: Float64Array, from: number, to: number, k: number): number {
  let low = from;
  let high = to - 1;
  while (high > low) {
    if (high - low < 12) {
      insertionSort(values, low, high);
      break;
    }
    const middle = (low + high) >>> 1;
    const a = values[low]!;
    const b = values[middle]!;
    const c = values[high]!;
    const pivot = a < b ? (b < c ? b : a < c ? c : a) : a < c ? a : b < c ? c : b;
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

function insertionSort(values: Float64Array, low: number, high: number): void {
  for (let i = low + 1; i <= high; i++) {
    const value = values[i]!;
    let j = i - 1;
    while (j >= low && values[j]! > value) {
      values[j + 1] = values[j]!;
      j--;
    }
    values[j + 1] = value;
  }
}

/**
 * Median of `values[from … from + n)` as numpy.median (mean of the middle two of an even count); the array is reordered.
 * NaN when there are none or one of them is NaN.
 */
export function medianInPlace(values: Float64Array, n: number, from = 0): number {
  if (n === 0) return NaN;
  const end = from + n;
  for (let i = from; i < end; i++) if (values[i] !== values[i]) return NaN;
  const middle = from + (n >> 1);
  const upper = selectInPlace(values, from, end, middle);
  if (n & 1) return upper;
  let lower = values[from]!;
  for (let i = from + 1; i < middle; i++) if (values[i]! > lower) lower = values[i]!;
  return (lower + upper) / 2;
}

/** Median as numpy.median, the values left as they are. */
export function median(values: ArrayLike<number>): number {
  return medianInPlace(Float64Array.from(values), values.length);
}

/** Arithmetic mean; NaN of none. */
export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum / values.length;
}

/** Standard deviation of the population (divided by n), as numpy.std. */
export function populationStd(values: ArrayLike<number>): number {
  const center = mean(values);
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += (values[i]! - center) ** 2;
  return Math.sqrt(sum / values.length);
}

/** Percentile by linear interpolation between order statistics, as numpy.percentile; `percent` from 0 to 100. */
export function percentile(values: ArrayLike<number>, percent: number): number {
  const n = values.length;
  if (n === 0) return NaN;
  const scratch = Float64Array.from(values);
  if (scratch.some(Number.isNaN)) return NaN;
  const position = (percent / 100) * (n - 1);
  const k = Math.floor(position);
  const low = selectInPlace(scratch, 0, n, k);
  if (k + 1 >= n) return low;
  let high = scratch[k + 1]!;
  for (let i = k + 2; i < n; i++) if (scratch[i]! < high) high = scratch[i]!;
  const t = position - k;
  return t < 0.5 ? low + (high - low) * t : high - (high - low) * (1 - t);
}
