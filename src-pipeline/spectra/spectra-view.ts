import { type Frame, MissingProductError, type Products, type QFrame } from '../types.ts';
import { CommonGridResampler } from './common-grid.ts';

/** One spectrum at the wavelengths at which it was extracted. */
export interface Spectrum {
  /** Å, ascending */
  wave: Float64Array;
  flux: Float64Array;
  /** 0 where there are no data */
  ivar: Float64Array;
}

/** The spectra of a camera, whichever chain made them, fiber by fiber: on one common grid, and as they were extracted. */
export interface SpectraView {
  nspec: number;
  /** of the common grid */
  nwave: number;
  /** common grid, Å, even steps */
  wave: Float64Array;
  /** step that the header gives as WAVESTEP, Å */
  wavestep: number;
  /** width of the extraction box, pixels */
  boxWidth: number;
  unit: string;
  /** Flux of fiber `f` on the common grid, in bins `from … to − 1` (all without them). Valid until the next call. */
  flux(f: number, from?: number, to?: number): Float64Array;
  /** Inverse variance of fiber `f` in all bins of the grid; ask for its flux first. Valid until the next call. */
  ivar(f: number): Float64Array;
  /** Fiber `f` as it was extracted (no copy). */
  own(f: number): Spectrum;
}

/** View of what the last step left. @throws MissingProductError when no step has extracted spectra */
export function spectraOf(products: Products): SpectraView {
  if (products.qframe !== undefined) return viewOfQFrame(products.qframe);
  if (products.frame !== undefined) return viewOfFrame(products.frame);
  throw new MissingProductError('extracted spectra');
}

export function viewOfFrame(frame: Frame): SpectraView {
  const { nspec, nwave, wave, boxWidth, unit } = frame;
  const row = (values: Float64Array, f: number): Float64Array => values.subarray(f * nwave, (f + 1) * nwave);
  return {
    nspec,
    nwave,
    wave,
    wavestep: wave[1]! - wave[0]!,
    boxWidth,
    unit,
    flux: (f, from = 0, to = nwave) => frame.flux.subarray(f * nwave + from, f * nwave + to),
    ivar: (f) => row(frame.ivar, f),
    own: (f) => ({ wave, flux: row(frame.flux, f), ivar: row(frame.ivar, f) }),
  };
}

export function viewOfQFrame(qframe: QFrame): SpectraView {
  const { nspec, nrow } = qframe;
  const resampler = new CommonGridResampler(qframe);
  const { wave } = resampler.grid;
  const flux = new Float64Array(wave.length);
  const ivar = new Float64Array(wave.length);
  const row = (values: Float64Array, f: number): Float64Array => values.subarray(f * nrow, (f + 1) * nrow);
  return {
    nspec,
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
    own: (f) => ({ wave: row(qframe.wave, f), flux: row(qframe.flux, f), ivar: row(qframe.ivar, f) }),
  };
}
