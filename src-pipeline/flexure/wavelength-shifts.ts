import { choleskyFactor, choleskyInverse, choleskySolve } from '../math/cholesky.ts';
import { medianInPlace } from '../math/statistics.ts';
import { evaluate } from '../psf/legendre-set.ts';
import { viewOfQFrame } from '../spectra/spectra-view.ts';
import type { QFrame, TraceSet } from '../types.ts';
import { newShiftSamples, type ShiftSamples } from './shift-samples.ts';

const BLOCKS = 6;
/** Shifts are refined until they change by less than this, Å. */
const SETTLED = 0.01;
const ROUNDS = 4;
/** Å */
const MOST_ERROR = 0.5;
const ERROR_FLOOR = 0.005;
/** Å; over this the slope dy/dλ is taken. */
const SLOPE_STEP = 0.1;

/** Spectra of some fibers on a common grid, and their median. */
export interface CommonSpectra {
  wave: Float64Array;
  nspec: number;
  /** [nspec, wave.length] */
  flux: Float64Array;
  ivar: Float64Array;
  reference: Float64Array;
}

export function commonSpectra(qframe: QFrame): CommonSpectra {
  const view = viewOfQFrame(qframe);
  const { wave, nwave, nspec } = view;
  const out: CommonSpectra = {
    wave,
    nspec,
    flux: new Float64Array(nspec * nwave),
    ivar: new Float64Array(nspec * nwave),
    reference: new Float64Array(nwave),
  };
  for (let f = 0; f < nspec; f++) {
    out.flux.set(view.flux(f), f * nwave);
    out.ivar.set(view.ivar(f), f * nwave);
  }
  const scratch = new Float64Array(nspec);
  for (let i = 0; i < nwave; i++) {
    let n = 0;
    for (let f = 0; f < nspec; f++) if (out.ivar[f * nwave + i]! > 0) scratch[n++] = out.flux[f * nwave + i]!;
    out.reference[i] = n === 0 ? 0 : medianInPlace(scratch, n);
  }
  return out;
}

/**
 * Shifts along y of every fiber against the median spectrum, in six blocks of wavelengths: with r the median spectrum,
 * least squares of flux = s·r(λ + δ) + c₀ + c₁·λ, linear in s, s·δ (by r's derivative) and c, repeated from the δ found;
 * dy = −δ·dy/dλ. Blocks without structure have no shift.
 *
 * @param traces of the same fibers as the spectra
 */
export function wavelengthShifts(spectra: CommonSpectra, traces: TraceSet): ShiftSamples {
  const { wave, nspec } = spectra;
  const out = newShiftSamples();
  const bounds = Array.from({ length: BLOCKS + 1 }, (_, b) => Math.round((b * wave.length) / BLOCKS));
  for (let b = 0; b < BLOCKS; b++) {
    for (let f = 0; f < nspec; f++) {
      const shift = shiftInBlock(spectra, f, bounds[b]!, bounds[b + 1]!);
      if (shift === null || !(shift.error <= MOST_ERROR)) continue;
      const y = evaluate(traces.y, f, shift.wave);
      const slope = (evaluate(traces.y, f, shift.wave + SLOPE_STEP) - y) / SLOPE_STEP;
      out.x.push(evaluate(traces.x, f, shift.wave));
      out.y.push(y);
      out.delta.push(-shift.delta * slope);
      out.error.push(Math.hypot(shift.error, ERROR_FLOOR) * slope);
    }
  }
  return out;
}

interface BlockShift {
  /** Å: flux(λ) like reference(λ + delta) */
  delta: number;
  error: number;
  /** Å, mean of where there are data */
  wave: number;
}

/** scale, scale·δ, constant, slope */
const UNKNOWNS = 4;

function shiftInBlock(spectra: CommonSpectra, f: number, from: number, to: number): BlockShift | null {
  let delta = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const step = solveShift(spectra, f, from, to, delta);
    if (step === null) return null;
    delta += step.delta;
    if (Math.abs(step.delta) < SETTLED) return { ...step, delta };
  }
  return null;
}

function solveShift(
  { wave, flux, ivar, reference }: CommonSpectra,
  f: number,
  from: number,
  to: number,
  delta: number,
): BlockShift | null {
  const n = wave.length;
  const step = (wave[n - 1]! - wave[0]!) / (n - 1);
  const offset = delta / step;
  const whole = Math.floor(offset);
  const part = offset - whole;
  const middle = (from + to) / 2;
  const matrix = new Float64Array(UNKNOWNS * UNKNOWNS);
  const right = new Float64Array(UNKNOWNS);
  const row = new Float64Array(UNKNOWNS);
  let weightSum = 0;
  let waveSum = 0;
  for (let i = from; i < to; i++) {
    const k = i + whole;
    const weight = ivar[f * n + i]!;
    if (!(weight > 0) || k < 1 || k + 2 >= n) continue;
    const [r0, r1] = [reference[k]!, reference[k + 1]!];
    row[0] = r0 + part * (r1 - r0);
    row[1] = ((1 - part) * (r1 - reference[k - 1]!) + part * (reference[k + 2]! - r0)) / (2 * step);
    row[2] = 1;
    row[3] = (i - middle) / (to - from);
    for (let a = 0; a < UNKNOWNS; a++) {
      const weighted = weight * row[a]!;
      right[a]! += weighted * flux[f * n + i]!;
      for (let b = 0; b <= a; b++) matrix[a * UNKNOWNS + b]! += weighted * row[b]!;
    }
    weightSum += weight;
    waveSum += weight * wave[i]!;
  }
  if (!(weightSum > 0) || !choleskyFactor(matrix, UNKNOWNS)) return null;
  const [scale, shifted] = choleskySolve(matrix, UNKNOWNS, right);
  if (!(scale! > 0)) return null;
  const error = Math.sqrt(choleskyInverse(matrix, UNKNOWNS)[UNKNOWNS + 1]!) / scale!;
  return { delta: shifted! / scale!, error, wave: waveSum / weightSum };
}
