import { type Frame, MissingProductError, type Products, type QFrame } from '../types.ts';
import { CommonGridResampler } from './common-grid.ts';

/** The spectra of a camera on one common grid, whichever chain made them, fiber by fiber. */
export interface SpectraView {
  nspec: number;
  nwave: number;
  /** Å */
  wave: Float64Array;
  /** step that the header gives as WAVESTEP, Å */
  wavestep: number;
  /** width of the extraction box, pixels */
  boxWidth: number;
  unit: string;
  /** Flux of fiber `f` in bins `from … to − 1` (all without them). Valid until the next call. */
  flux(f: number, from?: number, to?: number): Float64Array;
  /** Inverse variance of fiber `f` in all bins; ask for its flux first. Valid until the next call. */
  ivar(f: number): Float64Array;
}

/** View of what the last step left. @throws MissingProductError when no step has extracted spectra */
export function spectraOf(products: Products): SpectraView {
  if (products.qframe !== undefined) return viewOfQFrame(products.qframe);
  if (products.frame !== undefined) return viewOfFrame(products.frame);
  throw new MissingProductError('extracted spectra');
}

export function viewOfFrame(frame: Frame): SpectraView {
  const { nspec, nwave, wave, boxWidth, unit } = frame;
  return {
    nspec,
    nwave,
    wave,
    wavestep: wave[1]! - wave[0]!,
    boxWidth,
    unit,
    flux: (f, from = 0, to = nwave) => frame.flux.subarray(f * nwave + from, f * nwave + to),
    ivar: (f) => frame.ivar.subarray(f * nwave, (f + 1) * nwave),
  };
}

export function viewOfQFrame(qframe: QFrame): SpectraView {
  const resampler = new CommonGridResampler(qframe);
  const { wave } = resampler.grid;
  const flux = new Float64Array(wave.length);
  const ivar = new Float64Array(wave.length);
  return {
    nspec: qframe.nspec,
    nwave: wave.length,
    wave,
    wavestep: qframe.wavestep,
    boxWidth: qframe.boxWidth,
    unit: qframe.unit,
    flux(f, from = 0, to = wave.length) {
      resampler.flux(f, from, to, flux);
      return flux.subarray(0, to - from);
    },
    ivar(f) {
      resampler.ivar(f, ivar);
      return ivar;
    },
  };
}
