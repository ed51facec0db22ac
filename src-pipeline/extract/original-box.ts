import { arange } from '../math/grid.ts';
import { legendreToPowers } from '../math/legendre.ts';
import { reduced } from '../psf/legendre-set.ts';
import type { Image, TraceSet } from '../types.ts';
import { ROW_BLOCK, type RowSums, newRowSums } from './row-sums.ts';

/** Step of the wavelengths at which desispec's boxcar looks for the trace in each CCD row, Å. */
const TRACE_STEP = 0.25;
/** Least inverse variance of a pixel, as desispec clips it, electrons⁻². */
const LEAST_IVAR = 1e-8;

/**
 * Where desispec's `do_boxcar` puts the box of each fiber in each CCD row: x of the first of the wavelengths
 * WAVEMIN, WAVEMIN + 0.25 Å … whose y, truncated to an integer, is that row. NaN where there is none.
 * Index fiber·nrow + row.
 */
function firstSampleX(traces: TraceSet, nspec: number, nx: number, nrow: number): Float64Array {
  const out = new Float64Array(nspec * nrow).fill(NaN);
  const waves = arange(traces.wavemin, traces.wavemax, TRACE_STEP);
  const u = waves.map((wave) => reduced(traces.y, wave));
  const scale = (traces.y.wavemax - traces.y.wavemin) / (traces.x.wavemax - traces.x.wavemin);
  const shift = reduced(traces.x, (traces.y.wavemin + traces.y.wavemax) / 2);
  const xPowers = new Float64Array(traces.x.ncoef);
  const yPowers = new Float64Array(traces.y.ncoef);
  for (let f = 0; f < nspec; f++) {
    legendreToPowers(traces.x.coef, f * traces.x.ncoef, traces.x.ncoef, xPowers);
    legendreToPowers(traces.y.coef, f * traces.y.ncoef, traces.y.ncoef, yPowers);
    traceRows(u, xPowers, yPowers, scale, shift, nx, nrow, out, f * nrow);
  }
  return out;
}

function traceRows(
  u: Float64Array,
  xPowers: Float64Array,
  yPowers: Float64Array,
  scale: number,
  shift: number,
  nx: number,
  nrow: number,
  out: Float64Array,
  outFrom: number,
): void {
  const xDegree = xPowers.length - 1;
  const yDegree = yPowers.length - 1;
  let last = -1;
  for (let k = 0; k < u.length; k++) {
    const uk = u[k]!;
    let y = yPowers[yDegree]!;
    for (let j = yDegree - 1; j >= 0; j--) y = y * uk + yPowers[j]!;
    // Truncation takes y between −1 and 0 to row 0.
    const row = Math.trunc(y);
    if (row === last || row < 0) continue;
    if (row >= nrow) break;
    const ux = uk * scale + shift;
    let x = xPowers[xDegree]!;
    for (let j = xDegree - 1; j >= 0; j--) x = x * ux + xPowers[j]!;
    if (!(x >= 0 && x <= nx - 1)) continue;
    out[outFrom + row] = x;
    last = row;
  }
}

/**
 * Box sums as desispec 0.31.0's `qlboxcar.do_boxcar` makes them: pixel i is taken as [i, i + 1), so that the box lies half
 * a pixel beside the trace; edge pixels count by the fraction inside; masked pixels are zero but their variance is not
 * enlarged; variances are summed with the weights, not their squares. Rows without a trace have sum and variance 0.
 *
 * @param halfWidth of the box, pixels
 * @throws Error when neighbouring boxes overlap, as the original stops too
 */
export function originalBoxSums(image: Image, traces: TraceSet, nspec: number, halfWidth: number): RowSums {
  const { nx, ny, pix, ivar } = image;
  const nrow = Math.min(traces.npixY, ny);
  const x = firstSampleX(traces, nspec, nx, nrow);
  requireSeparateBoxes(x, nspec, nrow, halfWidth);
  const sums = newRowSums(nspec, nrow);
  for (let block = 0; block < nrow; block += ROW_BLOCK) {
    const end = Math.min(block + ROW_BLOCK, nrow);
    for (let f = 0; f < nspec; f++) {
      sumRows(pix, ivar, nx, x, f * nrow, block, end, halfWidth, sums.counts, sums.variance);
    }
  }
  return sums;
}

function sumRows(
  pix: Float32Array,
  ivar: Float32Array,
  nx: number,
  x: Float64Array,
  from: number,
  rowFrom: number,
  rowTo: number,
  halfWidth: number,
  counts: Float64Array,
  variance: Float64Array,
): void {
  for (let row = rowFrom; row < rowTo; row++) {
    const center = x[from + row]!;
    if (center !== center) continue;
    let first = Math.floor(center - halfWidth);
    let firstWeight = 1 - (center - halfWidth) + first;
    let last = Math.floor(center + halfWidth);
    let lastWeight = center + halfWidth - last;
    if (first < 0) {
      first = 0;
      firstWeight = 1;
    }
    if (last > nx - 1) {
      last = nx - 1;
      lastWeight = 1;
    }
    const base = row * nx;
    let sum = firstWeight * pix[base + first]! + lastWeight * pix[base + last]!;
    let squares =
      firstWeight / Math.max(ivar[base + first]!, LEAST_IVAR) + lastWeight / Math.max(ivar[base + last]!, LEAST_IVAR);
    for (let i = first + 1; i < last; i++) {
      sum += pix[base + i]!;
      squares += 1 / Math.max(ivar[base + i]!, LEAST_IVAR);
    }
    counts[from + row] = sum;
    variance[from + row] = squares;
  }
}

function requireSeparateBoxes(x: Float64Array, nspec: number, nrow: number, halfWidth: number): void {
  for (let f = 0; f < nspec; f++) {
    for (let row = 0; row < nrow; row++) {
      const center = x[f * nrow + row]!;
      const previous = f === 0 ? -halfWidth : x[(f - 1) * nrow + row]!;
      if (Math.floor(center - halfWidth) > Math.floor(previous + halfWidth)) continue;
      if (center !== center || previous !== previous) continue;
      const neighbour = f === 0 ? 'the edge of the CCD' : `fiber ${f - 1}`;
      throw new Error(`the box of fiber ${f} overlaps ${neighbour} in CCD row ${row}: check the PSF file`);
    }
  }
}
