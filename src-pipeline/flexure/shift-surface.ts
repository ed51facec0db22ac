import { choleskyFactor, choleskyInverse, choleskySolve } from '../math/cholesky.ts';
import { median } from '../math/statistics.ts';
import type { ShiftSamples } from './shift-samples.ts';

/** A polynomial of shifts over the CCD: Σ c·xⁱ·yʲ, i ≤ degreeX, j ≤ degreeY, j running fastest. */
export interface ShiftSurface {
  degreeX: number;
  degreeY: number;
  coef: Float64Array;
  /** [n, n] */
  covariance: Float64Array;
}

/** Positions are divided by this before powers are taken, which only scales the coefficients. */
const UNIT = 1000;
const ROUNDS = 100;
/** Step by which errors grow until they explain the scatter, pixels. */
const ERROR_STEP = 0.002;
/** Squared deviation, in units of the reduced χ², beyond which the worst sample is dropped. */
const MOST_DEVIATION = 25;
const LEAST_RCHI2 = 1.2;

/** The monomials of a surface at a point. */
function monomials(x: number, y: number, degreeX: number, degreeY: number): Float64Array {
  const out = new Float64Array((degreeX + 1) * (degreeY + 1));
  let at = 0;
  for (let i = 0; i <= degreeX; i++) for (let j = 0; j <= degreeY; j++) out[at++] = (x / UNIT) ** i * (y / UNIT) ** j;
  return out;
}

export function surfaceValue({ degreeX, degreeY, coef }: ShiftSurface, x: number, y: number): number {
  const [u, v] = [x / UNIT, y / UNIT];
  let sum = 0;
  for (let i = degreeX; i >= 0; i--) {
    let inner = 0;
    for (let j = degreeY; j >= 0; j--) inner = inner * v + coef[i * (degreeY + 1) + j]!;
    sum = sum * u + inner;
  }
  return sum;
}

/** One sigma of the surface at a point, from the covariance of its coefficients. */
export function surfaceError(surface: ShiftSurface, x: number, y: number): number {
  const powers = monomials(x, y, surface.degreeX, surface.degreeY);
  const n = powers.length;
  let sum = 0;
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) sum += powers[i]! * surface.covariance[i * n + j]! * powers[j]!;
  return Math.sqrt(sum);
}

/**
 * Least-squares surface through the samples: up to 100 rounds, in each of which the worst sample is dropped when it lies
 * more than five sigma off, and else the errors of all grow by 0.002 pixels until the scatter (from its median) is explained.
 * Null when the samples do not determine it. Source: desispec 0.31 `trace_shifts.polynomial_fit`.
 */
export function fitSurface(samples: ShiftSamples, degreeX: number, degreeY: number): ShiftSurface | null {
  const { x, y, delta, error } = samples;
  const m = delta.length;
  const n = (degreeX + 1) * (degreeY + 1);
  const powers = x.map((value, k) => monomials(value, y[k]!, degreeX, degreeY));
  const dropped = new Uint8Array(m);
  const weights = new Float64Array(m);
  let floor = 0;
  for (let round = 0; ; round++) {
    for (let k = 0; k < m; k++) weights[k] = dropped[k] === 1 ? 0 : 1 / (error[k]! ** 2 + floor ** 2);
    const solved = solve(powers, delta, weights, n);
    if (solved === null) return null;
    const deviation = delta.map((value, k) => {
      const model = powers[k]!.reduce((sum, power, j) => sum + power * solved.coef[j]!, 0);
      return Math.sqrt(weights[k]!) * Math.abs(value - model);
    });
    const used = m - dropped.reduce((sum, one) => sum + one, 0);
    const rchi2 = (1.4826 * median(deviation) * used) / (used - n);
    const worst = deviation.reduce((best, value, k) => (value > deviation[best]! ? k : best), 0);
    const outlier = deviation[worst]! ** 2 > MOST_DEVIATION * Math.max(rchi2, LEAST_RCHI2);
    if (outlier) dropped[worst] = 1;
    if (rchi2 > 1 && (!outlier || round > 5)) floor += ERROR_STEP;
    if ((rchi2 <= 1 && !outlier) || round === ROUNDS - 1) {
      return { degreeX, degreeY, coef: solved.coef, covariance: choleskyInverse(solved.factor, n) };
    }
    if (!(used > n)) return null;
  }
}

function solve(
  powers: readonly Float64Array[],
  values: readonly number[],
  weights: Float64Array,
  n: number,
): { coef: Float64Array; factor: Float64Array } | null {
  const factor = new Float64Array(n * n);
  const right = new Float64Array(n);
  for (let k = 0; k < values.length; k++) {
    const w = weights[k]!;
    if (w === 0) continue;
    const row = powers[k]!;
    for (let i = 0; i < n; i++) {
      const weighted = w * row[i]!;
      right[i]! += weighted * values[k]!;
      for (let j = 0; j <= i; j++) factor[i * n + j]! += weighted * row[j]!;
    }
  }
  if (!choleskyFactor(factor, n)) return null;
  return { coef: choleskySolve(factor, n, right), factor };
}
