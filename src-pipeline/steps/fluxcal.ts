import { type BufferSource, FRESH_BUFFERS } from '../buffers.ts';
import { calibrationAt, exposureCalibration } from '../spectra/calibration.ts';
import { CALIBRATED_UNIT } from '../spectra/band-integrals.ts';
import { type FluxCalib, need, type QFrame, type StepDefinition } from '../types.ts';

/**
 * Calibrates fluxes with the average calibration of the arm: flux/C, ivar·C², C the calibration vector of the exposure
 * (see {@link exposureCalibration}) times its exposure time; where C is not positive both become 0. Result in
 * 1e-17 erg/s/cm²/Å. Source: desispec 0.31, ApplyFluxCalibration.
 */
export function calibrateFlux(
  qframe: QFrame,
  fluxcalib: FluxCalib,
  seeing: number,
  airmass: number,
  exptime: number,
  buffers: BufferSource = FRESH_BUFFERS,
): QFrame {
  const { nspec, nrow } = qframe;
  const out: QFrame = {
    ...qframe,
    unit: CALIBRATED_UNIT,
    flux: buffers.float64('flux', nspec * nrow),
    ivar: buffers.float64('ivar', nspec * nrow),
  };
  const vector = exposureCalibration(fluxcalib, seeing, airmass);
  const factor = new Float64Array(nrow);
  for (let f = 0; f < nspec; f++) {
    const from = f * nrow;
    calibrationAt(fluxcalib, vector, exptime, qframe.wave, from, nrow, factor);
    for (let i = 0; i < nrow; i++) {
      const c = factor[i]!;
      out.flux[from + i] = c > 0 ? qframe.flux[from + i]! / c : 0;
      out.ivar[from + i] = c > 0 ? qframe.ivar[from + i]! * c * c : 0;
    }
  }
  return out;
}

export const APPLY_FLUX_CALIBRATION: StepDefinition = {
  algorithm: 'ApplyFluxCalibration',
  step: 'fluxcal',
  onFailure: 'stop',
  run(products, { seeing, airmass, exptime, compatible, buffers, log }) {
    const qframe = need(products, 'qframe');
    const fluxcalib = need(products, 'fluxcalib');
    if (!(exptime > 0)) throw new Error(`flux calibration needs an exposure time, EXPTIME is ${exptime}`);
    if (seeing === null || airmass === null) {
      if (compatible) throw new Error('flux calibration needs SEEING and AIRMASS in the header');
      log.warning('SEEING or AIRMASS is not known: calibrated for the reference conditions instead');
    }
    const conditions = [seeing ?? fluxcalib.pseeing, airmass ?? fluxcalib.pairmass] as const;
    return { qframe: calibrateFlux(qframe, fluxcalib, ...conditions, exptime, buffers) };
  },
};
