import { fitLevenbergMarquardt, type Model } from '../math/levenberg-marquardt.ts';
import { medianInPlace } from '../math/statistics.ts';

/** Best parameters of the S/N model by desispec's three grids, and where each found them. */
export interface GridFit {
  /** of the first grid: what FIDSNR_TGT uses */
  coarse: readonly [a: number, b: number];
  /** of the last grid that found a better point: FITCOEFF_TGT */
  fine: readonly [a: number, b: number];
}

/** The model S/N of a target of flux f nanomaggies in t seconds: t·a·f/√(t(a·f + b)). */
export function modelSnr(flux: number, a: number, b: number, exptime: number): number {
  return (exptime * a * flux) / Math.sqrt(exptime * (a * flux + b));
}

const STEPS = 100;
const B_STEP = 0.1;
/** χ² above which no point of the first grid is accepted. */
const MOST_CHI2 = 1e10;

/**
 * Minimizes Σ((y − S)/v)² as desispec 0.31's `SNRFit`: over a = 0 … 0.99 by 0.01, then 100 steps of 0.001 from a − 0.05,
 * then of 0.0001 from a − 0.005, each with b = 0 … 9.9 by 0.1; of equal points the last. Terms are added up only as long
 * as the point can still win, which gives the same answer. Null when no point of the first grid is acceptable.
 * @param flux nanomaggies
 * @param snr measured
 * @param variance v, the original's divisor (a variance, where a sigma belongs)
 */
export function fitOnGrid(
  flux: Float64Array,
  snr: Float64Array,
  variance: Float64Array,
  exptime: number,
): GridFit | null {
  const best = { chi2: MOST_CHI2, a: NaN, b: NaN };
  search(flux, snr, variance, exptime, 0, 0.01, best);
  if (Number.isNaN(best.a)) return null;
  const coarse: [number, number] = [best.a, best.b];
  search(flux, snr, variance, exptime, best.a - 0.05, 0.001, best);
  search(flux, snr, variance, exptime, best.a - 0.005, 0.0001, best);
  return { coarse, fine: [best.a, best.b] };
}

function search(
  flux: Float64Array,
  snr: Float64Array,
  variance: Float64Array,
  exptime: number,
  aFrom: number,
  aStep: number,
  best: { chi2: number; a: number; b: number },
): void {
  const n = flux.length;
  for (let i = 0; i < STEPS; i++) {
    const a = aFrom === 0 ? aStep * i : aFrom + aStep * i;
    for (let j = 0; j < STEPS; j++) {
      const b = B_STEP * j;
      let chi2 = 0;
      for (let k = 0; k < n && chi2 <= best.chi2; k++) {
        const x = flux[k]!;
        const model = (exptime * a * x) / Math.sqrt(exptime * (a * x + b));
        const term = (snr[k]! - model) / variance[k]!;
        chi2 += term * term;
      }
      if (chi2 <= best.chi2) {
        best.chi2 = chi2;
        best.a = a;
        best.b = b;
      }
    }
  }
}

/** Scatter of the fibers' throughput about the model, relative: what the fit weighs against the noise. */
const THROUGHPUT_SCATTER = 0.1;
/** Targets further than this from the model, in units of their error, do not count (dead fibers). */
const NSIG_CLIP = 5;
const ROUNDS = 6;
const MOST_EVALUATIONS = 200;

/** S/N of the targets of one class. */
export interface ClassSample {
  /** nanomaggies, positive */
  flux: Float64Array;
  /** measured median S/N per bin */
  snr: Float64Array;
}

/**
 * The model fitted to all classes at once: `a` of each, and one `b`, as all fibers see the same sky and read noise (the
 * bright stars alone say nothing about it). Least Σ((y − S)/σ)², σ² = noise² + (0.1·S)², without the targets more than 5σ
 * off (looked at anew in each of a few rounds). The parameters of the search are ln a and √b, so that both stay positive.
 * NaN for classes without a target of positive S/N; b is NaN when there is no such class.
 * @param noise error of a median S/N
 * @param exptime s
 */
export function fitModels(classes: readonly ClassSample[], noise: number, exptime: number): { a: number[]; b: number } {
  const starts = classes.map((sample) => startOf(sample, exptime));
  const used = classes.filter((_, c) => !Number.isNaN(starts[c]));
  const fit = fitTogether(
    used,
    starts.filter((a) => !Number.isNaN(a)),
    noise,
    exptime,
  );
  let next = 0;
  return { a: starts.map((a) => (Number.isNaN(a) ? NaN : fit.a[next++]!)), b: fit.b };
}

/** Median of y²/(t·f): the `a` of a class without background. */
function startOf({ flux, snr }: ClassSample, exptime: number): number {
  const values = flux.map((f, k) => (snr[k]! > 0 ? snr[k]! ** 2 / (exptime * f) : NaN)).filter((a) => a > 0);
  return medianInPlace(values, values.length);
}

function fitTogether(
  classes: readonly ClassSample[],
  starts: readonly number[],
  noise: number,
  exptime: number,
): { a: number[]; b: number } {
  const flux = classes.flatMap((sample) => Array.from(sample.flux));
  const snr = classes.flatMap((sample) => Array.from(sample.snr));
  const classOf = classes.flatMap((sample, c) => Array.from(sample.flux, () => c));
  const model = snrModel(flux, classOf, classes.length, exptime);
  const typical = medianInPlace(Float64Array.from(starts), starts.length);
  let p: number[] = [...starts.map(Math.log), Math.sqrt(0.3 * typical)];
  for (let round = 0; round < ROUNDS && classes.length > 0; round++) {
    const at = Float64Array.from(p);
    const weights = snr.map((measured, k) => {
      const value = model.value(at, k);
      const weight = 1 / Math.hypot(noise, THROUGHPUT_SCATTER * value);
      return Math.abs(measured - value) * weight <= NSIG_CLIP ? weight : 0;
    });
    const fit = fitLevenbergMarquardt(model, snr, p, MOST_EVALUATIONS, weights);
    if (fit.p.every(Number.isFinite)) p = Array.from(fit.p);
  }
  return { a: p.slice(0, -1).map(Math.exp), b: p.at(-1)! ** 2 };
}

function snrModel(flux: readonly number[], classOf: readonly number[], classes: number, exptime: number): Model {
  return {
    parameters: classes + 1,
    value: (p, k) => modelSnr(flux[k]!, Math.exp(p[classOf[k]!]!), p[classes]! ** 2, exptime),
    gradient(p, k, out) {
      const light = Math.exp(p[classOf[k]!]!) * flux[k]!;
      const total = light + p[classes]! ** 2;
      const value = Math.sqrt(exptime / total) * light;
      out.fill(0);
      out[classOf[k]!] = value * (1 - light / (2 * total));
      out[classes] = -(value * p[classes]!) / total;
    },
  };
}
