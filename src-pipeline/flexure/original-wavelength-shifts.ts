import { originalQFrame, originalRowTraces } from '../extract/original-qproc.ts';
import { linspace } from '../math/grid.ts';
import { interpSorted } from '../math/interp.ts';
import { fitPolynomial, parabolaMinimum } from '../math/polynomial.ts';
import { medianInPlace } from '../math/statistics.ts';
import { evaluate } from '../psf/legendre-set.ts';
import type { Image, QFrame, TraceSet } from '../types.ts';
import { newShiftSamples, type ShiftSamples } from './shift-samples.ts';

const BOX_WIDTH = 7;
const OVERSAMPLING = 4;
const BLOCKS = 6;
/** Shifts looked at, and those of them that the parabola goes through, to each side, Å. */
const SCAN = 3;
const NEAR_MINIMUM = 0.6;
/** Å */
const ERROR_FLOOR = 0.01;
const MOST_ERROR = 1;
/** Å; over this the slope dy/dλ is taken. */
const SLOPE_STEP = 0.1;

/** Spectra of all fibers on a common fine grid, over one block of wavelengths. */
interface Block {
  n: number;
  wave: Float64Array;
  /** [nspec, n] */
  flux: Float64Array;
  ivar: Float64Array;
  reference: Float64Array;
}

/**
 * Shifts along y (of the wavelength solution) of the first `nspec` fibers against their median as desispec 0.31 measures
 * them (`compute_dy_using_boxcar_extraction`): boxcar spectra interpolated to a four times finer grid, and in each of six
 * blocks the shift with the least χ² within ±3 Å, by a parabola through the points near it.
 */
export function originalWavelengthShifts(image: Image, traces: TraceSet, nspec: number): ShiftSamples {
  const qframe = originalQFrame(image, originalRowTraces(traces, nspec, image.ny), BOX_WIDTH, 0);
  const { nrow } = qframe;
  const middle = (nspec >> 1) * nrow;
  const first = qframe.wave[middle]!;
  const last = qframe.wave[middle + nrow - 1]!;
  const step = medianOfGradients(qframe) / OVERSAMPLING;
  if (!(step > 0)) throw new Error('the wavelengths of the fibers are not in order: check the PSF file');
  const grid = linspace(first, last, Math.trunc((last - first) / step));
  const out = newShiftSamples();
  let from = 0;
  for (let b = 0; b < BLOCKS; b++) {
    const blockEnd = b < BLOCKS - 1 ? grid[0]! + ((grid.at(-1)! - grid[0]!) / BLOCKS) * (b + 1) : grid.at(-1)!;
    const blockStart = grid[0]! + ((grid.at(-1)! - grid[0]!) / BLOCKS) * b;
    while (from > 0 && grid[from - 1]! >= blockStart) from--;
    while (grid[from]! < blockStart) from++;
    let beyond = from;
    while (beyond < grid.length && grid[beyond]! <= blockEnd) beyond++;
    const block = resample(qframe, grid.subarray(from, beyond));
    for (let f = 0; f < nspec; f++) measure(block, f, traces, out);
    from = beyond;
  }
  return out;
}

/**
 * desispec takes the median of numpy.gradient of the [fiber, row] array of wavelengths, which is that of the steps along
 * rows and along fibers together.
 */
function medianOfGradients({ wave, nspec, nrow }: QFrame): number {
  const all = new Float64Array(2 * nspec * nrow);
  let at = 0;
  for (let f = 0; f < nspec; f++) {
    const below = Math.max(f - 1, 0);
    const above = Math.min(f + 1, nspec - 1);
    for (let row = 0; row < nrow; row++) {
      const low = Math.max(row - 1, 0);
      const high = Math.min(row + 1, nrow - 1);
      all[at++] = (wave[f * nrow + high]! - wave[f * nrow + low]!) / (high - low);
      all[at++] = above > below ? (wave[above * nrow + row]! - wave[below * nrow + row]!) / (above - below) : 0;
    }
  }
  return medianInPlace(all, all.length);
}

function resample({ wave, flux, ivar, nspec, nrow }: QFrame, grid: Float64Array): Block {
  const n = grid.length;
  const block: Block = {
    n,
    wave: grid,
    flux: new Float64Array(nspec * n),
    ivar: new Float64Array(nspec * n),
    reference: new Float64Array(n),
  };
  for (let f = 0; f < nspec; f++) {
    const own = wave.subarray(f * nrow, (f + 1) * nrow);
    const values = flux.subarray(f * nrow, (f + 1) * nrow);
    const weights = ivar.subarray(f * nrow, (f + 1) * nrow);
    interpSorted(grid, 0, n, own, values, nrow, block.flux, f * n, values[0]!, values[nrow - 1]!);
    interpSorted(grid, 0, n, own, weights, nrow, block.ivar, f * n, weights[0]!, weights[nrow - 1]!);
  }
  for (let i = 0; i < block.ivar.length; i++) block.ivar[i]! /= OVERSAMPLING;
  const scratch = new Float64Array(nspec);
  for (let i = 0; i < n; i++) {
    for (let f = 0; f < nspec; f++) scratch[f] = block.flux[f * n + i]!;
    block.reference[i] = medianInPlace(scratch, nspec);
  }
  return block;
}

