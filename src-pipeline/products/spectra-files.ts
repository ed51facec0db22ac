import { imageHdu, primaryHdu, type HduBlock } from '#shared/fits/write.ts';
import { tableHdu } from '#shared/fits/table-write.ts';
import type { FiberFlat, FiberMap, Frame, JobFacts, LegendreSet, QFrame, TraceSet } from '../types.ts';
import { identityCards } from './cards.ts';
import { type HduStream, streamOf } from './fits-stream.ts';

/** Most bins of the spectra for the screens. */
const SCREEN_WAVELENGTHS = 1024;

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
 * The spectra for the screens: FLUX and ERROR (1 σ; NaN without data) a fiber, means weighted by inverse variance in about a
 * thousand even bins over the wavelengths of all fibers, and WAVELENGTH, the middle of each bin. BUNIT is the unit.
 */
export function screenSpectraFile(frame: Frame | QFrame, facts: JobFacts): HduStream[] {
  const samples = isQFrame(frame) ? frame.nrow : frame.nwave;
  const bins = Math.min(samples, SCREEN_WAVELENGTHS);
  const [first, last] = wavelengthRange(frame, samples);
  const width = (last - first) / bins;
  const flux = new Float32Array(bins * frame.nspec);
  const error = new Float32Array(bins * frame.nspec);
  for (let f = 0; f < frame.nspec; f++) {
    const from = f * samples;
    const wave = isQFrame(frame) ? frame.wave.subarray(from, from + samples) : frame.wave;
    const sample = {
      wave,
      flux: frame.flux.subarray(from, from + samples),
      ivar: frame.ivar.subarray(from, from + samples),
    };
    binSpectrum(
      sample,
      first,
      width,
      flux.subarray(f * bins, (f + 1) * bins),
      error.subarray(f * bins, (f + 1) * bins),
    );
  }
  const axes = [bins, frame.nspec];
  const middles = Float64Array.from({ length: bins }, (_, i) => first + (i + 0.5) * width);
  return [
    primaryHdu(identityCards(facts).set('EXTNAME', 'FLUX').set('BUNIT', frame.unit), { axes, pixels: flux }),
    imageHdu('ERROR', { axes, pixels: error }),
    imageHdu('WAVELENGTH', { axes: [bins], pixels: middles }),
  ].map(streamOf);
}

/** From the shortest to the longest wavelength of any fiber, half a sample beyond both. */
function wavelengthRange({ wave, nspec }: Frame | QFrame, samples: number): [number, number] {
  let first = Infinity;
  let last = -Infinity;
  for (let f = 0; f < (wave.length === samples ? 1 : nspec); f++) {
    first = Math.min(first, wave[f * samples]!);
    last = Math.max(last, wave[f * samples + samples - 1]!);
  }
  const half = (last - first) / (samples - 1) / 2;
  return [first - half, last + half];
}

interface Spectrum {
  wave: Float64Array;
  flux: Float64Array;
  ivar: Float64Array;
}

/** Means of the samples in each bin, weighted by inverse variance, and their errors. */
function binSpectrum(
  { wave, flux, ivar }: Spectrum,
  first: number,
  width: number,
  outFlux: Float32Array,
  outError: Float32Array,
): void {
  const weights = new Float64Array(outFlux.length);
  const sums = new Float64Array(outFlux.length);
  for (let i = 0; i < wave.length; i++) {
    const bin = Math.min(Math.max(Math.floor((wave[i]! - first) / width), 0), weights.length - 1);
    weights[bin]! += ivar[i]!;
    sums[bin]! += ivar[i]! * flux[i]!;
  }
  for (let bin = 0; bin < weights.length; bin++) {
    const weight = weights[bin]!;
    outFlux[bin] = weight > 0 ? sums[bin]! / weight : NaN;
    outError[bin] = weight > 0 ? 1 / Math.sqrt(weight) : NaN;
  }
}
