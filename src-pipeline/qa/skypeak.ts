import { nearestIndex } from '../math/grid.ts';
import { median, populationStd } from '../math/statistics.ts';
import { requireSkyFibers } from '../spectra/fibers.ts';
import { fibersWithLight } from '../spectra/light.ts';
import { spectraOf, type SpectraView } from '../spectra/spectra-view.ts';
import { need, type QaDefinition } from '../types.ts';

/** Bins to each side of the peak's. */
const HALF_WINDOW = 2;

/**
 * Counts of the sky line peaks of each fiber, per second: the sum over the peaks of the trapezoid integral (unit spacing)
 * of the flux in the five bins around the nearest bin, over the exposure time. Peaks nearer than two bins to an end of
 * the spectra count with the bins there are.
 * Source: desispec 0.31 `qalib.sky_peaks`.
 * @param peaks Å
 * @param exptime s
 */
export function peakCounts(spectra: SpectraView, peaks: readonly number[], exptime: number): Float64Array {
  const centers = peaks.map((peak) => nearestIndex(spectra.wave, peak));
  return Float64Array.from({ length: spectra.nspec }, (_, f) => {
    let sum = 0;
    for (const center of centers) {
      const from = Math.max(center - HALF_WINDOW, 0);
      const flux = spectra.flux(f, from, Math.min(center + HALF_WINDOW + 1, spectra.nwave));
      for (let i = 1; i < flux.length; i++) sum += (flux[i - 1]! + flux[i]!) / 2;
    }
    return sum / exptime;
  });
}

/**
 * PEAKCOUNT_FIB of every fiber; PEAKCOUNT their median and PEAKCOUNT_NOISE their standard deviation over the sky fibers, by
 * default over those that have light.
 */
export const SKYPEAK: QaDefinition = {
  metric: 'skypeak',
  algorithm: 'Sky_Peaks',
  run(products, { arm, peaks, exptime, compatible }) {
    const spectra = spectraOf(products);
    const fibermap = need(products, 'fibermap');
    const fibers = requireSkyFibers(fibermap, spectra.nspec);
    if (!(exptime > 0)) throw new Error(`counts per second need an exposure time, EXPTIME is ${exptime}`);
    const counts = peakCounts(spectra, peaks[arm], exptime);
    const all = fibers.map((f) => counts[f]!);
    const lit = fibersWithLight(all);
    const sky = compatible ? all : all.filter((_, k) => lit[k]!);
    return {
      metrics: {
        FIBERID: fibermap.fiber.slice(0, spectra.nspec),
        PEAKCOUNT: median(sky),
        PEAKCOUNT_NOISE: populationStd(sky),
        PEAKCOUNT_FIB: counts,
        SKYFIBERID: fibers,
        NSKY_FIB: fibers.length,
      },
      params: { B_PEAKS: [...peaks.b], R_PEAKS: [...peaks.r], Z_PEAKS: [...peaks.z] },
    };
  },
};
