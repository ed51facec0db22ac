import { type Frame, MissingProductError, type Products, type QFrame } from '../types.ts';

/** Extracted spectra with a wavelength for every sample, whichever chain made them. */
export function ownWavelengths(products: Products): QFrame {
  if (products.qframe !== undefined) return products.qframe;
  if (products.frame !== undefined) return repeated(products.frame);
  throw new MissingProductError('extracted spectra');
}

function repeated(frame: Frame): QFrame {
  const { nspec, nwave, boxWidth, wave, flux, ivar, unit } = frame;
  const all = new Float64Array(nspec * nwave);
  for (let f = 0; f < nspec; f++) all.set(wave, f * nwave);
  return { nspec, nrow: nwave, wavestep: wave[1]! - wave[0]!, boxWidth, wave: all, flux, ivar, unit };
}
