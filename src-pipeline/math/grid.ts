/** Evenly spaced values `start, start+step, …` below `stop`, with the rounding of numpy.arange. */
export function arange(start: number, stop: number, step: number): Float64Array {
  const n = Math.max(0, Math.ceil((stop - start) / step));
  const out = new Float64Array(n);
  // numpy adds multiples of the rounded difference of its first two values, not of the step.
  const delta = start + step - start;
  for (let i = 0; i < n; i++) out[i] = i === 1 ? start + step : start + i * delta;
  return out;
}

/** `n` evenly spaced values from `start` to `stop`, both included, with the rounding of numpy.linspace. */
export function linspace(start: number, stop: number, n: number): Float64Array {
  const out = new Float64Array(n);
  if (n === 0) return out;
  if (n === 1) {
    out[0] = start;
    return out;
  }
  const step = (stop - start) / (n - 1);
  for (let i = 0; i < n; i++) out[i] = i * step + start;
  out[n - 1] = stop;
  return out;
}

/** numpy.gradient for unit spacing: central differences, one-sided at the two ends. Needs at least two values. */
export function gradient(values: Float64Array): Float64Array {
  const n = values.length;
  const out = new Float64Array(n);
  out[0] = values[1]! - values[0]!;
  for (let i = 1; i < n - 1; i++) out[i] = (values[i + 1]! - values[i - 1]!) / 2;
  out[n - 1] = values[n - 1]! - values[n - 2]!;
  return out;
}

/** Index of the value nearest to `x` in ascending `grid`; of two equally near the lower, as argmin(|grid − x|). */
export function nearestIndex(grid: Float64Array, x: number): number {
  let low = 0;
  let high = grid.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (grid[middle]! < x) low = middle + 1;
    else high = middle;
  }
  // low is the first value ≥ x (or the last of all); the one before may be nearer.
  if (low > 0 && Math.abs(grid[low - 1]! - x) <= Math.abs(grid[low]! - x)) return low - 1;
  return low;
}

/**
 * Edges of bins centred on `centers`: midpoints inside, and half a bin beyond the first and the last. Length n + 1.
 */
export function binEdges(centers: Float64Array): Float64Array {
  const n = centers.length;
  const edges = new Float64Array(n + 1);
  for (let i = 1; i < n; i++) edges[i] = (centers[i - 1]! + centers[i]!) / 2;
  edges[0] = 1.5 * centers[0]! - 0.5 * centers[1]!;
  edges[n] = 1.5 * centers[n - 1]! - 0.5 * centers[n - 2]!;
  return edges;
}
