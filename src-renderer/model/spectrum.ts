import type { Arm } from '#shared/domain/camera.ts';
import type { ArmSpectrum } from '#shared/domain/fiber.ts';
import { quantile } from './color-scale.ts';

/** One arm of a spectrum as it is drawn: smoothed, with its error, and perhaps over another spectrum. */
export interface Curve {
  arm: Arm;
  wavelength: Float64Array;
  flux: Float64Array;
  /** 1 σ; NaN where there is none. */
  error: Float64Array;
}

/**
 * Running means over `width` bins (odd), weighted by inverse variance, and their errors 1/√Σ(1/σ²); every bin counts the same where
 * there are no errors. Bins without data are left out; a bin without any neighbour with data stays NaN.
 */
export function smooth(
  flux: ArrayLike<number>,
  error: ArrayLike<number>,
  width: number,
): { flux: Float64Array; error: Float64Array } {
  const half = Math.max(0, Math.floor(width / 2));
  const n = flux.length;
  const out = { flux: new Float64Array(n).fill(NaN), error: new Float64Array(n).fill(NaN) };
  const weightOf = (i: number): number => {
    if (!Number.isFinite(flux[i] ?? NaN)) return 0;
    if (error.length === 0) return 1;
    const sigma = error[i] ?? NaN;
    return sigma > 0 ? 1 / (sigma * sigma) : 0;
  };
  for (let i = 0; i < n; i++) {
    let weights = 0;
    let sum = 0;
    for (let k = Math.max(0, i - half); k <= Math.min(n - 1, i + half); k++) {
      const weight = weightOf(k);
      if (weight === 0) continue;
      weights += weight;
      sum += weight * (flux[k] ?? 0);
    }
    if (weights === 0) continue;
    out.flux[i] = sum / weights;
    if (error.length > 0) out.error[i] = 1 / Math.sqrt(weights);
  }
  return out;
}

/** The arms that have data, smoothed. */
export function curvesOf(spectra: readonly ArmSpectrum[], width: number): Curve[] {
  return spectra
    .filter(({ missing }) => missing === '')
    .map(({ arm, wavelength, flux, error }) => ({ arm, wavelength, ...smooth(flux, error, width) }));
}

/** Value of a curve at a wavelength, linear between its bins; NaN outside and beside missing bins. */
export function valueAt(wavelength: Float64Array, values: Float64Array, at: number): number {
  const n = wavelength.length;
  if (n < 2) return NaN;
  const [first = NaN, last = NaN] = [wavelength[0], wavelength[n - 1]];
  const place = ((at - first) / (last - first)) * (n - 1);
  if (!(place >= 0) || place > n - 1) return NaN;
  const below = Math.min(n - 2, Math.floor(place));
  const share = place - below;
  const [low = NaN, high = NaN] = [values[below], values[below + 1]];
  if (share === 0) return low;
  return low + share * (high - low);
}

/** One spectrum over another, arm by arm on the first one's bins; errors of both are propagated. */
export function ratioOf(above: readonly Curve[], below: readonly Curve[]): Curve[] {
  return above.flatMap((curve) => {
    const other = below.find(({ arm }) => arm === curve.arm);
    if (!other) return [];
    const flux = new Float64Array(curve.flux.length);
    const error = new Float64Array(curve.flux.length);
    curve.wavelength.forEach((wave, i) => {
      const divisor = valueAt(other.wavelength, other.flux, wave);
      const ratio = divisor === 0 ? NaN : (curve.flux[i] ?? NaN) / divisor;
      const parts = [
        (curve.error[i] ?? NaN) / (curve.flux[i] ?? NaN),
        valueAt(other.wavelength, other.error, wave) / divisor,
      ];
      flux[i] = ratio;
      error[i] = Math.abs(ratio) * Math.hypot(...parts.map((part) => (Number.isFinite(part) ? part : 0)));
    });
    return [{ arm: curve.arm, wavelength: curve.wavelength, flux, error }];
  });
}

/** Shortest and longest wavelength of the arms; null without any. */
export function wavelengthRange(curves: readonly Curve[]): [number, number] | null {
  const ends = curves.flatMap(({ wavelength }) => [wavelength[0], wavelength[wavelength.length - 1]]);
  const known = ends.filter((end): end is number => end !== undefined);
  return known.length === 0 ? null : [Math.min(...known), Math.max(...known)];
}

/** A bin so many times its error above the others is a line of the target: it is in the picture, up to so many times its height. */
const SIGNIFICANT = 12;
const TALLEST = 2.5;

/** Bins whose error is so many times the usual one say nothing about where the spectrum lies. */
const NOISY = 4;

/**
 * Range of the flux over a range of wavelengths that holds all but the most extreme hundredth of the bins that are not much
 * noisier than the others, with a margin, and zero where it is near.
 */
export function fluxRange(
  curves: readonly Curve[],
  [from, to]: readonly [number, number],
  aboutZero = true,
): [number, number] {
  const values: number[] = [];
  const errors: number[] = [];
  for (const { wavelength, flux, error } of curves)
    for (let i = 0; i < flux.length; i++) {
      const [wave = NaN, value = NaN, sigma = NaN] = [wavelength[i], flux[i], error[i]];
      if (!(wave >= from && wave <= to) || !Number.isFinite(value)) continue;
      values.push(value);
      errors.push(Number.isFinite(sigma) ? sigma : 0);
    }
  const most = NOISY * quantile(Float64Array.from(errors).sort(), 0.5);
  const quiet = values.filter((_, i) => (errors[i] ?? 0) <= most);
  const sorted = Float64Array.from(quiet).sort();
  let low = quantile(sorted, 0.005);
  let high = quantile(sorted, 0.995);
  if (!Number.isFinite(low)) return [0, 1];
  if (aboutZero && low > 0 && low < 0.6 * high) low = 0;
  if (aboutZero && high < 0 && high > 0.6 * low) high = 0;
  const middle = quantile(sorted, 0.5);
  const peak = values.reduce((top, value, i) => {
    const sigma = errors[i] ?? 0;
    return sigma > 0 && sigma <= most && value - middle > SIGNIFICANT * sigma ? Math.max(top, value) : top;
  }, high);
  high = Math.min(peak, low + TALLEST * (high - low));
  const margin = 0.07 * (high - low || Math.abs(high) || 1);
  return [low === 0 ? -margin * 0.4 : low - margin, high + margin];
}

const FLUX_UNIT = /^(?:1e-17|10\*\*-17|10\^-17|1E-17)\s*erg\s*\/?\s*\(?s/i;

/** The unit of a product in the way it is set: 10⁻¹⁷ erg s⁻¹ cm⁻² Å⁻¹, e⁻/Å; the file's own word where it is another. */
export function spectrumUnit(bunit: string): { quantity: string; unit: string } {
  const text = bunit.trim();
  if (FLUX_UNIT.test(text))
    return { quantity: 'Flux', unit: '10\u207b\u00b9\u2077 erg s\u207b\u00b9 cm\u207b\u00b2 \u00c5\u207b\u00b9' };
  if (/^(electron|count|photon)s?\s*\/\s*angstrom/i.test(text)) {
    return {
      quantity: 'Counts',
      unit: `${/^electron/i.test(text) ? 'e\u207b' : (text.split('/')[0]?.trim() ?? '')}/\u00c5`,
    };
  }
  return { quantity: 'Value', unit: text };
}
