export interface Histogram {
  /** Edges of the bins, one more than there are. */
  edges: number[];
  counts: number[];
}

/** Counts in even bins over [low, high]; values beyond the ends are counted in the outermost bins. NaN is left out. */
export function histogramOf(values: ArrayLike<number>, low: number, high: number, bins: number): Histogram {
  const width = (high - low) / bins;
  const edges = Array.from({ length: bins + 1 }, (_, i) => low + i * width);
  const counts = new Array<number>(bins).fill(0);
  if (!(width > 0)) return { edges, counts };
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? NaN;
    if (Number.isNaN(value)) continue;
    const bin = Math.min(bins - 1, Math.max(0, Math.floor((value - low) / width)));
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return { edges, counts };
}
