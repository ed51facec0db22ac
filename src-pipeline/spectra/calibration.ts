import { interpSorted } from '../math/interp.ts';
import type { FluxCalib } from '../types.ts';

/**
 * The calibration vector of an exposure, (electrons/Å)/(1e-17 erg/s/cm²/Å) per second:
 * calib·10^(−0.4((seeing − PSEEING)·STERM + (airmass − PAIRMASS)·ATERM)).
 * Source: desispec 0.31 `averagefluxcalibration.py`.
 */
export function exposureCalibration(fluxcalib: FluxCalib, seeing: number, airmass: number): Float64Array {
  const { calib, aterm, sterm, pseeing, pairmass } = fluxcalib;
  return calib.map(
    (value, i) => value * 10 ** (-0.4 * ((seeing - pseeing) * sterm[i]! + (airmass - pairmass) * aterm[i]!)),
  );
}

/** The calibration of {@link exposureCalibration} at `n` ascending wavelengths from `from`, times the exposure time. */
export function calibrationAt(
  fluxcalib: FluxCalib,
  vector: Float64Array,
  exptime: number,
  wave: Float64Array,
  from: number,
  n: number,
  out: Float64Array,
): void {
  const last = vector.length - 1;
  interpSorted(wave, from, n, fluxcalib.wave, vector, last + 1, out, 0, vector[0]!, vector[last]!);
  for (let i = 0; i < n; i++) out[i]! *= exptime;
}
