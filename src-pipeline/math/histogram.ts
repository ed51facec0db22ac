/** How often each whole number occurs: counts[i] times first + i. */
export interface Histogram {
  first: number;
  counts: Uint32Array;
  total: number;
}

/** Widest range of values that is worth counting. */
const MAX_RANGE = 1 << 17;

/** Counts whole numbers; null when one is none, or when they lie too far apart. */
export function histogramOf(values: ArrayLike<number>): Histogram | null {
  let first = Infinity;
  let last = -Infinity;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value < first) first = value;
    if (value > last) last = value;
  }
  if (!(last - first < MAX_RANGE)) return null;
  const counts = new Uint32Array(last - first + 1);
  for (let i = 0; i < values.length; i++) {
    const value = values[i]! - first;
    if ((value | 0) !== value) return null;
    counts[value]!++;
  }
  return { first, counts, total: values.length };
}

/** The value at a rank (0 … total − 1) in ascending order. */
export function atRank({ first, counts }: Histogram, rank: number): number {
  let seen = 0;
  for (let i = 0; i < counts.length; i++) {
    seen += counts[i]!;
    if (seen > rank) return first + i;
  }
  return NaN;
}
