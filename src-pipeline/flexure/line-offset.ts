import { fitLevenbergMarquardt, type Model } from '../math/levenberg-marquardt.ts';
import { median } from '../math/statistics.ts';
import { nearestIndex } from '../math/grid.ts';

/** Half width of the window around a line, Å. */
const HALF_WINDOW = 6;
/** Sigma to begin with, Å. */
const START_SIGMA = 0.8;
/** A line counts when it stands out by so many times the scatter about the fit. */
const LEAST_SNR = 10;
const MOST_EVALUATIONS = 100;
/** Offsets beyond this are no line of ours, Å. */
const MOST_OFFSET = 4;

/**
 * How far lines of known wavelength lie from where a spectrum has them, Å: the median over the lines of
 * (fitted centre − wavelength), each fitted with a Gaussian on a straight continuum. Null when no line stands out.
 * @param wave even steps, Å
 * @param lines Å
 */
export function lineOffset(wave: Float64Array, flux: Float64Array, lines: readonly number[]): number | null {
  const step = (wave[wave.length - 1]! - wave[0]!) / (wave.length - 1);
  const half = Math.round(HALF_WINDOW / step);
  const offsets: number[] = [];
  for (const line of lines) {
    const center = nearestIndex(wave, line);
    if (center < half || center + half >= wave.length) continue;
    const offset = offsetOfLine(flux.subarray(center - half, center + half + 1), step);
    if (offset !== null) offsets.push(offset + wave[center]! - line);
  }
  return offsets.length === 0 ? null : median(offsets);
}

/** Centre of the line relative to the middle of the window, Å. */
function offsetOfLine(flux: Float64Array, step: number): number | null {
  const middle = (flux.length - 1) / 2;
  const level = median(flux);
  let peak = 0;
  for (let i = 0; i < flux.length; i++) if (flux[i]! > flux[peak]!) peak = i;
  const height = flux[peak]! - level;
  if (!(height > 0)) return null;
  const fit = fitLevenbergMarquardt(LINE, flux, [height, peak, START_SIGMA / step, level, 0], MOST_EVALUATIONS);
  const [amplitude, at, sigma] = fit.p;
  const residuals = Float64Array.from(flux, (value, i) => Math.abs(value - LINE.value(fit.p, i)));
  const scatter = 1.4826 * median(residuals);
  const offset = (at! - middle) * step;
  const narrow = Math.abs(sigma!) * step < HALF_WINDOW / 2;
  return fit.converged && narrow && amplitude! > LEAST_SNR * scatter && Math.abs(offset) <= MOST_OFFSET ? offset : null;
}

/** a·exp(−(x − μ)²/2σ²) + c₀ + c₁·x */
const LINE: Model = {
  parameters: 5,
  value(p, x) {
    const u = (x - p[1]!) / p[2]!;
    return p[0]! * Math.exp(-0.5 * u * u) + p[3]! + p[4]! * x;
  },
  gradient(p, x, out) {
    const u = (x - p[1]!) / p[2]!;
    const shape = Math.exp(-0.5 * u * u);
    out[0] = shape;
    out[1] = (p[0]! * shape * u) / p[2]!;
    out[2] = (p[0]! * shape * u * u) / p[2]!;
    out[3] = 1;
    out[4] = x;
  },
};
