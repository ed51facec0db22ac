import type { OutputGrid } from './output-grid.ts';

/** An output bin needs data over at least this share of its width. */
const LEAST_COVERAGE = 0.5;

/**
 * Rebins one spectrum to a grid: an output bin takes the overlapping fraction of each input bin's electrons and variance
 * (so that sums over bins keep both), over the wavelength that data covered. Bins with less than half of their width
 * covered have inverse variance 0; their flux is interpolated between the nearest good bins, 0 beyond the last.
 *
 * @param grid output bins, Å
 * @param edges of the n input bins, Å, ascending: n + 1 of them
 * @param counts electrons, from index `from`
 * @param variance electrons², likewise; not positive where there are no data
 * @param flux electrons/Å, written from `outFrom`
 * @param ivar (electrons/Å)⁻², likewise
 */
export function rebin(
  grid: OutputGrid,
  edges: Float64Array,
  counts: Float64Array,
  variance: Float64Array,
  from: number,
  flux: Float64Array,
  ivar: Float64Array,
  outFrom: number,
): void {
  const n = edges.length - 1;
  const bins = grid.centers.length;
  let k = 0;
  let lastGood = -1;
  for (let i = 0; i < bins; i++) {
    const low = grid.edges[i]!;
    const high = grid.edges[i + 1]!;
    while (k < n && edges[k + 1]! <= low) k++;
    let sum = 0;
    let squares = 0;
    let covered = 0;
    for (let j = k; j < n && edges[j]! < high; j++) {
      const v = variance[from + j]!;
      if (!(v > 0)) continue;
      const begin = edges[j]!;
      const end = edges[j + 1]!;
      const overlap = (end < high ? end : high) - (begin > low ? begin : low);
      const part = overlap / (end - begin);
      sum += part * counts[from + j]!;
      squares += part * v;
      covered += overlap;
    }
    if (!(squares > 0 && covered >= LEAST_COVERAGE * (high - low))) {
      flux[outFrom + i] = 0;
      ivar[outFrom + i] = 0;
      continue;
    }
    const value = sum / covered;
    flux[outFrom + i] = value;
    ivar[outFrom + i] = (covered * covered) / squares;
    if (lastGood >= 0 && lastGood < i - 1) bridge(flux, outFrom + lastGood, outFrom + i);
    lastGood = i;
  }
}

/** Straight line between two good bins. */
function bridge(flux: Float64Array, from: number, to: number): void {
  const slope = (flux[to]! - flux[from]!) / (to - from);
  for (let i = from + 1; i < to; i++) flux[i] = flux[from]! + slope * (i - from);
}
