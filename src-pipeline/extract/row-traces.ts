import { legendreToPowers } from '../math/legendre.ts';
import { reduced } from '../psf/legendre-set.ts';
import type { TraceSet } from '../types.ts';

/** Where some fibers are in each CCD row, index (fiber − first)·nrow + row. */
export interface RowTraces {
  /** the first of them, among those of the traces */
  first: number;
  nspec: number;
  nrow: number;
  /** Å */
  wave: Float64Array;
  /** pixels, 0 the centre of the first */
  x: Float64Array;
}

/** Rows between two exact solutions; cubic Hermite interpolation between them is good to 1e-9 pixels on a real CCD. */
const ANCHOR_STEP = 8;
const NEWTON_STEPS = 4;

/** Positions of `nspec` fibers from the first, solved for. @throws Error as {@link solveRows} */
export function rowTraces(traces: TraceSet, nspec: number, nrow: number): RowTraces {
  const size = nspec * nrow;
  const rows: RowTraces = { first: 0, nspec, nrow, wave: new Float64Array(size), x: new Float64Array(size) };
  solveRows(traces, rows);
  return rows;
}

/**
 * Solves y(λ) = row for fibers and rows of `out`; beyond the domain of the traces both λ and x go on straight.
 * @throws Error when a trace does not rise with λ
 */
export function solveRows(traces: TraceSet, out: RowTraces): void {
  const { first, nspec, nrow } = out;
  const anchors = newAnchors(Math.ceil(nrow / ANCHOR_STEP) + 1);
  const xPowers = new Float64Array(traces.x.ncoef);
  const yPowers = new Float64Array(traces.y.ncoef);
  // λ and the reduced coordinate of x, both linear in that of y.
  const middle = (traces.y.wavemin + traces.y.wavemax) / 2;
  const half = (traces.y.wavemax - traces.y.wavemin) / 2;
  const xScale = (2 * half) / (traces.x.wavemax - traces.x.wavemin);
  const xShift = reduced(traces.x, middle);
  for (let f = 0; f < nspec; f++) {
    legendreToPowers(traces.x.coef, (first + f) * traces.x.ncoef, traces.x.ncoef, xPowers);
    legendreToPowers(traces.y.coef, (first + f) * traces.y.ncoef, traces.y.ncoef, yPowers);
    if (!solveAnchors(xPowers, yPowers, xScale, xShift, anchors)) {
      throw new Error(`the trace of fiber ${first + f} does not rise with λ: check the PSF file`);
    }
    fill(anchors.u, anchors.du, half, middle, nrow, out.wave, f * nrow);
    fill(anchors.x, anchors.dx, 1, 0, nrow, out.x, f * nrow);
  }
}

/** At every anchor row: the reduced coordinate u and x, and their slopes per row. */
interface Anchors {
  u: Float64Array;
  du: Float64Array;
  x: Float64Array;
  dx: Float64Array;
}

function newAnchors(n: number): Anchors {
  return { u: new Float64Array(n), du: new Float64Array(n), x: new Float64Array(n), dx: new Float64Array(n) };
}

function solveAnchors(
  xPowers: Float64Array,
  yPowers: Float64Array,
  xScale: number,
  xShift: number,
  anchors: Anchors,
): boolean {
  let u = -1;
  for (let a = 0; a < anchors.u.length; a++) {
    const row = a * ANCHOR_STEP;
    for (let step = 0; step < NEWTON_STEPS; step++) {
      const inside = Math.min(1, Math.max(-1, u));
      const slope = derivative(yPowers, inside);
      if (!(slope > 0)) return false;
      const next = inside + (row - horner(yPowers, inside)) / slope;
      // Where the step leaves the domain again from its edge, the straight continuation is the solution.
      const settled =
        Math.abs(next - u) < 1e-13 || (inside !== u && Math.sign(next) === Math.sign(u) && Math.abs(next) > 1);
      u = next;
      if (settled) break;
    }
    const inside = Math.min(1, Math.max(-1, u));
    const slope = derivative(yPowers, inside);
    if (!(slope > 0)) return false;
    anchors.u[a] = u;
    anchors.du[a] = 1 / slope;
    const ux = inside * xScale + xShift;
    const xSlope = derivative(xPowers, ux) * xScale;
    anchors.x[a] = horner(xPowers, ux) + xSlope * (u - inside);
    anchors.dx[a] = xSlope / slope;
    u += ANCHOR_STEP / slope;
  }
  return true;
}

function horner(powers: Float64Array, u: number): number {
  let sum = powers[powers.length - 1]!;
  for (let j = powers.length - 2; j >= 0; j--) sum = sum * u + powers[j]!;
  return sum;
}

function derivative(powers: Float64Array, u: number): number {
  let sum = 0;
  for (let j = powers.length - 1; j >= 1; j--) sum = sum * u + j * powers[j]!;
  return sum;
}

/** Cubic Hermite interpolation between the anchors, times `scale` plus `shift`. */
function fill(
  values: Float64Array,
  slopes: Float64Array,
  scale: number,
  shift: number,
  nrow: number,
  out: Float64Array,
  outFrom: number,
): void {
  for (let a = 0, row = 0; row < nrow; a++) {
    const v0 = values[a]! * scale + shift;
    const v1 = values[a + 1]! * scale + shift;
    const s0 = slopes[a]! * scale * ANCHOR_STEP;
    const s1 = slopes[a + 1]! * scale * ANCHOR_STEP;
    const c2 = 3 * (v1 - v0) - 2 * s0 - s1;
    const c3 = 2 * (v0 - v1) + s0 + s1;
    const end = Math.min(nrow, row + ANCHOR_STEP);
    for (let i = 0; row < end; i++, row++) {
      const t = i / ANCHOR_STEP;
      out[outFrom + row] = v0 + t * (s0 + t * (c2 + t * c3));
    }
  }
}
