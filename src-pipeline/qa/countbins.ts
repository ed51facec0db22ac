import { median } from '../math/statistics.ts';
import { backgroundLevels } from '../spectra/background-level.ts';
import { spectraOf, type SpectraView, type Spectrum } from '../spectra/spectra-view.ts';
import { type AmpFacts, need, type QaDefinition } from '../types.ts';
import { numberParam } from './params.ts';

/** CCD rows a wavelength bin covers: desispec's nominal dispersion, Å a row. */
const ANGSTROM_PER_ROW = 0.5;
/** Pixels of the box in desispec's threshold, in both chains. */
const ORIGINAL_BOX = 5;
/** In desispec the fibers from this one on are read out by the amplifiers 2 and 4. */
const FIRST_RIGHT_FIBER = 250;
/** A fiber with less than this share of the camera's median light has but its neighbours' wings. */
const LEAST_SHARE = 0.02;

/** Total counts of each fiber. */
export interface CountBins {
  /** As desispec 0.31: Σ flux over the bins, electrons/Å; by default Σ flux·Δλ, electrons. */
  totals: Float64Array;
  /** 1 where the total is above the threshold. */
  good: Uint8Array;
  ngood: number;
}

/** Something of the left and the right half of the fibers. */
interface Sides<T> {
  left: T;
  right: T;
}

/**
 * NGOODFIB, GOOD_FIBERS, TOTCOUNT_FIB: fibers whose light is more than `cut` times what the read noise of the box adds up
 * to, σ = √(W·n·½·(r₁² + r₂²)): W the width of the box, n the CCD rows, r₁ and r₂ the read noise (electrons) of the two
 * amplifiers that the spectrum passes, left for the first half of the fibers, right for the others. Light is the total
 * less the background in the box, and more than a fiftieth of the camera's median.
 *
 * @param background electrons per pixel without light
 */
export function countBins(
  spectra: SpectraView,
  amps: readonly AmpFacts[],
  background: Sides<number>,
  cut: number,
): CountBins {
  const { nspec, nwave, wave, boxWidth } = spectra;
  const pixels = (boxWidth * (wave[nwave - 1]! - wave[0]!)) / ANGSTROM_PER_ROW;
  const totals = Float64Array.from({ length: nspec }, (_, f) => electrons(spectra.own(f)));
  const isRight = (f: number): boolean => f >= nspec / 2;
  const light = totals.map((total, f) => total - pixels * (isRight(f) ? background.right : background.left));
  const least = LEAST_SHARE * median(light);
  const noise = (names: readonly [string, string]): number =>
    Math.sqrt((pixels / 2) * names.reduce((sum, name) => sum + measuredNoise(amps, name) ** 2, 0));
  const [left, right] = [noise(['1A', '3C']), noise(['2B', '4D'])];
  return counted(totals, (f) => light[f]! > Math.max(cut * (isRight(f) ? right : left), least));
}

/**
 * As desispec 0.31: the total in electrons/Å against cut·(r₁ + r₂)·√5·√(bins/2)·Δλ/0.5 in electrons, with the header's
 * read noises; sides change at fiber 250 on cameras of more; amplifiers must be named 1 to 4.
 * @throws Error when the header has no RDNOISE1 …
 */
export function originalCountBins(spectra: SpectraView, amps: readonly AmpFacts[], cut: number): CountBins {
  const { nspec, nwave, wavestep } = spectra;
  const factor = Math.sqrt(ORIGINAL_BOX) * Math.sqrt(nwave / 2) * (wavestep / ANGSTROM_PER_ROW);
  const left = (nominalNoise(amps, '1') + nominalNoise(amps, '3')) * factor;
  const right = nspec > FIRST_RIGHT_FIBER ? (nominalNoise(amps, '2') + nominalNoise(amps, '4')) * factor : left;
  const totals = sums(spectra);
  return counted(totals, (f) => totals[f]! > cut * (f < FIRST_RIGHT_FIBER ? left : right));
}

/** Σ flux·Δλ; samples without data between others count as the mean of these. */
function electrons({ wave, flux, ivar }: Spectrum): number {
  let sum = 0;
  let seen = 0;
  let first = NaN;
  let beyond = NaN;
  for (let i = 1; i < wave.length - 1; i++) {
    if (!(ivar[i]! > 0)) continue;
    const below = (wave[i - 1]! + wave[i]!) / 2;
    const above = (wave[i]! + wave[i + 1]!) / 2;
    sum += flux[i]! * (above - below);
    seen += above - below;
    if (first !== first) first = below;
    beyond = above;
  }
  return seen > 0 ? (sum * (beyond - first)) / seen : 0;
}

function sums(spectra: SpectraView): Float64Array {
  return Float64Array.from({ length: spectra.nspec }, (_, f) => {
    const flux = spectra.flux(f);
    let sum = 0;
    for (let i = 0; i < flux.length; i++) sum += flux[i]!;
    return sum;
  });
}

function counted(totals: Float64Array, isGood: (f: number) => boolean): CountBins {
  const good = Uint8Array.from(totals, (_, f) => (isGood(f) ? 1 : 0));
  return { totals, good, ngood: good.reduce((sum, one) => sum + one, 0) };
}

/** Of the amplifier with one of these names; a camera read out by two has but one of each pair, which serves for both. */
function measuredNoise(amps: readonly AmpFacts[], names: string): number {
  const amp = amps.find(({ id }) => names.includes(id)) ?? amps[0];
  if (amp === undefined) throw new Error('preprocessing has measured no amplifier');
  return amp.obsrdn;
}

function nominalNoise(amps: readonly AmpFacts[], id: string): number {
  const noise = amps.find((amp) => amp.id === id)?.rdnoise ?? null;
  if (noise === null) throw new Error(`the header has no RDNOISE${id} (desispec 0.31 fails here too)`);
  return noise;
}

export const COUNTBINS: QaDefinition = {
  metric: 'countbins',
  algorithm: 'CountSpectralBins',
  run(products, context) {
    const spectra = spectraOf(products);
    const image = need(products, 'image');
    const cut = numberParam(context, 'CUTBINS', 5);
    const { totals, good, ngood } = context.compatible
      ? originalCountBins(spectra, image.amps, cut)
      : countBins(spectra, image.amps, backgroundLevels(image, need(products, 'traces')), cut);
    return { metrics: { NGOODFIB: ngood, GOOD_FIBERS: good, TOTCOUNT_FIB: totals } };
  },
};
