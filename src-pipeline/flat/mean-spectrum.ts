import { interpSorted } from '../math/interp.ts';
import { medianInPlace } from '../math/statistics.ts';
import type { QFrame } from '../types.ts';

const ITERATIONS = 4;

/** Spectra on the mean wavelengths of their fibers. */
export interface AlignedSpectra {
  nspec: number;
  nwave: number;
  wave: Float64Array;
  /** [nspec, nwave] */
  flux: Float64Array;
  /** 0 beyond a fiber's good samples */
  ivar: Float64Array;
}

/** Interpolates every fiber's good samples linearly to the mean of all fibers' wavelengths, sample by sample. */
export function alignSpectra(qframe: QFrame): AlignedSpectra {
  const { nspec, nrow, wave, flux, ivar } = qframe;
  const out: AlignedSpectra = {
    nspec,
    nwave: nrow,
    wave: new Float64Array(nrow),
    flux: new Float64Array(nspec * nrow),
    ivar: new Float64Array(nspec * nrow),
  };
  for (let f = 0; f < nspec; f++) for (let i = 0; i < nrow; i++) out.wave[i]! += wave[f * nrow + i]! / nspec;
  const nodes = new Float64Array(nrow);
  const values = new Float64Array(nrow);
  const weights = new Float64Array(nrow);
  for (let f = 0; f < nspec; f++) {
    let good = 0;
    for (let i = f * nrow; i < (f + 1) * nrow; i++) {
      if (!(ivar[i]! > 0)) continue;
      nodes[good] = wave[i]!;
      values[good] = flux[i]!;
      weights[good] = ivar[i]!;
      good++;
    }
    if (good === 0) continue;
    interpSorted(out.wave, 0, nrow, nodes, values, good, out.flux, f * nrow, values[0]!, values[good - 1]!);
    interpSorted(out.wave, 0, nrow, nodes, weights, good, out.ivar, f * nrow, 0, 0);
  }
  return out;
}

/**
 * The spectrum that all fibers see: the median over the fibers, each scaled to the others by the median of its ratio to
 * that, four times over. By default a fiber is divided by its scale; desispec 0.31 (`compatible`) multiplies by it.
 */
export function meanSpectrum(spectra: AlignedSpectra, compatible: boolean): Float64Array {
  const { nspec, nwave, flux } = spectra;
  const scale = new Float64Array(nspec).fill(1);
  const mean = new Float64Array(nwave);
  const scratch = new Float64Array(Math.max(nspec, nwave));
  for (let round = 0; round < ITERATIONS; round++) {
    for (let i = 0; i < nwave; i++) {
      let n = 0;
      for (let f = 0; f < nspec; f++) {
        if (compatible) scratch[n++] = scale[f]! * flux[f * nwave + i]!;
        else if (scale[f]! > 0) scratch[n++] = flux[f * nwave + i]! / scale[f]!;
      }
      mean[i] = n === 0 ? 0 : medianInPlace(scratch, n);
    }
    for (let f = 0; f < nspec; f++) {
      let n = 0;
      for (let i = 0; i < nwave; i++) if (mean[i]! > 0) scratch[n++] = flux[f * nwave + i]! / mean[i]!;
      scale[f] = medianInPlace(scratch, n);
    }
  }
  return mean;
}
