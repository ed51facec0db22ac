import { TARGET_CLASSES, type TargetClass } from '#shared/domain/target-class.ts';
import { medianInPlace } from '../math/statistics.ts';
import { fibersOfClass } from '../spectra/fibers.ts';
import { BAND_OF_ARM, bandFlux, magnitude, singleMagnitude } from '../spectra/photometry.ts';
import { fitModels, fitOnGrid, modelSnr } from '../spectra/snr-model.ts';
import { spectraOf, type SpectraView } from '../spectra/spectra-view.ts';
import { need, type QaDefinition, type QaValue } from '../types.ts';
import { numberParam } from './params.ts';

/** What each fiber's spectrum is worth: medians over the bins of flux·√ivar, and of the inverse variance. */
interface OriginalSnr {
  snr: Float64Array;
  ivar: Float64Array;
}

/**
 * Of the samples that have data, as they were extracted, each for a bin as wide as the common grid's: flux·√(ivar·step/Δλ).
 * A fiber without any has NaN.
 */
export function medianSnr(spectra: SpectraView): Float64Array {
  const { nspec, nwave, wave: grid } = spectra;
  const step = (grid[nwave - 1]! - grid[0]!) / (nwave - 1);
  let ratios = new Float64Array(0);
  return Float64Array.from({ length: nspec }, (_, f) => {
    const { wave, flux, ivar } = spectra.own(f);
    if (ratios.length < wave.length) ratios = new Float64Array(wave.length);
    return medianInPlace(ratios, ratiosOf(wave, flux, ivar, step, ratios));
  });
}

/** The ratios of all samples with data, to the front of `out`; how many they are. */
function ratiosOf(wave: Float64Array, flux: Float64Array, ivar: Float64Array, step: number, out: Float64Array): number {
  let n = 0;
  for (let i = 1; i < wave.length - 1; i++) {
    const weight = ivar[i]!;
    if (weight > 0) out[n++] = flux[i]! * Math.sqrt((2 * weight * step) / (wave[i + 1]! - wave[i - 1]!));
  }
  return n;
}

/** As desispec 0.31: of all bins of the common grid. */
export function originalMedianSnr(spectra: SpectraView): OriginalSnr {
  const { nspec, nwave } = spectra;
  const out: OriginalSnr = { snr: new Float64Array(nspec), ivar: new Float64Array(nspec) };
  const ratios = new Float64Array(nwave);
  const weights = new Float64Array(nwave);
  for (let f = 0; f < nspec; f++) {
    const flux = spectra.flux(f);
    const ivar = spectra.ivar(f);
    for (let i = 0; i < nwave; i++) ratios[i] = flux[i]! * Math.sqrt(ivar[i]!);
    weights.set(ivar);
    out.snr[f] = medianInPlace(ratios, nwave);
    out.ivar[f] = medianInPlace(weights, nwave);
  }
  return out;
}

/** The fit of one class. */
interface ClassFit {
  name: TargetClass;
  fibers: readonly number[];
  /** of all its fibers, in fiber order */
  snr: number[];
  magnitude: number[];
  /** a and b of the model; NaN when there is no fit */
  coefficients: [number, number];
  /** relative residuals, ordered by magnitude */
  residuals: number[];
  fiducial: number;
}

interface FitInput {
  /** nanomaggies, of the fibermap */
  flux: Float64Array;
  exptime: number;
  /** nanomaggies of the fiducial magnitude */
  fiducialFlux: number;
}

/** As desispec 0.31's `SNRFit`, its errors included: see {@link SNR}. */
function fitClassAsOriginal([name, fibers]: NamedFibers, measured: OriginalSnr, input: FitInput): ClassFit {
  const { flux, exptime } = input;
  const magnitudes = fibers.map((f) => (flux[f]! > 0 ? singleMagnitude(flux[f]!) : 0));
  const snr = fibers.map((f) => measured.snr[f]!);
  const order = Array.from(magnitudes.keys()).sort((a, b) => magnitudes[a]! - magnitudes[b]!);
  const x = Float64Array.from(order, (k) => 10 ** (-0.4 * (magnitudes[k]! - 22.5)));
  const y = Float64Array.from(order, (k) => snr[k]!);
  // The variances stay in fiber order while everything else is ordered by magnitude.
  const variance = Float64Array.from(fibers, (f) => 1 / measured.ivar[f]!);
  const fit = fitOnGrid(x, y, variance, exptime);
  const [a, b] = fit?.fine ?? [NaN, NaN];
  return {
    name,
    fibers,
    snr,
    magnitude: magnitudes,
    coefficients: [a, b],
    residuals: Array.from(y, (value, k) => value / modelSnr(x[k]!, a, b, exptime) - 1),
    fiducial: fit === null ? NaN : modelSnr(input.fiducialFlux, ...fit.coarse, exptime),
  };
}

