import type { SpectraView } from '../spectra/spectra-view.ts';
import { spectraOf } from '../spectra/spectra-view.ts';
import { type AmpFacts, need, type QaDefinition } from '../types.ts';
import { numberParam } from './params.ts';

/** CCD rows a wavelength bin covers: desispec's nominal dispersion, Å a row. */
const ANGSTROM_PER_ROW = 0.5;
/** Pixels of the box in the threshold, in both chains, as in desispec. */
const BOX_PIXELS = 5;
/** In desispec the fibers from this one on are read out by the amplifiers 2 and 4. */
const FIRST_RIGHT_FIBER = 250;

/** Total counts of each fiber. */
export interface CountBins {
  /** As desispec 0.31: Σ flux over the bins, electrons/Å; by default Σ flux·Δλ, electrons. */
  totals: Float64Array;
  /** 1 where the total is above the threshold. */
  good: Uint8Array;
  ngood: number;
}

/**
 * NGOODFIB, GOOD_FIBERS, TOTCOUNT_FIB: fibers with more counts than `cut` times what the read noise of the box adds up to.
 * σ = √(5·n·½·(r₁² + r₂²)), n = bins·Δλ/0.5 Å the CCD rows, r₁, r₂ the read noise (electrons) of the two amplifiers that
 * the fiber's spectrum passes: left for the first half of the fibers, right for the others.
 *
 * desispec 0.31 (`compatible`) takes the total in electrons/Å against σ in electrons, σ = (r₁ + r₂)·√5·√(bins/2)·Δλ/0.5,
 * changes sides at fiber 250 only on cameras of more, knows the header's noise only, and needs amplifiers named 1 to 4.
 * @throws Error when a noise is not known
 */
export function countBins(
  spectra: SpectraView,
  amps: readonly AmpFacts[],
  cut: number,
  compatible: boolean,
): CountBins {
  const { nspec, nwave, wavestep } = spectra;
  const totals = new Float64Array(nspec);
  const good = new Uint8Array(nspec);
  const [left, right] = [sideNoise(amps, 'left', compatible), sideNoise(amps, 'right', compatible)];
  const width = (spectra.wave[nwave - 1]! - spectra.wave[0]!) / (nwave - 1);
  const rows = (nwave * width) / ANGSTROM_PER_ROW;
  let ngood = 0;
  for (let f = 0; f < nspec; f++) {
    const flux = spectra.flux(f);
    let sum = 0;
    for (let i = 0; i < nwave; i++) sum += flux[i]!;
    const isRight = compatible ? nspec > FIRST_RIGHT_FIBER && f >= FIRST_RIGHT_FIBER : f >= nspec / 2;
    const [lower, upper] = isRight ? right : left;
    const sigma = compatible
      ? (lower + upper) * Math.sqrt(BOX_PIXELS) * Math.sqrt(nwave / 2) * (wavestep / ANGSTROM_PER_ROW)
      : Math.sqrt(BOX_PIXELS * (rows / 2) * (lower * lower + upper * upper));
    totals[f] = compatible ? sum : sum * width;
    if (totals[f]! > cut * sigma) {
      good[f] = 1;
      ngood++;
    }
  }
  return { totals, good, ngood };
}

/** Read noise of the lower and the upper amplifier of a side, electrons. */
function sideNoise(amps: readonly AmpFacts[], side: 'left' | 'right', compatible: boolean): [number, number] {
  const names = side === 'left' ? (['1A', '3C'] as const) : (['2B', '4D'] as const);
  return [ampNoise(amps, names[0], compatible), ampNoise(amps, names[1], compatible)];
}

function ampNoise(amps: readonly AmpFacts[], names: string, compatible: boolean): number {
  const amp = amps.find(({ id }) => names.includes(id));
  if (!compatible) {
    // A camera read out by two amplifiers has one of each pair: it serves for both.
    const measured = (amp ?? amps[0])?.obsrdn;
    if (measured === undefined) throw new Error('preprocessing has measured no amplifier');
    return measured;
  }
  if (amp === undefined || amp.id !== names[0] || amp.rdnoise === null) {
    throw new Error(`the header has no RDNOISE${names[0]} (desispec 0.31 fails here too)`);
  }
  return amp.rdnoise;
}

export const COUNTBINS: QaDefinition = {
  metric: 'countbins',
  algorithm: 'CountSpectralBins',
  run(products, context) {
    const spectra = spectraOf(products);
    const cut = numberParam(context, 'CUTBINS', 5);
    const { totals, good, ngood } = countBins(spectra, need(products, 'image').amps, cut, context.compatible);
    return { metrics: { NGOODFIB: ngood, GOOD_FIBERS: good, TOTCOUNT_FIB: totals } };
  },
};
