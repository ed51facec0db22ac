import { type BufferSource, FRESH_BUFFERS } from '../buffers.ts';
import type { PipelineLog } from '../log.ts';
import { skyFibers } from '../spectra/fibers.ts';
import { faintestHalf, litSkyFibers } from '../spectra/sky-fibers.ts';
import { medianInPlace } from '../math/statistics.ts';
import { type FiberMap, type Frame, need, type StepDefinition } from '../types.ts';

/** Samples this far from the median of the sky fibers do not count, in units of their sigma. */
const NSIG_CLIP = 4;
/** Least inverse variance that the original combines. */
const LEAST_IVAR = 1e-8;

/** One sky spectrum for all fibers, on the frame's grid. */
interface MeanSky {
  flux: Float64Array;
  ivar: Float64Array;
}

/**
 * The mean of the sky fibers in every bin. Weight of a fiber: the median of its inverse variances (one for all bins: a
 * weight per bin would favour downward noise). Samples more than 4σ from the median (σ the larger of their own and
 * 1.4826 times the median deviation) are left out. Bins without data have inverse variance 0.
 * Source: the founding document's weighted mean with the clipping that desispec 0.31 announces and does not do.
 */
export function meanSky(frame: Frame, fibers: readonly number[]): MeanSky {
  const { nwave } = frame;
  const weights = fibers.map((f) => medianWeight(frame, f));
  const sky: MeanSky = { flux: new Float64Array(nwave), ivar: new Float64Array(nwave) };
  const scratch = new Float64Array(fibers.length);
  for (let i = 0; i < nwave; i++) {
    let n = 0;
    for (const f of fibers) if (frame.ivar[f * nwave + i]! > 0) scratch[n++] = frame.flux[f * nwave + i]!;
    if (n === 0) continue;
    const center = medianInPlace(scratch, n);
    for (let k = 0; k < n; k++) scratch[k] = Math.abs(scratch[k]! - center);
    const spread = 1.4826 * medianInPlace(scratch, n);
    let weight = 0;
    let sum = 0;
    let variance = 0;
    for (let k = 0; k < fibers.length; k++) {
      const at = fibers[k]! * nwave + i;
      const ivar = frame.ivar[at]!;
      if (!(ivar > 0)) continue;
      const sigma = Math.max(spread, 1 / Math.sqrt(ivar));
      if (Math.abs(frame.flux[at]! - center) > NSIG_CLIP * sigma) continue;
      const w = weights[k]!;
      weight += w;
      sum += w * frame.flux[at]!;
      variance += (w * w) / ivar;
    }
    if (!(weight > 0)) continue;
    sky.flux[i] = sum / weight;
    sky.ivar[i] = (weight * weight) / variance;
  }
  return sky;
}

function medianWeight({ ivar, nwave }: Frame, f: number): number {
  const good = ivar.slice(f * nwave, (f + 1) * nwave).filter((value) => value > 0);
  return good.length === 0 ? 0 : medianInPlace(good, good.length);
}

/** desispec 0.31 `quicksky`: weighted by the inverse variance of each sample, error from the weighted scatter. */
export function originalMeanSky(frame: Frame, fibers: readonly number[]): MeanSky {
  const { nwave, flux, ivar } = frame;
  const sky: MeanSky = { flux: new Float64Array(nwave), ivar: new Float64Array(nwave) };
  for (let i = 0; i < nwave; i++) {
    if (fibers.length === 1) {
      sky.flux[i] = flux[fibers[0]! * nwave + i]!;
      sky.ivar[i] = ivar[fibers[0]! * nwave + i]!;
      continue;
    }
    let weight = 0;
    let sum = 0;
    for (const f of fibers) {
      weight += ivar[f * nwave + i]!;
      sum += flux[f * nwave + i]! * ivar[f * nwave + i]!;
    }
    const mean = sum / weight;
    let squares = 0;
    for (const f of fibers) squares += (ivar[f * nwave + i]! * (flux[f * nwave + i]! - mean)) ** 2;
    sky.flux[i] = mean;
    sky.ivar[i] = 1 / (Math.sqrt(squares) / weight) ** 2;
  }
  return sky;
}

/**
 * Subtracts one sky spectrum from all fibers: flux − sky, 1/ivar + 1/ivar_sky.
 * @returns the frame, and the sky as it was subtracted from each fiber
 */
export function subtractSky(
  frame: Frame,
  sky: MeanSky,
  compatible: boolean,
  buffers: BufferSource = FRESH_BUFFERS,
): { frame: Frame; sky: Frame } {
  const { nspec, nwave } = frame;
  const array = (name: string): Float64Array => buffers.float64(name, nspec * nwave);
  const out: Frame = { ...frame, flux: array('frame flux'), ivar: array('frame ivar') };
  const subtracted: Frame = { ...frame, flux: array('frame sky'), ivar: array('frame sky ivar') };
  for (let f = 0; f < nspec; f++) {
    const from = f * nwave;
    subtracted.flux.set(sky.flux, from);
    subtracted.ivar.set(sky.ivar, from);
    for (let i = 0; i < nwave; i++) {
      out.flux[from + i] = frame.flux[from + i]! - sky.flux[i]!;
      let a = frame.ivar[from + i]!;
      let b = sky.ivar[i]!;
      if (compatible) {
        a = Math.max(a, LEAST_IVAR);
        b = Math.max(b, LEAST_IVAR);
      }
      out.ivar[from + i] = a > 0 && b > 0 ? 1 / (1 / a + 1 / b) : 0;
    }
  }
  return { frame: out, sky: subtracted };
}

/**
 * The fibers to take the sky from: those of the fibermap, by default without dead ones; where it names none, the faintest
 * half of all (as desispec's qproc; its older chain fails).
 */
function skyFibersOf(frame: Frame, fibermap: FiberMap, compatible: boolean, log: PipelineLog): number[] {
  const { flux, nspec, nwave } = frame;
  const named = skyFibers(fibermap, nspec);
  if (compatible) {
    if (named.length === 0) throw new Error('the fibermap has no sky fibers for this camera');
    return named;
  }
  return named.length === 0 ? faintestHalf(flux, nspec, nwave, log) : litSkyFibers(flux, nwave, named, log);
}

export const SKY_SUB_QL: StepDefinition = {
  algorithm: 'SkySub_QL',
  step: 'sky',
  onFailure: 'stop',
  run(products, { compatible, buffers, log }) {
    const frame = need(products, 'frame');
    const fibers = skyFibersOf(frame, need(products, 'fibermap'), compatible, log);
    return subtractSky(frame, (compatible ? originalMeanSky : meanSky)(frame, fibers), compatible, buffers);
  },
};
