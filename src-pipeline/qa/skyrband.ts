import { mean } from '../math/statistics.ts';
import { bandMagnitudes, CALIBRATED_UNIT, originalBandMagnitudes } from '../spectra/band-integrals.ts';
import { calibrationAt, exposureCalibration } from '../spectra/calibration.ts';
import { requireSkyFibers } from '../spectra/fibers.ts';
import { filterOfArm } from '../spectra/filter.ts';
import { spectraOf, type SpectraView, viewOfFrame, viewOfQFrame } from '../spectra/spectra-view.ts';
import { type Frame, need, type Products, type QaContext, type QaDefinition, type QFrame } from '../types.ts';

/** Spectra without light have no magnitude; the original writes 0. */
const NO_MAGNITUDE = 0;

/** The sky model that was subtracted, of the sky fibers only, in the unit of calibrated spectra. */
function calibratedSky(products: Products, fibers: readonly number[], context: QaContext): SpectraView {
  const sky = need(products, 'sky');
  const fluxcalib = need(products, 'fluxcalib');
  const { seeing, airmass, exptime } = context;
  const vector = exposureCalibration(fluxcalib, seeing ?? fluxcalib.pseeing, airmass ?? fluxcalib.pairmass);
  const own = 'nrow' in sky;
  const n = own ? sky.nrow : sky.nwave;
  const wave = new Float64Array(own ? fibers.length * n : n);
  const flux = new Float64Array(fibers.length * n);
  const factor = new Float64Array(n);
  if (!own) wave.set(sky.wave);
  fibers.forEach((f, k) => {
    if (own) wave.set(sky.wave.subarray(f * n, (f + 1) * n), k * n);
    calibrationAt(fluxcalib, vector, exptime, wave, own ? k * n : 0, n, factor);
    for (let i = 0; i < n; i++) flux[k * n + i] = factor[i]! > 0 ? sky.flux[f * n + i]! / factor[i]! : 0;
  });
  const shared = {
    nspec: fibers.length,
    boxWidth: sky.boxWidth,
    flux,
    ivar: new Float64Array(flux.length).fill(1),
    unit: CALIBRATED_UNIT,
  };
  return own
    ? viewOfQFrame({ ...shared, wave, nrow: n, wavestep: sky.wavestep } satisfies QFrame)
    : viewOfFrame({ ...shared, wave, nwave: n } satisfies Frame);
}

/** As desispec 0.31: magnitudes of what the subtraction left in the sky fibers. */
function residualMagnitudes(products: Products, fibers: readonly number[], context: QaContext): Float64Array {
  const all = originalBandMagnitudes(spectraOf(products), filterOfArm(context.arm), context.exptime);
  return Float64Array.from(fibers, (f) => all[f]!);
}

/**
 * SKYRBAND: mean over the sky fibers of the sky's brightness in the r band, magnitudes of what one fiber sees, on r cameras;
 * 0 on others. By default the AB magnitude of the sky model that was subtracted, flux calibrated. desispec 0.31
 * (`compatible`) measures the residuals of the sky subtraction, whose integral is not even positive in half of the fibers.
 */
export const SKYRBAND: QaDefinition = {
  metric: 'skyrband',
  algorithm: 'Sky_Rband',
  run(products, context) {
    const { arm, program, exptime, compatible } = context;
    const nspec = spectraOf(products).nspec;
    const fibers = requireSkyFibers(need(products, 'fibermap'), nspec);
    if (arm !== 'r') {
      const key = program === null ? 'SKYRBAND_REF' : `SKYRBAND_${program.toUpperCase()}_REF`;
      return { metrics: { SKYRBAND_FIB: fibers.map(() => 0), SKYRBAND: 0 }, params: { [key]: [0] } };
    }
    if (!(exptime > 0)) throw new Error(`magnitudes need an exposure time, EXPTIME is ${exptime}`);
    const magnitudes = compatible
      ? residualMagnitudes(products, fibers, context)
      : bandMagnitudes(calibratedSky(products, fibers, context), filterOfArm(arm), exptime);
    const each = magnitudes.map((value) => (Number.isNaN(value) ? NO_MAGNITUDE : value));
    return { metrics: { SKYRBAND_FIB: each, SKYRBAND: mean(each.filter((value) => value > 0)) } };
  },
};
