import gBand from '../../resources/filters/decam2014-g.json' with { type: 'json' };
import rBand from '../../resources/filters/decam2014-r.json' with { type: 'json' };
import zBand from '../../resources/filters/decam2014-z.json' with { type: 'json' };
import type { Arm } from '#shared/domain/camera.ts';
import { nearestIndex } from '../math/grid.ts';

/** System response of a photometric band at nodes, as a fraction; 0 beyond them. */
export interface FilterCurve {
  /** Å, ascending */
  wave: Float64Array;
  response: Float64Array;
}

const CURVES: Readonly<Record<Arm, FilterCurve>> = {
  b: curve(gBand),
  r: curve(rBand),
  z: curve(zBand),
};

function curve(file: { wavelength: number[]; response: number[] }): FilterCurve {
  return { wave: Float64Array.from(file.wavelength), response: Float64Array.from(file.response) };
}

/** The DECam curve (2014) that the magnitudes of an arm are measured in: g, r, z for b, r, z. */
export function filterOfArm(arm: Arm): FilterCurve {
  return CURVES[arm];
}

/** Response as a function of bins: values for bins `from …`, 0 in all others. */
export interface SampledFilter {
  from: number;
  response: Float64Array;
}

/**
 * The response as desispec 0.31 renders it on a grid: each inner node's value from the bin nearest to half-way to the
 * node before, up to (without) the one nearest to half-way to the next.
 */
export function stepResponse({ wave, response }: FilterCurve, grid: Float64Array): SampledFilter {
  const all = new Float64Array(grid.length);
  for (let k = 1; k < wave.length - 1; k++) {
    const low = nearestIndex(grid, wave[k]! - (wave[k]! - wave[k - 1]!) / 2);
    const high = nearestIndex(grid, wave[k]! + (wave[k + 1]! - wave[k]!) / 2);
    all.fill(response[k]!, low, Math.max(low, high));
  }
  return trimmed(all);
}

/** Leaves out the bins before the first and after the last response; keeps one 0 at each end for trapezoids. */
function trimmed(all: Float64Array): SampledFilter {
  const first = all.findIndex((value) => value !== 0);
  if (first < 0) return { from: 0, response: all.slice(0, 0) };
  let last = all.length - 1;
  while (all[last] === 0) last--;
  const from = Math.max(first - 1, 0);
  return { from, response: all.slice(from, Math.min(last + 2, all.length)) };
}
