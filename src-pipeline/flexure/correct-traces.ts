import { linspace } from '../math/grid.ts';
import { legendreFitter, legendreToPowers } from '../math/legendre.ts';
import { median } from '../math/statistics.ts';
import { evaluate, reduced } from '../psf/legendre-set.ts';
import type { LegendreSet, TraceSet } from '../types.ts';
import { fitSurface, type ShiftSurface, surfaceError, surfaceValue } from './shift-surface.ts';
import type { ShiftSamples } from './shift-samples.ts';

/** Degrees of the polynomials in x and y to begin with, for either shift. */
const DEGREE = 2;
/** Error at the corners above which the degrees are lowered, pixels. */
const MOST_ERROR = 0.05;
/** Wavelengths at which the traces are fitted anew. */
const NODES = 100;

const NO_SHIFT: ShiftSurface = { degreeX: 0, degreeY: 0, coef: new Float64Array(1), covariance: new Float64Array(1) };

/** Smooth shifts over the CCD in x and in y. */
export interface ShiftSurfaces {
  dx: ShiftSurface;
  dy: ShiftSurface;
}

/**
 * Polynomials of both shifts over the CCD, of degree 2 in x and y; the degrees are lowered one by one, those along the
 * fibers first, until the error at the ends of the outermost fibers is at most 0.05 pixels.
 * Source: desispec 0.31 `scripts/trace_shifts.py`.
 * Where nothing is known of y it stays as it is.
 * @throws Error when not even constants can be fitted
 */
export function fitShifts(dx: ShiftSamples, dy: ShiftSamples, traces: TraceSet): ShiftSurfaces {
  if (dy.delta.length === 0) return { dx: fitShifts(dx, dx, traces).dx, dy: NO_SHIFT };
  let [degreeX, degreeY] = [DEGREE, DEGREE];
  for (;;) {
    const surfaces = { dx: fitSurface(dx, degreeX, degreeY), dy: fitSurface(dy, degreeX, degreeY) };
    const last = degreeX === 0 && degreeY === 0;
    if (surfaces.dx !== null && surfaces.dy !== null) {
      const found = { dx: surfaces.dx, dy: surfaces.dy };
      if (last || cornerError(found, traces) <= MOST_ERROR) return found;
    } else if (last) {
      throw new Error(`too few measurements to find shifts: ${dx.delta.length} in x, ${dy.delta.length} in y`);
    }
    if (degreeY > degreeX) degreeY--;
    else if (degreeX > 0) degreeX--;
    else degreeY--;
  }
}

function cornerError(surfaces: ShiftSurfaces, traces: TraceSet): number {
  let most = 0;
  for (const f of [0, traces.nspec - 1]) {
    for (const wave of [traces.wavemin, traces.wavemax]) {
      const x = evaluate(traces.x, f, wave);
      const y = evaluate(traces.y, f, wave);
      most = Math.max(most, surfaceError(surfaces.dx, x, y), surfaceError(surfaces.dy, x, y));
    }
  }
  return most;
}

/** Traces moved by smooth shifts: x + dx(x, y) and y + dy(x, y), fitted anew with as many coefficients. */
export function correctTraces(traces: TraceSet, { dx, dy }: ShiftSurfaces): TraceSet {
  const waves = linspace(traces.wavemin, traces.wavemax, NODES);
  const x = { ...traces.x, coef: new Float64Array(traces.x.coef.length) };
  const y = { ...traces.y, coef: new Float64Array(traces.y.coef.length) };
  const uX = waves.map((wave) => reduced(x, wave));
  const uY = waves.map((wave) => reduced(y, wave));
  const fitX = legendreFitter(uX, x.ncoef);
  const fitY = legendreFitter(uY, y.ncoef);
  const [atX, atY] = [new Float64Array(NODES), new Float64Array(NODES)];
  const [movedX, movedY] = [new Float64Array(NODES), new Float64Array(NODES)];
  for (let f = 0; f < traces.nspec; f++) {
    seriesAt(traces.x, f, uX, atX);
    seriesAt(traces.y, f, uY, atY);
    for (let k = 0; k < NODES; k++) {
      movedX[k] = atX[k]! + surfaceValue(dx, atX[k]!, atY[k]!);
      movedY[k] = atY[k]! + surfaceValue(dy, atX[k]!, atY[k]!);
    }
    x.coef.set(fitX(movedX), f * x.ncoef);
    y.coef.set(fitY(movedY), f * y.ncoef);
  }
  return { ...traces, x, y };
}

/** Fiber `f`'s series at many places of the reduced coordinate. */
function seriesAt({ coef, ncoef }: LegendreSet, f: number, u: Float64Array, out: Float64Array): void {
  const powers = new Float64Array(ncoef);
  legendreToPowers(coef, f * ncoef, ncoef, powers);
  for (let k = 0; k < u.length; k++) {
    let sum = powers[ncoef - 1]!;
    for (let j = ncoef - 2; j >= 0; j--) sum = sum * u[k]! + powers[j]!;
    out[k] = sum;
  }
}

/** Shifts with their median subtracted: what is measured against the other fibers has no common part. */
export function withoutMedian(samples: ShiftSamples): ShiftSamples {
  const middle = median(samples.delta);
  return { ...samples, delta: samples.delta.map((value) => value - middle) };
}
