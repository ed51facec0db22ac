import { choleskyFactor, choleskyInverse } from '../math/cholesky.ts';
import { erf } from '../math/erf.ts';
import { gradient, linspace, nearestIndex } from '../math/grid.ts';
import { legendreFit } from '../math/legendre.ts';
import { fitLevenbergMarquardt, type Model } from '../math/levenberg-marquardt.ts';
import { evaluate, reduced } from '../psf/legendre-set.ts';
import type { LegendreSet, QFrame, TraceSet } from '../types.ts';

const DEGREE = 2;
/** scipy's limit for two parameters. */
const MOST_EVALUATIONS = 600;
/** Wavelengths at which widths in Å become widths in pixels. */
const NODES = 100;

/**
 * YSIG as desispec 0.31's ResolutionFit (`quicklook/arcprocess.py`) makes it: in Å a Gaussian integrated over the samples,
 * of area 1 and without background, started at 1 Å off with a sigma of 1 Å; a Legendre series with weights 1/σ⁴; a fiber that misses any line
 * has coefficients 0. Its list of lines shrinks from fiber to fiber: each time a spectrum ends within it, one line more
 * than the outside ones is lost.
 */
export function originalLineWidths(
  spectra: QFrame,
  traces: TraceSet,
  lines: readonly number[],
  bins: number,
): LegendreSet {
  const { nspec, nrow, wave, flux } = spectra;
  const ncoef = DEGREE + 1;
  const angstroms: LegendreSet = {
    ncoef,
    wavemin: traces.wavemin,
    wavemax: traces.wavemax,
    coef: new Float64Array(traces.nspec * ncoef),
  };
  let list = lines;
  for (let f = 0; f < Math.min(nspec, traces.nspec); f++) {
    const own = wave.subarray(f * nrow, (f + 1) * nrow);
    list = shrink(list, own[0]!, own[nrow - 1]!);
    const fits = list.map((line) => fitLine(own, flux.subarray(f * nrow, (f + 1) * nrow), line, bins));
    const known = fits.filter(({ error }) => Number.isFinite(error));
    if (known.length === 0 || known.some(({ sigma, error }) => sigma === 0 || error === 0)) continue;
    const coef = legendreFit(
      Float64Array.from(known, ({ mean }) => reduced(angstroms, mean)),
      Float64Array.from(known, ({ sigma }) => sigma),
      ncoef,
      Float64Array.from(known, ({ error }) => error ** -4),
    );
    if (coef !== null) angstroms.coef.set(coef, f * ncoef);
  }
  return inPixels(angstroms, traces);
}

function shrink(lines: readonly number[], first: number, last: number): readonly number[] {
  let list = lines;
  if (list.length > 0 && first >= list[0]!) {
    const outside = list.filter((line) => line <= first).length;
    list = list.slice(outside, list.length - 1);
  }
  if (list.length > 0 && last <= list[list.length - 1]!) {
    const inside = list.filter((line) => line < last).length;
    list = list.slice(0, Math.max(inside - 1, 0));
  }
  return list;
}

interface LineFit {
  /** Å */
  mean: number;
  sigma: number;
  /** of sigma; 0 where there is no fit, infinite where it is not determined */
  error: number;
}

function fitLine(wave: Float64Array, flux: Float64Array, line: number, bins: number): LineFit {
  const center = nearestIndex(wave, line);
  const from = center - bins;
  const none: LineFit = { mean: 0, sigma: 0, error: 0 };
  const values = flux.subarray(Math.max(from, 0), center + bins + 1);
  if (from < 0 || values.length < 3 || values.includes(0)) return none;
  const total = values.reduce((sum, value) => sum + value, 0);
  const spots = values.map((value) => value / total);
  const offsets = wave.subarray(from, center + bins + 1).map((value) => value - line);
  const model = unitGaussian(offsets);
  const { p, converged } = fitLevenbergMarquardt(model, spots, [1, 1], MOST_EVALUATIONS);
  return converged ? { mean: p[0]! + line, sigma: p[1]!, error: sigmaError(model, p, spots) } : none;
}

/**
 * Area 1; a sample ends where the next begins, and begins half the first two's distance before its wavelength. Parameters
 * mean and sigma.
 */
function unitGaussian(x: Float64Array): Model {
  const half = (x[1]! - x[0]!) / 2;
  const edges = Float64Array.from({ length: x.length + 1 }, (_, i) =>
    i < x.length ? x[i]! - half : x[x.length - 1]! + half,
  );
  return {
    parameters: 2,
    value: (p, i) =>
      (erf((edges[i + 1]! - p[0]!) / (p[1]! * Math.SQRT2)) - erf((edges[i]! - p[0]!) / (p[1]! * Math.SQRT2))) / 2,
    gradient(p, i, out) {
      const low = (edges[i]! - p[0]!) / p[1]!;
      const high = (edges[i + 1]! - p[0]!) / p[1]!;
      const scale = 1 / (Math.sqrt(2 * Math.PI) * p[1]!);
      const atLow = scale * Math.exp(-0.5 * low * low);
      const atHigh = scale * Math.exp(-0.5 * high * high);
      out[0] = atLow - atHigh;
      out[1] = low * atLow - high * atHigh;
    },
  };
}

/** From the covariance (JᵀJ)⁻¹·χ²/(m − 2), as scipy.optimize.curve_fit; infinite where it is not determined. */
function sigmaError(model: Model, p: Float64Array, y: Float64Array): number {
  const matrix = new Float64Array(4);
  const row = new Float64Array(2);
  let chi2 = 0;
  for (let i = 0; i < y.length; i++) {
    model.gradient(p, i, row);
    chi2 += (y[i]! - model.value(p, i)) ** 2;
    for (let j = 0; j < 2; j++) for (let k = 0; k <= j; k++) matrix[j * 2 + k]! += row[j]! * row[k]!;
  }
  if (!choleskyFactor(matrix, 2)) return Infinity;
  return Math.sqrt((choleskyInverse(matrix, 2)[3]! * chi2) / (y.length - 2));
}

/** σ(Å)·dy/dλ at a hundred wavelengths, fitted with as many coefficients. */
function inPixels(angstroms: LegendreSet, traces: TraceSet): LegendreSet {
  const waves = linspace(traces.wavemin, traces.wavemax, NODES);
  const u = waves.map((value) => reduced(angstroms, value));
  const steps = gradient(waves);
  const coef = new Float64Array(angstroms.coef.length);
  for (let f = 0; f < traces.nspec; f++) {
    const slopes = gradient(waves.map((value) => evaluate(traces.y, f, value)));
    const sigma = waves.map((value, i) => (evaluate(angstroms, f, value) * slopes[i]!) / steps[i]!);
    coef.set(legendreFit(u, sigma, angstroms.ncoef)!, f * angstroms.ncoef);
  }
  return { ...angstroms, coef };
}
