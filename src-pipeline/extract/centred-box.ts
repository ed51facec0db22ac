import { evaluate } from '../psf/legendre-set.ts';
import type { Image, TraceSet } from '../types.ts';
import { ROW_BLOCK, type RowSums } from './row-sums.ts';
import type { RowTraces } from './row-traces.ts';

/** Cross-dispersion sigma where the PSF file gives none, pixels: the middle of the real cameras' 1.05 to 1.11. */
const TYPICAL_SIGMA = 1.08;
/** A row is given up when masked pixels hide more than this share of the fiber's profile in the box. */
const MOST_LOST = 0.5;

/**
 * Sums the box of `halfWidth` pixels around each trace, row by row: pixel i covers i − ½ … i + ½, edge pixels count by the
 * fraction w inside, so counts = Σ w·pix and variance = Σ w²/ivar. Masked pixels are left out, and both are scaled for the
 * share that a Gaussian profile of the trace has in them; rows that lose more than half of it, or whose box leaves the
 * CCD, get variance 0 (no data). The sums are written to `sums`.
 */
export function centredBoxSums(
  image: Image,
  traces: TraceSet,
  rows: RowTraces,
  halfWidth: number,
  sums: RowSums,
): void {
  const { first, nspec, nrow } = rows;
  const damaged: number[] = [];
  for (let block = 0; block < nrow; block += ROW_BLOCK) {
    const end = Math.min(block + ROW_BLOCK, nrow);
    for (let f = 0; f < nspec; f++) {
      sumRows(image.pix, image.ivar, image.mask, image.nx, rows.x, f * nrow, block, end, halfWidth, sums, damaged);
    }
  }
  for (const at of damaged) {
    const f = Math.floor(at / nrow);
    const sigma = traces.xsig === null ? TYPICAL_SIGMA : evaluate(traces.xsig, first + f, rows.wave[at]!);
    repairRow(image, rows.x[at]!, at - f * nrow, halfWidth, sigma > 0 ? sigma : TYPICAL_SIGMA, sums, at);
  }
}

/** Plain sums; rows with a masked or worthless pixel are put on the list of damaged ones. */
function sumRows(
  pix: Float32Array,
  ivar: Float32Array,
  mask: Uint8Array,
  nx: number,
  x: Float64Array,
  from: number,
  rowFrom: number,
  rowTo: number,
  halfWidth: number,
  sums: RowSums,
  damaged: number[],
): void {
  const { counts, variance } = sums;
  for (let row = rowFrom; row < rowTo; row++) {
    const low = x[from + row]! - halfWidth + 0.5;
    const high = x[from + row]! + halfWidth + 0.5;
    const first = Math.floor(low);
    const last = Math.floor(high);
    if (!(first >= 0 && last < nx)) {
      counts[from + row] = 0;
      variance[from + row] = 0;
      continue;
    }
    const firstWeight = 1 - (low - first);
    const lastWeight = high - last;
    const base = row * nx;
    let sum = firstWeight * pix[base + first]! + lastWeight * pix[base + last]!;
    let squares = (firstWeight * firstWeight) / ivar[base + first]! + (lastWeight * lastWeight) / ivar[base + last]!;
    let bad = mask[base + first]! | mask[base + last]!;
    for (let i = base + first + 1; i < base + last; i++) {
      sum += pix[i]!;
      squares += 1 / ivar[i]!;
      bad |= mask[i]!;
    }
    counts[from + row] = sum;
    variance[from + row] = squares;
    if (bad !== 0 || !(squares > 0 && squares < Infinity)) damaged.push(from + row);
  }
}

/** The sums of the pixels that are good, scaled for the profile's share in the others. */
function repairRow(
  image: Image,
  x: number,
  row: number,
  halfWidth: number,
  sigma: number,
  sums: RowSums,
  at: number,
): void {
  const { nx, pix, ivar, mask } = image;
  const first = Math.floor(x - halfWidth + 0.5);
  const last = Math.floor(x + halfWidth + 0.5);
  let sum = 0;
  let squares = 0;
  let seen = 0;
  let all = 0;
  for (let i = first; i <= last; i++) {
    const weight = Math.min(i + 0.5, x + halfWidth) - Math.max(i - 0.5, x - halfWidth);
    const profile = weight * Math.exp(-0.5 * ((i - x) / sigma) ** 2);
    all += profile;
    const index = row * nx + i;
    if (mask[index] !== 0 || !(ivar[index]! > 0)) continue;
    seen += profile;
    sum += weight * pix[index]!;
    squares += (weight * weight) / ivar[index]!;
  }
  const share = seen / all;
  const usable = share >= MOST_LOST && squares > 0 && squares < Infinity;
  sums.counts[at] = usable ? sum / share : 0;
  sums.variance[at] = usable ? squares / (share * share) : 0;
}