type NamedFibers = readonly [name: TargetClass, fibers: readonly number[]];

/** @param noise error of a median S/N */
function fitClasses(
  classes: readonly NamedFibers[],
  measured: Float64Array,
  noise: number,
  input: FitInput,
): ClassFit[] {
  const { flux, exptime } = input;
  const samples = classes.map(([, fibers]) => {
    const usable = fibers
      .filter((f) => flux[f]! > 0 && !Number.isNaN(measured[f]!))
      .sort((f, g) => flux[g]! - flux[f]!);
    return {
      flux: Float64Array.from(usable, (f) => flux[f]!),
      snr: Float64Array.from(usable, (f) => measured[f]!),
    };
  });
  const { a, b } = fitModels(samples, noise, exptime);
  return classes.map(([name, fibers], c) => ({
    name,
    fibers,
    snr: fibers.map((f) => measured[f]!),
    magnitude: fibers.map((f) => (flux[f]! > 0 ? magnitude(flux[f]!) : NaN)),
    coefficients: [a[c]!, b],
    residuals: Array.from(samples[c]!.snr, (y, k) => y / modelSnr(samples[c]!.flux[k]!, a[c]!, b, exptime) - 1),
    fiducial: modelSnr(input.fiducialFlux, a[c]!, b, exptime),
  }));
}

interface Measured {
  snr: Float64Array;
  fits: ClassFit[];
}

function measure(spectra: SpectraView, classes: readonly NamedFibers[], noise: number, input: FitInput): Measured {
  const snr = medianSnr(spectra);
  return { snr, fits: fitClasses(classes, snr, noise, input) };
}

function measureAsOriginal(spectra: SpectraView, classes: readonly NamedFibers[], input: FitInput): Measured {
  const measured = originalMedianSnr(spectra);
  return { snr: measured.snr, fits: classes.map((one) => fitClassAsOriginal(one, measured, input)) };
}

/**
 * MEDIAN_SNR of every fiber, and for each class of targets present the fit of S(f) = t·a·f/√(t(a·f + b)) to it, f the
 * fibermap's flux in nanomaggies, t the exposure time: FITCOEFF_TGT = [a, b], FIDSNR_TGT = S at magnitude FIDMAG.
 *
 * By default least squares over all classes with one b, dead fibers clipped, solved exactly (see {@link fitModels}).
 * desispec 0.31 (`compatible`) fits each class alone, searches grids, divides residuals by
 * variances (of other fibers than they belong to), keeps dead fibers, gives targets without flux magnitude 0, and takes
 * FIDSNR_TGT from the coarsest grid.
 */
export const SNR: QaDefinition = {
  metric: 'snr',
  algorithm: 'Calculate_SNR',
  run(products, context) {
    const { arm, exptime, compatible } = context;
    const spectra = spectraOf(products);
    const fibermap = need(products, 'fibermap');
    if (!(exptime > 0)) throw new Error(`the fit of S/N needs an exposure time, EXPTIME is ${exptime}`);
    const { nspec, nwave } = spectra;
    const input: FitInput = {
      flux: bandFlux(fibermap, arm),
      exptime,
      fiducialFlux: 10 ** (-0.4 * (numberParam(context, 'FIDMAG', 22) - 22.5)),
    };
    const classes = TARGET_CLASSES.map((name): NamedFibers => [name, fibersOfClass(fibermap, nspec, name)]).filter(
      ([, fibers]) => fibers.length > 0,
    );
    const { snr, fits } = compatible
      ? measureAsOriginal(spectra, classes, input)
      : measure(spectra, classes, Math.sqrt(Math.PI / 2 / nwave), input);
    const fiberIds: Record<string, QaValue> = {};
    for (const fit of fits) fiberIds[`${fit.name}_FIBERID`] = [...fit.fibers];
    return {
      metrics: {
        MEDIAN_SNR: snr,
        FIT_FILTER: `DECAM_${BAND_OF_ARM[arm]}`,
        EXPTIME: exptime,
        FILTERS: ['G', 'R', 'Z'],
        ...fiberIds,
        NUM_NEGATIVE_SNR: fits.flatMap((fit) => fit.snr).filter((value) => value <= 0).length,
        SNR_MAG_TGT: fits.map((fit) => [fit.snr, fit.magnitude]),
        FITCOEFF_TGT: fits.map((fit) => fit.coefficients),
        SNR_RESID: fits.flatMap((fit) => fit.residuals),
        FIDSNR_TGT: fits.map((fit) => fit.fiducial),
        OBJLIST: fits.map((fit) => fit.name),
        RA: fibermap.ra.slice(0, nspec),
        DEC: fibermap.dec.slice(0, nspec),
      },
    };
  },
};
