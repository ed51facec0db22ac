import type { Arm } from '#shared/domain/camera.ts';
import { mean } from '../math/statistics.ts';
import { classesOfProgram, fibersOfClass, skyFibers } from '../spectra/fibers.ts';
import { filterOfArm } from '../spectra/filter.ts';
import { bandMagnitudes, originalBandMagnitudes } from '../spectra/band-integrals.ts';
import { bandFlux, magnitude, NO_FLUX_MAGNITUDE, singleMagnitude } from '../spectra/photometry.ts';
import { spectraOf } from '../spectra/spectra-view.ts';
import { type FiberMap, need, type QaDefinition, type QaResult } from '../types.ts';

/** What stands for the magnitude of sky fibers and of spectra without light. */
const NO_MAGNITUDE = 30;

/** Magnitudes of the fibermap in an arm's band, {@link NO_FLUX_MAGNITUDE} where the flux is 0, NaN where negative. */
function targetMagnitudes(fibermap: FiberMap, arm: Arm, nspec: number, compatible: boolean): Float64Array {
  const flux = bandFlux(fibermap, arm);
  return Float64Array.from({ length: nspec }, (_, f) => {
    const value = flux[f] ?? NaN;
    if (value === 0) return NO_FLUX_MAGNITUDE;
    return compatible ? singleMagnitude(value) : magnitude(value);
  });
}

/**
 * SPEC_MAGS and their differences to the fibermap.
 * DELTAMAG has the fibers that are neither sky nor without light, in order; DELTAMAG_TGT the mean of each class.
 * By default targets without a magnitude in the fibermap are left out of both; desispec 0.31 (`compatible`) counts a flux
 * of 0 as magnitude 30 and writes what is no number as 0 (or, infinite, as the largest number).
 */
function compare(
  magnitudes: Float64Array,
  lightless: readonly boolean[],
  fibermap: FiberMap,
  arm: Arm,
  program: string | null,
  compatible: boolean,
): { deltamag: number[]; deltamagTgt: number[] } {
  const nspec = magnitudes.length;
  const target = targetMagnitudes(fibermap, arm, nspec, compatible);
  const sky = new Set(skyFibers(fibermap, nspec));
  const known = (f: number): boolean => compatible || (target[f]! !== NO_FLUX_MAGNITUDE && Number.isFinite(target[f]));
  const clean = (value: number): number => (compatible ? numberOrLimit(value) : value);
  const deltamag: number[] = [];
  for (let f = 0; f < nspec; f++) {
    if (!sky.has(f) && !lightless[f]! && known(f)) deltamag.push(clean(magnitudes[f]! - target[f]!));
  }
  const deltamagTgt = classesOfProgram(program).map((name) => {
    const fibers = fibersOfClass(fibermap, nspec, name).filter((f) => !lightless[f]! && known(f));
    return clean(mean(fibers.map((f) => magnitudes[f]! - target[f]!)));
  });
  return { deltamag, deltamagTgt };
}

/** numpy.nan_to_num: 0 for NaN, the largest double for infinities. */
function numberOrLimit(value: number): number {
  if (Number.isNaN(value)) return 0;
  return Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, value));
}

/**
 * SPEC_MAGS: the magnitude of each spectrum in the DECam band of its arm, see {@link bandMagnitudes}; 30 for sky fibers and
 * where there is no light.
 */
export const INTEG: QaDefinition = {
  metric: 'integ',
  algorithm: 'Integrate_Spec',
  run(products, { arm, program, exptime, compatible }): QaResult {
    const spectra = spectraOf(products);
    const fibermap = need(products, 'fibermap');
    if (!(exptime > 0)) throw new Error(`magnitudes need an exposure time, EXPTIME is ${exptime}`);
    const { nspec } = spectra;
    const measure = compatible ? originalBandMagnitudes : bandMagnitudes;
    const magnitudes = measure(spectra, filterOfArm(arm), exptime);
    const lightless = Array.from(magnitudes, (value) => Number.isNaN(value));
    const { deltamag, deltamagTgt } = compare(magnitudes, lightless, fibermap, arm, program, compatible);
    const specMags = magnitudes.map((value, f) => (lightless[f]! ? NO_MAGNITUDE : value));
    for (const f of skyFibers(fibermap, nspec)) specMags[f] = NO_MAGNITUDE;
    return {
      metrics: {
        FIBERID: fibermap.fiber.slice(0, nspec),
        NFIBNOTGT: lightless.filter(Boolean).length,
        SPEC_MAGS: specMags,
        DELTAMAG: deltamag,
        STD_FIBERID: fibersOfClass(fibermap, nspec, 'STAR'),
        DELTAMAG_TGT: deltamagTgt,
      },
    };
  },
};
