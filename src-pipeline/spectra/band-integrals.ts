import { type FilterCurve, stepResponse } from './filter.ts';
import type { SpectraView, Spectrum } from './spectra-view.ts';

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
 * is only comparable among themselves.
 * @param exptime s
 */
export function bandMagnitudes(spectra: SpectraView, filter: FilterCurve, exptime: number): Float64Array {
  const out = new Float64Array(spectra.nspec).fill(NaN);
  const sums: BandSums = { light: 0, photons: 0, norm: 0 };
  for (let f = 0; f < spectra.nspec; f++) {
    integrate(spectra.own(f), filter, sums);
    const { light, photons, norm } = sums;
    if (spectra.unit !== CALIBRATED_UNIT) {
      if (light > 0) out[f] = ST_ZERO - 2.5 * Math.log10(light / exptime);
    } else if (photons > 0) {
      out[f] = -AB_ZERO - 2.5 * Math.log10((FLUX_UNIT * photons) / (LIGHT_SPEED * norm));
    }
  }
  return out;
}

/** ∫f R dλ, ∫f λ R dλ and ∫R/λ dλ. */
interface BandSums {
  light: number;
  photons: number;
  norm: number;
}

/** Trapezoids from one sample with data to the next; the response is linear between its nodes. */
function integrate({ wave, flux, ivar }: Spectrum, filter: FilterCurve, sums: BandSums): void {
  const nodes = filter.wave;
  const { response } = filter;
  const last = nodes[nodes.length - 1]!;
  let k = 0;
  let before = NaN;
  let lightBefore = 0;
  let photonsBefore = 0;
  let normBefore = 0;
  let light = 0;
  let photons = 0;
  let norm = 0;
  for (let i = 0; i < wave.length; i++) {
    const x = wave[i]!;
    if (!(ivar[i]! > 0) || x < nodes[0]!) continue;
    if (x >= last) break;
    while (nodes[k + 1]! <= x) k++;
    const r = response[k]! + ((x - nodes[k]!) / (nodes[k + 1]! - nodes[k]!)) * (response[k + 1]! - response[k]!);
    const lightHere = r * flux[i]!;
    const photonsHere = lightHere * x;
    const normHere = r / x;
    if (before === before) {
      const half = (x - before) / 2;
      light += half * (lightHere + lightBefore);
      photons += half * (photonsHere + photonsBefore);
      norm += half * (normHere + normBefore);
    }
    before = x;
    lightBefore = lightHere;
    photonsBefore = photonsHere;
    normBefore = normHere;
  }
  sums.light = light;
  sums.photons = photons;
  sums.norm = norm;
}

/**
 * As desispec 0.31: 21.1 − 2.5 log₁₀(∫f R dλ / EXPTIME) for calibrated spectra too, on the common grid, with the response as
 * steps.
 */
export function originalBandMagnitudes(spectra: SpectraView, filter: FilterCurve, exptime: number): Float64Array {
  const { wave, nspec } = spectra;
  const { from, response } = stepResponse(filter, wave);
  const out = new Float64Array(nspec).fill(NaN);
  if (response.length < 2) return out;
  const bandWave = wave.subarray(from, from + response.length);
  const product = new Float64Array(response.length);
  for (let f = 0; f < nspec; f++) {
    const flux = spectra.flux(f, from, from + response.length);
    for (let i = 0; i < product.length; i++) product[i] = flux[i]! * response[i]!;
    const integral = trapezoid(product, bandWave);
    if (integral > 0) out[f] = ST_ZERO - 2.5 * Math.log10(integral / exptime);
  }
  return out;
}

function trapezoid(y: Float64Array, x: Float64Array): number {
  let sum = 0;
  for (let i = 1; i < y.length; i++) sum += ((x[i]! - x[i - 1]!) * (y[i]! + y[i - 1]!)) / 2;
  return sum;
}
