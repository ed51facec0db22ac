import { binEdges } from '../math/grid.ts';
import type { OutputGrid } from './output-grid.ts';

/** Variance that desispec gives a bin without any input. */
const NO_INPUT_VARIANCE = 1e-7;

/**
 * Rebins one spectrum as desispec 0.31.0's `palib.resample_spec` does it: each output bin takes the overlapping
 * fractions of the input bins, for electrons and variances alike; a bin that begins outside of the input gets nothing,
 * a third input bin is taken whole or more, and a bin without input gets flux 0 with a tiny variance.
 *
 * @param grid output bins, Å
 * @param wave centres of the input bins, Å, ascending
 * @param counts electrons in each, from index `from`
 * @param variance electrons², likewise
 * @param flux electrons/Å, written from `outFrom`
 * @param ivar (electrons/Å)⁻², likewise
 */
export function rebinAsOriginal(
  grid: OutputGrid,
  wave: Float64Array,
  counts: Float64Array,
  variance: Float64Array,
  from: number,
  flux: Float64Array,
  ivar: Float64Array,
  outFrom: number,
): void {
  const n = wave.length;
  const input = binEdges(wave);
  const { edges, widths, centers } = grid;
  let k = 0;
  for (let i = 0; i < centers.length; i++) {
    const low = edges[i]!;
    const high = edges[i + 1]!;
    let sum = 0;
    let squares = 0;
    while (k < n && input[k + 1]! <= low) k++;
    if (k < n && input[k]! <= low) {
      const end = Math.min(input[k + 1]!, high);
      const part = (end - low) / (input[k + 1]! - input[k]!);
      sum = part * counts[from + k]!;
      squares = part * variance[from + k]!;
      if (high > end) {
        let next = k + 1;
        if (k + 2 <= n && input[k + 2]! < high) {
          sum += counts[from + next]!;
          squares += variance[from + next]!;
          next++;
        }
        if (next < n) {
          const rest = (high - input[next]!) / (input[next + 1]! - input[next]!);
          sum += rest * counts[from + next]!;
          squares += rest * variance[from + next]!;
        }
      }
    }
    if (i === centers.length - 1 && centers[i] === wave[n - 1]) {
      sum = counts[from + n - 1]!;
      squares = variance[from + n - 1]!;
    }
    if (!(squares > 0)) squares = NO_INPUT_VARIANCE;
    const width = widths[i]!;
    flux[outFrom + i] = sum / width;
    ivar[outFrom + i] = (1 / squares) * (width * width);
  }
}
