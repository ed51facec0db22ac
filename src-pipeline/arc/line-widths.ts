import { erf } from '../math/erf.ts';
import { nearestIndex } from '../math/grid.ts';
import { fitLevenbergMarquardt, type Model } from '../math/levenberg-marquardt.ts';
import { choleskyFactor, choleskyInverse } from '../math/cholesky.ts';
import { medianInPlace, percentile } from '../math/statistics.ts';
import { legendreValue } from '#shared/fits/legendre-set.ts';
import { legendreFit } from '../math/legendre.ts';
import { evaluate, reduced } from '../psf/legendre-set.ts';
import type { LegendreSet, QFrame, TraceSet } from '../types.ts';

/** Degree of sigma as a function of the wavelength. */
const DEGREE = 2;
const MOST_EVALUATIONS = 100;
/** Samples */
const START_SIGMA = 1.2;
/** This percentile of a spectrum of lines is the level between them. */
const LEVEL_PERCENT = 20;
/** A line counts when its flux is known to one part in so many. */
const LEAST_SNR = 10;
/** Lines further than this many sigma from the smooth curve do not count. */
const NSIG_CLIP = 5;
const ROUNDS = 5;
/** What the curve is not expected to follow, pixels. */
const ERROR_FLOOR = 0.01;
const SLOPE_STEP = 0.1;

/** A measured line. */
interface LineWidth {
  /** Å */
  wave: number;
  /** Gaussian sigma along the dispersion, pixels */
  sigma: number;
  error: number;
}

/**
 * Widths of arc lines as smooth functions of the wavelength, fiber by fiber, in pixels (YSIG): each line is fitted with a
 * Gaussian integrated over the samples, weighted by inverse variance, in `bins` samples to each side of the nearest, over
 * the level between the lines; then a Legendre series of degree 2 over the traces' domain goes through them, without those that lie far off.
 * A fiber with fewer lines than it takes has coefficients 0.
 * @param lines Å
 */
export function lineWidths(spectra: QFrame, traces: TraceSet, lines: readonly number[], bins: number): LegendreSet {
  const ncoef = DEGREE + 1;
  const out: LegendreSet = {
    ncoef,
    wavemin: traces.wavemin,
    wavemax: traces.wavemax,
    coef: new Float64Array(traces.nspec * ncoef),
  };
  for (let f = 0; f < Math.min(spectra.nspec, traces.nspec); f++) {
    const level = percentile(spectra.flux.subarray(f * spectra.nrow, (f + 1) * spectra.nrow), LEVEL_PERCENT);
    const measured = lines
      .map((line) => measureLine(spectra, traces, f, line, bins, level))
      .filter((width): width is LineWidth => width !== null);
    const coef = smoothWidths(measured, out);
    if (coef !== null) out.coef.set(coef, f * ncoef);
  }
  return out;
}

function measureLine(
  { wave, flux, ivar, nrow }: QFrame,
  traces: TraceSet,
  f: number,
  line: number,
  bins: number,
  level: number,
): LineWidth | null {
  const own = wave.subarray(f * nrow, (f + 1) * nrow);
  const center = nearestIndex(own, line);
  if (center < bins || center + bins >= nrow) return null;
  const from = f * nrow + center - bins;
  const values = flux.subarray(from, from + 2 * bins + 1).map((value) => value - level);
  const weights = ivar.subarray(from, from + 2 * bins + 1).map((w) => Math.sqrt(Math.max(w, 0)));
  const total = values.reduce((sum, value) => sum + value, 0);
  if (!(total > 0)) return null;
  const { p, converged } = fitLevenbergMarquardt(LINE, values, [total, bins, START_SIGMA], MOST_EVALUATIONS, weights);
  const error = parameterErrors(LINE, p, weights);
  if (!converged || error === null) return null;
  const sigma = Math.abs(p[2]!);
  const good = p[0]! > LEAST_SNR * error[0]! && Math.abs(p[1]! - bins) < bins / 2 && sigma > 0.3 && sigma < bins;
  if (!good) return null;
  // Samples to pixels: a sample is so many Å, and the traces say how many pixels those are.
  const step = (own[center + 1]! - own[center - 1]!) / 2;
  const slope =
    (evaluate(traces.y, f, line + SLOPE_STEP) - evaluate(traces.y, f, line - SLOPE_STEP)) / (2 * SLOPE_STEP);
  return { wave: line, sigma: sigma * step * slope, error: Math.hypot(error[2]! * step * slope, ERROR_FLOOR) };
}

/** Errors of the parameters for weights 1/σ; null when they are not determined. */
function parameterErrors(model: Model, p: Float64Array, weights: Float64Array): Float64Array | null {
  const n = model.parameters;
  const matrix = new Float64Array(n * n);
  const row = new Float64Array(n);
  for (let i = 0; i < weights.length; i++) {
    model.gradient(p, i, row);
    for (let j = 0; j < n; j++) for (let k = 0; k <= j; k++) matrix[j * n + k]! += weights[i]! ** 2 * row[j]! * row[k]!;
  }
  if (!choleskyFactor(matrix, n)) return null;
  const inverse = choleskyInverse(matrix, n);
  return Float64Array.from({ length: n }, (_, j) => Math.sqrt(inverse[j * n + j]!));
}

function smoothWidths(measured: readonly LineWidth[], domain: LegendreSet): Float64Array | null {
  let kept = measured;
  for (let round = 0; ; round++) {
    if (kept.length <= DEGREE + 1) return null;
    const u = Float64Array.from(kept, ({ wave }) => reduced(domain, wave));
    const sigma = Float64Array.from(kept, (width) => width.sigma);
    const weights = Float64Array.from(kept, ({ error }) => 1 / (error * error));
    const coef = legendreFit(u, sigma, DEGREE + 1, weights);
    if (coef === null || round === ROUNDS) return coef;
    const off = kept.map(({ sigma: value }, k) => Math.abs(value - legendreValue(coef, 0, DEGREE + 1, u[k]!)));
    const spread = 1.4826 * medianInPlace(Float64Array.from(off), off.length);
    const good = kept.filter(({ error }, k) => off[k]! <= NSIG_CLIP * Math.max(spread, error));
    if (good.length === kept.length) return coef;
    kept = good;
  }
}

/** flux·∫ over sample x of a Gaussian (μ, σ); parameters flux, μ, σ; samples of width 1. */
const LINE: Model = {
  parameters: 3,
  value: (p, x) => p[0]! * (cumulative(x + 0.5, p) - cumulative(x - 0.5, p)),
  gradient(p, x, out) {
    const [low, high] = [(x - 0.5 - p[1]!) / p[2]!, (x + 0.5 - p[1]!) / p[2]!];
    const [atLow, atHigh] = [density(low) / p[2]!, density(high) / p[2]!];
    out[0] = cumulative(x + 0.5, p) - cumulative(x - 0.5, p);
    out[1] = -p[0]! * (atHigh - atLow);
    out[2] = -p[0]! * (high * atHigh - low * atLow);
  },
};

const cumulative = (x: number, p: Float64Array): number => erf((x - p[1]!) / (p[2]! * Math.SQRT2)) / 2;
const density = (u: number): number => Math.exp(-0.5 * u * u) / Math.sqrt(2 * Math.PI);
