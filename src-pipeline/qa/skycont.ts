import type { Arm } from '#shared/domain/camera.ts';
import type { Json } from '#shared/domain/measurement.ts';
import { mean, medianInPlace } from '../math/statistics.ts';
import { requireSkyFibers } from '../spectra/fibers.ts';
import { fibersWithLight } from '../spectra/light.ts';
import { spectraOf, type SpectraView } from '../spectra/spectra-view.ts';
import { need, type QaDefinition } from '../types.ts';

type Window = readonly [number, number];

/** Line-free stretches of the sky in each arm, Å: the stock configuration's. */
const STOCK_WINDOWS: Readonly<Record<Arm, readonly Window[]>> = {
  b: [
    [4000, 4500],
    [5250, 5550],
  ],
  r: [
    [5950, 6200],
    [6990, 7230],
  ],
  z: [
    [8120, 8270],
    [9110, 9280],
  ],
};

/**
 * Sky continuum of each sky fiber: the mean over the windows (open intervals, Å) of the median flux in them, electrons/Å.
 * Samples without data (inverse variance 0) are left out.
 */
export function skyContinuum(
  spectra: SpectraView,
  fibers: readonly number[],
  windows: readonly Window[],
): Float64Array {
  return Float64Array.from(fibers, (f) => {
    const { wave, flux, ivar } = spectra.own(f);
    return mean(
      windows.map((window) => {
        const [from, to] = inside(wave, window);
        const known = flux.slice(from, to).filter((_, i) => ivar[from + i]! > 0);
        return medianInPlace(known, known.length);
      }),
    );
  });
}

/** As desispec 0.31: on the common grid, with samples that have no data, and without the first and last bin of each window. */
export function originalSkyContinuum(
  spectra: SpectraView,
  fibers: readonly number[],
  windows: readonly Window[],
): Float64Array {
  const ranges = windows.map((window) => inside(spectra.wave, window));
  return Float64Array.from(fibers, (f) =>
    mean(
      ranges.map(([from, to]) => {
        const flux = spectra.flux(f, from + 1, to - 1).slice();
        return medianInPlace(flux, flux.length);
      }),
    ),
  );
}

/** Indices from the first value inside an open interval to the first beyond it. */
function inside(wave: Float64Array, [low, high]: Window): readonly [from: number, to: number] {
  const from = wave.findIndex((value) => value > low);
  const beyond = wave.findIndex((value) => value >= high);
  return [from < 0 ? wave.length : from, beyond < 0 ? wave.length : beyond];
}

/** Windows of an arm from PARAMS: strings `lo, hi` as the original writes them, or pairs of numbers. */
function windowsParam(params: Readonly<Record<string, Json>>, arm: Arm): readonly Window[] {
  const value = params[`${arm.toUpperCase()}_CONT`];
  if (value === undefined) return STOCK_WINDOWS[arm];
  const windows = (Array.isArray(value) ? value : []).map((one): Window => {
    const [low = NaN, high = NaN] = (typeof one === 'string' ? one.split(',') : Array.isArray(one) ? one : []).map(
      Number,
    );
    return [low, high];
  });
  if (windows.length === 0 || windows.some(([low, high]) => !(high > low))) {
    throw new Error(`${arm.toUpperCase()}_CONT must be windows like "4000, 4500", not ${JSON.stringify(value)}`);
  }
  return windows;
}

/** SKYCONT_FIBER of every sky fiber, and SKYCONT their mean: by default of those that have light. */
export const SKYCONT: QaDefinition = {
  metric: 'skycont',
  algorithm: 'Sky_Continuum',
  run(products, { arm, params, compatible }) {
    const spectra = spectraOf(products);
    const fibers = requireSkyFibers(need(products, 'fibermap'), spectra.nspec);
    const each = (compatible ? originalSkyContinuum : skyContinuum)(spectra, fibers, windowsParam(params, arm));
    const lit = fibersWithLight(each);
    const counted = compatible ? each : each.filter((_, k) => lit[k]!);
    return { metrics: { SKYFIBERID: fibers, SKYCONT: mean(counted), SKYCONT_FIBER: each } };
  },
};
