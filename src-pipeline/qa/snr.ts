import { medianInPlace } from '../math/statistics.ts';
import { fibersOfClass, TARGET_CLASSES, type TargetClass } from '../spectra/fibers.ts';
import { BAND_OF_ARM, bandFlux, magnitude, singleMagnitude } from '../spectra/photometry.ts';
import { fitModels, fitOnGrid, modelSnr } from '../spectra/snr-model.ts';
import { spectraOf, type SpectraView } from '../spectra/spectra-view.ts';
import { need, type QaDefinition, type QaValue } from '../types.ts';
import { numberParam } from './params.ts';

/** What each fiber's spectrum is worth. */
export interface FiberSnr {
  /** median over the bins of flux·√ivar */
  snr: Float64Array;
  /** median inverse variance */
  ivar: Float64Array;
}

/** By default bins without data (inverse variance 0) do not count; a fiber without any has NaN. */
export function medianSnr(spectra: SpectraView, compatible: boolean): FiberSnr {
  const { nspec, nwave } = spectra;
  const out: FiberSnr = { snr: new Float64Array(nspec), ivar: new Float64Array(nspec) };
  const ratios = new Float64Array(nwave);
  const weights = new Float64Array(nwave);
  for (let f = 0; f < nspec; f++) {
    const flux = spectra.flux(f);
    const ivar = spectra.ivar(f);
    let n = 0;
    for (let i = 0; i < nwave; i++) {
      const weight = ivar[i]!;
      if (!compatible && !(weight > 0)) continue;
      ratios[n] = flux[i]! * Math.sqrt(weight);
      weights[n] = weight;
      n++;
    }
    out.snr[f] = medianInPlace(ratios, n);
    out.ivar[f] = medianInPlace(weights, n);
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
  flux: Float64Array;
  measured: FiberSnr;
  exptime: number;
  /** error of a median S/N: √(π/2) over the root of the number of bins */
  noise: number;
  /** nanomaggies of the fiducial magnitude */
  fiducialFlux: number;
}

/** As desispec 0.31's `SNRFit`, its errors included: see {@link SNR}. */
function fitClassAsOriginal([name, fibers]: NamedFibers, input: FitInput): ClassFit {
  const { flux, measured, exptime } = input;
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

function fitClasses(classes: readonly NamedFibers[], input: FitInput): ClassFit[] {
  const { flux, measured, exptime } = input;
  const samples = classes.map(([, fibers]) => {
    const usable = fibers
      .filter((f) => flux[f]! > 0 && !Number.isNaN(measured.snr[f]!))
      .sort((f, g) => flux[g]! - flux[f]!);
    return {
      flux: Float64Array.from(usable, (f) => flux[f]!),
      snr: Float64Array.from(usable, (f) => measured.snr[f]!),
    };
  });
  const { a, b } = fitModels(samples, input.noise, exptime);
  return classes.map(([name, fibers], c) => ({
    name,
    fibers,
    snr: fibers.map((f) => measured.snr[f]!),
    magnitude: fibers.map((f) => (flux[f]! > 0 ? magnitude(flux[f]!) : NaN)),
    coefficients: [a[c]!, b],
    residuals: Array.from(samples[c]!.snr, (y, k) => y / modelSnr(samples[c]!.flux[k]!, a[c]!, b, exptime) - 1),
    fiducial: modelSnr(input.fiducialFlux, a[c]!, b, exptime),
  }));
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
    const { nspec } = spectra;
    const measured = medianSnr(spectra, compatible);
    const input: FitInput = {
      flux: bandFlux(fibermap, arm),
      measured,
      exptime,
      noise: Math.sqrt(Math.PI / 2 / spectra.nwave),
      fiducialFlux: 10 ** (-0.4 * (numberParam(context, 'FIDMAG', 22) - 22.5)),
    };
    const classes = TARGET_CLASSES.map((name): NamedFibers => [name, fibersOfClass(fibermap, nspec, name)]).filter(
      ([, fibers]) => fibers.length > 0,
    );
    const fits = compatible ? classes.map((one) => fitClassAsOriginal(one, input)) : fitClasses(classes, input);
    const fiberIds: Record<string, QaValue> = {};
    for (const fit of fits) fiberIds[`${fit.name}_FIBERID`] = [...fit.fibers];
    return {
      metrics: {
        MEDIAN_SNR: measured.snr,
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
