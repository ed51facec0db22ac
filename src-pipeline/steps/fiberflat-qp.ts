import { type BufferSource, FRESH_BUFFERS } from '../buffers.ts';
import { interpSorted } from '../math/interp.ts';
import { type FiberFlat, need, type QFrame, type StepDefinition } from '../types.ts';

/**
 * Divides spectra of their own wavelengths by the fiber flat F, interpolated linearly over its good samples (F ≠ 0,
 * inverse variance positive, not masked): flux/F, ivar·F². Beyond them, and where F is not positive, both become 0.
 * Source: desispec 0.31 `qproc/qfiberflat.py`, which keeps the inverse variance of a fiber whose F is negative.
 * @throws Error when the flat has fewer fibers than the frame
 */
export function applyFiberFlatToQFrame(
  qframe: QFrame,
  fiberflat: FiberFlat,
  compatible: boolean,
  buffers: BufferSource = FRESH_BUFFERS,
): QFrame {
  const { nspec, nrow } = qframe;
  if (fiberflat.nspec < nspec) throw new Error(`the fiber flat has ${fiberflat.nspec} fibers, the frame ${nspec}`);
  const out: QFrame = {
    ...qframe,
    flux: buffers.float64('flux', nspec * nrow),
    ivar: buffers.float64('ivar', nspec * nrow),
  };
  const nodes = new Float64Array(fiberflat.nwave);
  const values = new Float64Array(fiberflat.nwave);
  const flat = new Float64Array(nrow);
  for (let f = 0; f < nspec; f++) {
    const from = f * nrow;
    const good = goodSamples(fiberflat, f, nodes, values);
    if (good === 0) {
      // The original leaves the flux of a fiber without flat as it was.
      if (compatible) out.flux.set(qframe.flux.subarray(from, from + nrow), from);
      else out.flux.fill(0, from, from + nrow);
      out.ivar.fill(0, from, from + nrow);
      continue;
    }
    interpSorted(qframe.wave, from, nrow, nodes, values, good, flat, 0, 0, 0);
    for (let i = 0; i < nrow; i++) {
      const value = flat[i]!;
      out.flux[from + i] = value > 0 ? qframe.flux[from + i]! / value : 0;
      out.ivar[from + i] = value > 0 || compatible ? qframe.ivar[from + i]! * value * value : 0;
    }
  }
  return out;
}

function goodSamples(
  { nwave, wave, flat, ivar, mask }: FiberFlat,
  f: number,
  nodes: Float64Array,
  values: Float64Array,
): number {
  let good = 0;
  for (let i = 0; i < nwave; i++) {
    const at = f * nwave + i;
    if (flat[at] === 0 || !(ivar[at]! > 0) || mask[at] !== 0) continue;
    nodes[good] = wave[i]!;
    values[good] = flat[at]!;
    good++;
  }
  return good;
}

export const APPLY_FIBERFLAT_QP: StepDefinition = {
  algorithm: 'ApplyFiberFlat_QP',
  step: 'fiberflat',
  onFailure: 'stop',
  run(products, { compatible, buffers }) {
    const fiberflat = need(products, 'fiberflat');
    return { qframe: applyFiberFlatToQFrame(need(products, 'qframe'), fiberflat, compatible, buffers) };
  },
};
