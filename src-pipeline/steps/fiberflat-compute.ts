import { type AlignedSpectra, alignSpectra, meanSpectrum } from '../flat/mean-spectrum.ts';
import { SplineSmoother } from '../flat/smooth-flat.ts';
import { median } from '../math/statistics.ts';
import { ownWavelengths } from '../spectra/own-wavelengths.ts';
import type { FiberFlat, QFrame, StepDefinition } from '../types.ts';

/** Distances of spline knots, Å: to find outliers, and for the flat itself. */
const COARSE = 20;
const FINE = 5;
/** Where so many knots are too many, knots so many times farther apart are tried. */
const FALLBACK = 3;
const NSIG_CLIP = 3;
/** Samples dropped at a time, rounds of that, and samples after which a fiber is given up. */
const DROPPED_AT_ONCE = 5;
const ROUNDS = 20;
const MOST_DROPPED = 1000;
/** Samples of less than this share of the median inverse variance do not count. */
const LEAST_IVAR = 0.1;

/**
 * The fiber flat of a continuum lamp's spectra: each fiber over the spectrum that all see (see {@link meanSpectrum}),
 * cleaned of outliers against a spline with knots every 20 Å, at most five at a time, and smoothed by one with knots every
 * 5 Å. Before the first and after the last good sample the flat is the fiber's median, with inverse variance 0 and mask 1;
 * gaps inside are interpolated. A fiber without light has flat 1 with inverse variance 0.
 * Source: desispec 0.31 `qproc/qfiberflat.py`, which (`compatible`) weights residuals with inverse variances where their
 * roots belong.
 */
export function computeFiberFlat(qframe: QFrame, compatible: boolean): FiberFlat {
  const spectra = alignSpectra(qframe);
  const { nspec, nwave, wave, flux, ivar } = spectra;
  const mean = meanSpectrum(spectra, compatible);
  const out: FiberFlat = {
    nspec,
    nwave,
    wave,
    flat: new Float64Array(nspec * nwave),
    ivar: new Float64Array(nspec * nwave),
    mask: new Int32Array(nspec * nwave),
  };
  const smoother = new SplineSmoother(wave);
  for (let f = 0; f < nspec; f++) {
    const from = f * nwave;
    const ratio = flux.slice(from, from + nwave).map((value, i) => (mean[i] === 0 ? value : value / mean[i]!));
    const weights = ivar.slice(from, from + nwave).map((value, i) => value * mean[i]! * mean[i]!);
    smoothFiber(smoother, ratio, weights, compatible, out, f, spectra);
  }
  return out;
}

function smoothFiber(
  smoother: SplineSmoother,
  ratio: Float64Array,
  ivar: Float64Array,
  compatible: boolean,
  out: FiberFlat,
  f: number,
  { nwave, wave }: AlignedSpectra,
): void {
  const flat = out.flat.subarray(f * nwave, (f + 1) * nwave);
  const outIvar = out.ivar.subarray(f * nwave, (f + 1) * nwave);
  const mask = out.mask.subarray(f * nwave, (f + 1) * nwave);
  const weightsOf = (): Float64Array => (compatible ? ivar : ivar.map(Math.sqrt));
  const level = median(ratio);
  dropOutliers(smoother, ratio, ivar, weightsOf);
  const least = LEAST_IVAR * median(ivar);
  const good = Array.from(ivar.keys()).filter((i) => ivar[i]! > least);
  const [first, last] = [good[0], good.at(-1)];
  const smoothed = smoother.smooth(ratio, weightsOf(), FINE, FALLBACK * FINE, flat);
  if (!smoothed || first === undefined || last === undefined || good.length < 2) {
    flat.fill(1);
    mask.fill(1);
    return;
  }
  outIvar.set(ivar.subarray(first, last + 1), first);
  flat.fill(level, 0, first).fill(level, last + 1);
  mask.fill(1, 0, first).fill(1, last + 1);
  bridgeGaps(flat, wave, good);
}

/** Sets the inverse variance of samples to 0 that lie more than 3σ off a coarse spline. */
function dropOutliers(
  smoother: SplineSmoother,
  ratio: Float64Array,
  ivar: Float64Array,
  weightsOf: () => Float64Array,
): void {
  const model = new Float64Array(ratio.length);
  let dropped = 0;
  for (let round = 0; round < ROUNDS; round++) {
    if (!smoother.smooth(ratio, weightsOf(), COARSE, FALLBACK * COARSE, model)) return;
    const chi2 = ratio.map((value, i) => ivar[i]! * (value - model[i]!) ** 2);
    const bad = Array.from(chi2.keys())
      .filter((i) => chi2[i]! > NSIG_CLIP ** 2)
      .sort((a, b) => chi2[b]! - chi2[a]!)
      .slice(0, DROPPED_AT_ONCE);
    if (bad.length === 0) return;
    for (const i of bad) ivar[i] = 0;
    dropped += bad.length;
    if (dropped >= MOST_DROPPED) ivar.fill(0);
  }
}

/** Straight lines over what lies between good samples that are no neighbours. */
function bridgeGaps(flat: Float64Array, wave: Float64Array, good: readonly number[]): void {
  for (let k = 1; k < good.length; k++) {
    const [from, to] = [good[k - 1]!, good[k]!];
    const slope = (flat[to]! - flat[from]!) / (wave[to]! - wave[from]!);
    for (let i = from + 1; i < to; i++) flat[i] = flat[from]! + slope * (wave[i]! - wave[from]!);
  }
}

const computeStep = (algorithm: string): StepDefinition => ({
  algorithm,
  step: 'fiberflat-compute',
  onFailure: 'stop',
  run(products, { compatible, log }) {
    const computedFlat = computeFiberFlat(ownWavelengths(products), compatible);
    const { nspec, nwave, ivar } = computedFlat;
    let lit = 0;
    for (let f = 0; f < nspec; f++) if (ivar.subarray(f * nwave, (f + 1) * nwave).some((w) => w > 0)) lit++;
    if (lit === 0) throw new Error('no fiber has enough light for a flat');
    log.info(`Computed the flat of ${lit} of ${nspec} fibers`);
    return { computedFlat };
  },
});

export const COMPUTE_FIBERFLAT_QP = computeStep('ComputeFiberflat_QP');
export const COMPUTE_FIBERFLAT_QL = computeStep('ComputeFiberflat_QL');
