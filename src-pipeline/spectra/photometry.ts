import type { Arm } from '#shared/domain/camera.ts';
import type { FiberMap } from '../types.ts';

/** Magnitude that stands for a target without flux in the fibermap. */
export const NO_FLUX_MAGNITUDE = 30;

/** The photometric band that an arm's magnitudes are compared in. */
export const BAND_OF_ARM: Readonly<Record<Arm, 'G' | 'R' | 'Z'>> = { b: 'G', r: 'R', z: 'Z' };

/** Fibermap fluxes of the band of an arm, nanomaggies. */
export function bandFlux(fibermap: FiberMap, arm: Arm): Float64Array {
  if (arm === 'b') return fibermap.fluxG;
  return arm === 'r' ? fibermap.fluxR : fibermap.fluxZ;
}

/** 22.5 − 2.5 log₁₀(flux/nanomaggy). */
export function magnitude(flux: number): number {
  return 22.5 - 2.5 * Math.log10(flux);
}

/**
 * As {@link magnitude}, rounded to single precision at every operation, as numpy does with the fibermap's float32 columns.
 * numpy's own log₁₀ differs from the nearest float32 now and then, depending on the processor: the result may then be one
 * unit off, 1.9e-6 magnitudes.
 */
export function singleMagnitude(flux: number): number {
  return Math.fround(22.5 - Math.fround(2.5 * Math.fround(Math.log10(flux))));
}
