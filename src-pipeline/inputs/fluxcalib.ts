import type { FluxCalib } from '../types.ts';
import { fitsContent, matrixOf, requireHdu } from './fits-content.ts';

/**
 * Reads an average flux calibration: first HDU the calibration, (photons/Å)/(1e-17 erg/s/cm²/Å) per second; ATERM and
 * STERM in magnitudes per unit of airmass and of seeing, with their pivots PAIRMASS and PSEEING; WAVELENGTH, Å.
 * @throws Error when something is missing or sizes do not fit
 */
export function readFluxCalib(bytes: Uint8Array): FluxCalib {
  const content = fitsContent(bytes);
  const vector = (name: string): Float64Array => matrixOf(content, requireHdu(content, name)).values;
  const calib = matrixOf(content, content.hdus[0]!).values;
  const [wave, aterm, sterm] = [vector('WAVELENGTH'), vector('ATERM'), vector('STERM')];
  for (const [name, values] of Object.entries({ WAVELENGTH: wave, ATERM: aterm, STERM: sterm })) {
    if (values.length !== calib.length) {
      throw new Error(`${name} has ${values.length} values, the calibration ${calib.length}`);
    }
  }
  return {
    wave,
    calib,
    aterm,
    sterm,
    pairmass: requireHdu(content, 'ATERM').header.requireNumber('PAIRMASS'),
    pseeing: requireHdu(content, 'STERM').header.requireNumber('PSEEING'),
  };
}
