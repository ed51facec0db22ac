import { type FilterCurve, linearResponse, stepResponse } from './filter.ts';
import type { SpectraView } from './spectra-view.ts';

/** Zero point of desispec's ST magnitudes of fluxes in 1e-17 erg/s/cm²/Å. */
const ST_ZERO = 21.1;
/** Zero point of AB magnitudes of fluxes in erg/s/cm²/Hz. */
const AB_ZERO = 48.6;
/** Å/s */
const LIGHT_SPEED = 2.99792458e18;
const FLUX_UNIT = 1e-17;

/** Unit of spectra after flux calibration. */
export const CALIBRATED_UNIT = '1e-17 erg/(s cm2 Angstrom)';

/**
 * Magnitude of every spectrum in a band; NaN where the integral is not positive.
 *
 * Calibrated spectra: AB magnitude of the photon-weighted mean, −2.5 log₁₀(∫f λ R dλ / (c ∫R/λ dλ)) − 48.60, over the part
 * of the band that the spectra cover. Others have no zero point: 21.1 − 2.5 log₁₀(∫f R dλ / EXPTIME), electrons per second,
 * is only comparable among themselves. desispec 0.31 (`compatible`) computes this for calibrated spectra too, with the
 * response as steps. Trapezoid rule.
 * @param exptime s
 */
export function bandIntegrals(
  spectra: SpectraView,
  filter: FilterCurve,
  exptime: number,
  compatible: boolean,
): Float64Array {
  const { wave, nspec } = spectra;
  const { from, response } = compatible ? stepResponse(filter, wave) : linearResponse(filter, wave);
  const out = new Float64Array(nspec).fill(NaN);
  if (response.length < 2) return out;
  const absolute = !compatible && spectra.unit === CALIBRATED_UNIT;
  const bandWave = wave.subarray(from, from + response.length);
  const weight = absolute ? response.map((r, i) => r * bandWave[i]!) : response;
  const norm = absolute
    ? (LIGHT_SPEED *
        trapezoid(
          response.map((r, i) => r / bandWave[i]!),
          bandWave,
        )) /
      FLUX_UNIT
    : exptime;
  const zero = absolute ? -AB_ZERO : ST_ZERO;
  const product = new Float64Array(response.length);
  for (let f = 0; f < nspec; f++) {
    const flux = spectra.flux(f, from, from + response.length);
    for (let i = 0; i < product.length; i++) product[i] = flux[i]! * weight[i]!;
    const integral = trapezoid(product, bandWave);
    if (integral > 0) out[f] = zero - 2.5 * Math.log10(integral / norm);
  }
  return out;
}

function trapezoid(y: Float64Array, x: Float64Array): number {
  let sum = 0;
  for (let i = 1; i < y.length; i++) sum += ((x[i]! - x[i - 1]!) * (y[i]! + y[i - 1]!)) / 2;
  return sum;
}
