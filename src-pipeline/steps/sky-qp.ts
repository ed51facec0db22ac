import { type BufferSource, FRESH_BUFFERS } from '../buffers.ts';
import { linspace } from '../math/grid.ts';
import { interpSorted } from '../math/interp.ts';
import { medianInPlace } from '../math/statistics.ts';
import { skyFibers } from '../spectra/fibers.ts';
import { faintestHalf, litSkyFibers } from '../spectra/sky-fibers.ts';
import { need, type QFrame, type StepDefinition } from '../types.ts';

/**
 * The model is made so many times: each takes out more of the noise of the wavelength solution. The original's five are no
 * better than three, to a hundredth of the residuals at the lines.
 */
const ITERATIONS = { right: 3, original: 5 } as const;
/** Model samples per sample of a spectrum. */
const OVERSAMPLING = 2;

/**
 * Subtracts the sky from spectra of their own wavelengths. Model: on an even grid over all wavelengths, twice as fine as
 * the spectra, the median of the sky fibers, each interpolated linearly over its good samples; interpolated back and
 * subtracted where there is flux; and again on what is left, the increments adding up. Inverse variances stay.
 * Source: desispec 0.31 `qproc/qsky.py`. As all is linear in the model, fibers without sky get the sum at once.
 * @param fibers indices of the sky fibers
 * @returns the spectra, and what was subtracted
 */
export function subtractSkyFromQFrame(
  qframe: QFrame,
  fibers: readonly number[],
  compatible: boolean,
  buffers: BufferSource = FRESH_BUFFERS,
): { qframe: QFrame; sky: QFrame } {
  const { nspec, nrow, wave } = qframe;
  const grid = modelGrid(qframe);
  const flux = buffers.float64('flux', nspec * nrow);
  flux.set(qframe.flux);
  const model = new Float64Array(grid.length);
  const spectra = fibers.map(() => new Float64Array(grid.length));
  const back = new Float64Array(nrow);
  const nodes = new Float64Array(nrow);
  const values = new Float64Array(nrow);
  const iterations = compatible ? ITERATIONS.original : ITERATIONS.right;
  for (let loop = 0; loop < iterations; loop++) {
    fibers.forEach((f, k) => toGrid(qframe, flux, f, nodes, values, grid, spectra[k]!));
    const increment = medianSpectrum(spectra);
    for (let i = 0; i < grid.length; i++) model[i]! += increment[i]!;
    for (const f of fibers) {
      interpolate(wave, f * nrow, nrow, grid, increment, back);
      subtractWhereFlux(flux, f * nrow, back);
    }
  }
  const sky: QFrame = { ...qframe, flux: buffers.float64('sky', nspec * nrow) };
  const isSky = new Set(fibers);
  for (let f = 0; f < nspec; f++) {
    const own = sky.flux.subarray(f * nrow, (f + 1) * nrow);
    interpolate(wave, f * nrow, nrow, grid, model, own);
    if (!isSky.has(f)) subtractWhereFlux(flux, f * nrow, own);
  }
  return { qframe: { ...qframe, flux }, sky };
}

function modelGrid({ wave, nspec, nrow }: QFrame): Float64Array {
  let first = Infinity;
  let last = -Infinity;
  for (let f = 0; f < nspec; f++) {
    first = Math.min(first, wave[f * nrow]!);
    last = Math.max(last, wave[(f + 1) * nrow - 1]!);
  }
  return linspace(first, last, nrow * OVERSAMPLING);
}

/** The good samples of a fiber interpolated to the grid; what the grid held stays when there are none. */
function toGrid(
  { wave, ivar, nrow }: QFrame,
  flux: Float64Array,
  f: number,
  nodes: Float64Array,
  values: Float64Array,
  grid: Float64Array,
  out: Float64Array,
): void {
  let good = 0;
  for (let i = f * nrow; i < (f + 1) * nrow; i++) {
    if (!(ivar[i]! > 0)) continue;
    nodes[good] = wave[i]!;
    values[good] = flux[i]!;
    good++;
  }
  if (good > 0) interpSorted(grid, 0, grid.length, nodes, values, good, out, 0, values[0]!, values[good - 1]!);
}

/** The median at every wavelength. A block of wavelengths at a time is turned, so that memory is read in its order. */
function medianSpectrum(spectra: readonly Float64Array[]): Float64Array {
  const m = spectra.length;
  const n = spectra[0]!.length;
  const out = new Float64Array(n);
  const block = new Float64Array(BLOCK * m);
  for (let from = 0; from < n; from += BLOCK) {
    const size = Math.min(BLOCK, n - from);
    for (let k = 0; k < m; k++) {
      const spectrum = spectra[k]!;
      for (let i = 0; i < size; i++) block[i * m + k] = spectrum[from + i]!;
    }
    for (let i = 0; i < size; i++) out[from + i] = medianInPlace(block, m, i * m);
  }
  return out;
}

/** Wavelengths whose medians are taken together. */
const BLOCK = 64;

/** The model, linear on its even grid, at `n` wavelengths within it. */
function interpolate(
  wave: Float64Array,
  from: number,
  n: number,
  grid: Float64Array,
  model: Float64Array,
  out: Float64Array,
): void {
  const last = grid.length - 1;
  const first = grid[0]!;
  const perStep = last / (grid[last]! - first);
  for (let i = 0; i < n; i++) {
    const place = (wave[from + i]! - first) * perStep;
    const k = Math.min(Math.max(Math.floor(place), 0), last - 1);
    const low = model[k]!;
    out[i] = low + (place - k) * (model[k + 1]! - low);
  }
}

/** Samples of flux exactly 0 are those without data. */
function subtractWhereFlux(flux: Float64Array, from: number, sky: Float64Array): void {
  for (let i = 0; i < sky.length; i++) if (flux[from + i] !== 0) flux[from + i]! -= sky[i]!;
}

export const SKY_SUB_QP: StepDefinition = {
  algorithm: 'SkySub_QP',
  step: 'sky',
  onFailure: 'stop',
  run(products, { compatible, buffers, log }) {
    const qframe = need(products, 'qframe');
    const { flux, nspec, nrow } = qframe;
    let fibers = skyFibers(need(products, 'fibermap'), nspec);
    if (fibers.length === 0) fibers = faintestHalf(flux, nspec, nrow, log);
    else if (!compatible) fibers = litSkyFibers(flux, nrow, fibers, log);
    if (fibers.length === 0) throw new Error('there are too few fibers to find a sky spectrum');
    return subtractSkyFromQFrame(qframe, fibers, compatible, buffers);
  },
};