function measure(block: Block, f: number, traces: TraceSet, out: ShiftSamples): void {
  const { n, wave, flux, ivar } = block;
  let light = 0;
  let center = 0;
  for (let i = 0; i < n; i++) {
    const value = flux[f * n + i]!;
    if (!(value > 0)) continue;
    light += ivar[f * n + i]! * value;
    center += ivar[f * n + i]! * value * wave[i]!;
  }
  if (!(light > 0)) return;
  const shift = scan(block, f);
  if (shift === null || shift.error > MOST_ERROR) return;
  center /= light;
  const y = evaluate(traces.y, f, center);
  const slope = (evaluate(traces.y, f, center + SLOPE_STEP) - y) / SLOPE_STEP;
  out.x.push(evaluate(traces.x, f, center));
  out.y.push(y);
  out.delta.push(-shift.delta * slope);
  out.error.push(shift.error * slope);
}

/** The shift of the spectrum against the reference, Å: flux(λ) like reference(λ + delta). Null without a minimum. */
function scan(block: Block, f: number): { delta: number; error: number } | null {
  const { n, wave } = block;
  const step = wave[1]! - wave[0]!;
  const half = Math.trunc(SCAN / step) + 1;
  if (n <= 2 * half) return null;
  const best = bestLag(block, f, half);
  const lags = 2 * half + 1;
  if (best < 2 || best >= lags - 2) return null;
  const near = Math.trunc(NEAR_MINIMUM / step) + 1;
  let from = best - near;
  let beyond = best + near + 1;
  if (from < 0) {
    from = 0;
    beyond = 2 * near + 1;
  }
  if (beyond > lags) {
    beyond = lags;
    from = beyond - (2 * near + 1);
  }
  const shifts: number[] = [];
  const chi2: number[] = [];
  for (let lag = Math.max(from, 0); lag < beyond; lag++) {
    shifts.push(step * (lag - half));
    chi2.push(chi2OfLag(block.flux, block.ivar, block.reference, f * n, half, n - half, lag - half, Infinity));
  }
  const fit = fitPolynomial(shifts, chi2, 2);
  const minimum = fit === null ? null : parabolaMinimum(fit);
  if (minimum === null) return null;
  return { delta: minimum.at, error: Math.sqrt(1 / minimum.curvature + ERROR_FLOOR ** 2) };
}

/** The lag of least χ², the first of equals. Looked for from the middle, as far as a sum can still be the least. */
function bestLag({ n, flux, ivar, reference }: Block, f: number, half: number): number {
  let best = half;
  let least = chi2OfLag(flux, ivar, reference, f * n, half, n - half, 0, Infinity);
  for (let distance = 1; distance <= half; distance++) {
    for (const lag of [half - distance, half + distance]) {
      const chi2 = chi2OfLag(flux, ivar, reference, f * n, half, n - half, lag - half, least);
      if (chi2 < least || (chi2 === least && lag < best)) {
        least = chi2;
        best = lag;
      }
    }
  }
  return best;
}

const CHUNK = 256;

/**
 * Σ ivar·(flux[i] − reference[i + lag])² over i from `low` to `high` − 1; given up above `limit`. In four sums at a time,
 * so that an addition need not wait for the one before.
 */
function chi2OfLag(
  flux: Float64Array,
  ivar: Float64Array,
  reference: Float64Array,
  from: number,
  low: number,
  high: number,
  lag: number,
  limit: number,
): number {
  let sum = 0;
  let i = low;
  while (i < high && sum <= limit) {
    const end = Math.min(i + CHUNK, high);
    let a = 0;
    let b = 0;
    let c = 0;
    let d = 0;
    for (; i + 3 < end; i += 4) {
      const da = flux[from + i]! - reference[i + lag]!;
      const db = flux[from + i + 1]! - reference[i + lag + 1]!;
      const dc = flux[from + i + 2]! - reference[i + lag + 2]!;
      const dd = flux[from + i + 3]! - reference[i + lag + 3]!;
      a += ivar[from + i]! * da * da;
      b += ivar[from + i + 1]! * db * db;
      c += ivar[from + i + 2]! * dc * dc;
      d += ivar[from + i + 3]! * dd * dd;
    }
    sum += a + b + (c + d);
    for (; i < end; i++) {
      const difference = flux[from + i]! - reference[i + lag]!;
      sum += ivar[from + i]! * difference * difference;
    }
  }
  return sum;
}
