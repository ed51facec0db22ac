import type { FiberFlat } from '../types.ts';
import { fitsContent, hduNamed, matrixOf, requireHdu } from './fits-content.ts';

/**
 * Reads a fiber flat: FIBERFLAT (or the first HDU), IVAR, MASK, WAVELENGTH. Without IVAR or MASK all of it is good.
 * @throws Error when sizes do not fit
 */
export function readFiberFlat(bytes: Uint8Array): FiberFlat {
  const content = fitsContent(bytes);
  const flat = matrixOf(content, hduNamed(content, ['FIBERFLAT']) ?? content.hdus[0]!);
  const wave = matrixOf(content, requireHdu(content, 'WAVELENGTH')).values;
  if (wave.length !== flat.nx) {
    throw new Error(`FIBERFLAT has ${flat.nx} wavelengths a fiber, WAVELENGTH ${wave.length}`);
  }
  const size = flat.nx * flat.ny;
  const optional = (name: string): Float64Array | null => {
    const hdu = hduNamed(content, [name]);
    if (hdu === undefined) return null;
    const { values } = matrixOf(content, hdu);
    if (values.length !== size) throw new Error(`${name} has ${values.length} values, FIBERFLAT ${size}`);
    return values;
  };
  return {
    nspec: flat.ny,
    nwave: flat.nx,
    wave,
    flat: flat.values,
    ivar: optional('IVAR') ?? new Float64Array(size).fill(1),
    mask: Int32Array.from(optional('MASK') ?? new Float64Array(size)),
  };
}
