import { imageHdu, primaryHdu, type HduBlock } from '#shared/fits/write.ts';
import { tableHdu } from '#shared/fits/table-write.ts';
import type { SpectraView } from '../spectra/spectra-view.ts';
import type { FiberFlat, FiberMap, Frame, JobFacts, LegendreSet, QFrame, TraceSet } from '../types.ts';
import { identityCards } from './cards.ts';
import { type HduStream, streamOf } from './fits-stream.ts';

/** Most wavelengths of the spectra for the screens. */
const SCREEN_WAVELENGTHS = 1100;

/** A frame on a common grid has one wavelength a column, a QFrame one for each fiber and row. */
export function isQFrame(frame: Frame | QFrame): frame is QFrame {
  return 'nrow' in frame;
}

/**
 * frame, qframe, fframe, sframe or cframe file as the original lays them out: FLUX, IVAR, MASK, WAVELENGTH (one axis on a common
 * grid, two where each fiber has its own), FIBERMAP.
 */
export function frameFile(frame: Frame | QFrame, fibermap: FiberMap | undefined, facts: JobFacts): HduStream[] {
  return modelFile('FLUX', frame, facts).concat(fibermap ? [streamOf(fibermapHdu(fibermap, frame.nspec))] : []);
}

/** sky file: SKY, IVAR, MASK, WAVELENGTH. */
export function skyFile(sky: Frame | QFrame, facts: JobFacts): HduStream[] {
  return modelFile('SKY', sky, facts);
}

function modelFile(name: string, frame: Frame | QFrame, facts: JobFacts): HduStream[] {
  const columns = isQFrame(frame) ? frame.nrow : frame.nwave;
  const axes = [columns, frame.nspec];
  const cards = identityCards(facts).set('EXTNAME', name).set('BUNIT', frame.unit);
  const hdus: HduBlock[] = [
    primaryHdu(cards, { axes, pixels: Float32Array.from(frame.flux) }),
    imageHdu('IVAR', { axes, pixels: Float32Array.from(frame.ivar) }),
    imageHdu('MASK', { axes, pixels: Int32Array.from(frame.ivar, (ivar) => (ivar > 0 ? 0 : 1)) }),
    imageHdu('WAVELENGTH', { axes: isQFrame(frame) ? axes : [columns], pixels: frame.wave }),
  ];
  return hdus.map(streamOf);
}

function fibermapHdu(map: FiberMap, rows: number): HduBlock {
  const n = Math.min(rows, map.n);
  return tableHdu('FIBERMAP', [
    { name: 'FIBER', form: 'J', values: map.fiber.slice(0, n) },
    { name: 'OBJTYPE', form: '3A', values: map.objtype.slice(0, n).map((type) => type.slice(0, 3)) },
    { name: 'DESI_TARGET', form: 'K', values: map.desiTarget.slice(0, n) },
    { name: 'TARGET_RA', form: 'D', values: map.ra.slice(0, n), unit: 'deg' },
    { name: 'TARGET_DEC', form: 'D', values: map.dec.slice(0, n), unit: 'deg' },
    { name: 'FLUX_G', form: 'E', values: Float32Array.from(map.fluxG.slice(0, n)), unit: 'nanomaggies' },
    { name: 'FLUX_R', form: 'E', values: Float32Array.from(map.fluxR.slice(0, n)), unit: 'nanomaggies' },
    { name: 'FLUX_Z', form: 'E', values: Float32Array.from(map.fluxZ.slice(0, n)), unit: 'nanomaggies' },
  ]);
}

/** fiberflat file: FIBERFLAT, IVAR, MASK, WAVELENGTH. */
export function fiberFlatFile(flat: FiberFlat, facts: JobFacts): HduStream[] {
  const axes = [flat.nwave, flat.nspec];
  return [
    primaryHdu(identityCards(facts).set('EXTNAME', 'FIBERFLAT'), { axes, pixels: Float32Array.from(flat.flat) }),
    imageHdu('IVAR', { axes, pixels: Float32Array.from(flat.ivar) }),
    imageHdu('MASK', { axes, pixels: flat.mask }),
    imageHdu('WAVELENGTH', { axes: [flat.nwave], pixels: flat.wave }),
  ].map(streamOf);
}

/** psf file: XTRACE, YTRACE and, where they are known, XSIG and YSIG: Legendre coefficients [fiber, degree]. */
export function psfFile({ nspec, npixY, x, y, xsig, ysig }: TraceSet, facts: JobFacts): HduStream[] {
  const cards = (set: LegendreSet) =>
    identityCards(facts)
      .setReal('WAVEMIN', set.wavemin, '[Angstrom] where u = -1')
      .setReal('WAVEMAX', set.wavemax, '[Angstrom] where u = 1')
      .set('NPIX_Y', npixY);
  const image = ({ ncoef, coef }: LegendreSet) => ({ axes: [ncoef, nspec], pixels: coef });
  const named: [string, LegendreSet | null][] = [
    ['YTRACE', y],
    ['XSIG', xsig],
    ['YSIG', ysig],
  ];
  const first = primaryHdu(cards(x).set('EXTNAME', 'XTRACE').set('PSFTYPE', 'traces'), image(x));
  const others = named.flatMap(([name, set]) => (set ? [imageHdu(name, image(set), cards(set))] : []));
  return [first, ...others].map(streamOf);
}

/**
 * The spectra for the screens: FLUX and ERROR (1 σ; NaN without data) a fiber on a common grid, means over BINNING wavelengths
 * weighted by inverse variance, and WAVELENGTH, the mean of each. About a thousand wavelengths; BUNIT is the unit.
 */
export function screenSpectraFile(view: SpectraView, facts: JobFacts): HduStream[] {
  const n = Math.max(1, Math.ceil(view.nwave / SCREEN_WAVELENGTHS));
  const columns = Math.ceil(view.nwave / n);
  const flux = new Float32Array(columns * view.nspec);
  const error = new Float32Array(columns * view.nspec);
  for (let f = 0; f < view.nspec; f++) {
    binSpectrum(view.flux(f), view.ivar(f), n, f * columns, flux, error);
  }
  const axes = [columns, view.nspec];
  const cards = identityCards(facts).set('EXTNAME', 'FLUX').set('BUNIT', view.unit).set('BINNING', n);
  return [
    primaryHdu(cards, { axes, pixels: flux }),
    imageHdu('ERROR', { axes, pixels: error }),
    imageHdu('WAVELENGTH', { axes: [columns], pixels: binWavelengths(view.wave, n) }),
  ].map(streamOf);
}

function binSpectrum(
  flux: Float64Array,
  ivar: Float64Array,
  n: number,
  to: number,
  outFlux: Float32Array,
  outError: Float32Array,
): void {
  for (let i = 0, at = to; i < flux.length; i += n, at++) {
    let weight = 0;
    let sum = 0;
    for (let k = i; k < Math.min(i + n, flux.length); k++) {
      weight += ivar[k]!;
      sum += ivar[k]! * flux[k]!;
    }
    outFlux[at] = weight > 0 ? sum / weight : NaN;
    outError[at] = weight > 0 ? 1 / Math.sqrt(weight) : NaN;
  }
}

function binWavelengths(wave: Float64Array, n: number): Float64Array {
  return Float64Array.from({ length: Math.ceil(wave.length / n) }, (_, i) => {
    const part = wave.subarray(i * n, i * n + n);
    return part.reduce((sum, value) => sum + value, 0) / part.length;
  });
}
