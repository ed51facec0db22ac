import { type BufferSource, FRESH_BUFFERS } from '../buffers.ts';
import { interpSorted } from '../math/interp.ts';
import { type FiberFlat, type Frame, need, type StepDefinition } from '../types.ts';

/** A flat on the same number of wavelengths, all as near as this, is taken bin by bin, Å. */
const SAME_GRID = 0.01;

/**
 * Divides spectra on a common grid by the fiber flat F with its inverse variance w:
 * flux / F, and 1/ivar → 1/(ivar·F²) + flux²/(w·F⁴). Where the flat has no value (F ≤ 0 or w = 0) the flux stays and the
 * inverse variance becomes 0. A flat on other wavelengths is interpolated linearly over its good samples.
 * Source: desispec 0.31 `quicklook/quickfiberflat.py`; compatible mode ignores the flat's mask, as it does.
 * @throws Error when the flat has not the fibers of the frame
 */
export function applyFiberFlat(
  frame: Frame,
  fiberflat: FiberFlat,
  compatible: boolean,
  buffers: BufferSource = FRESH_BUFFERS,
): Frame {
  const { nspec, nwave } = frame;
  if (compatible ? fiberflat.nspec !== nspec : fiberflat.nspec < nspec) {
    throw new Error(`the fiber flat has ${fiberflat.nspec} fibers, the frame ${nspec}`);
  }
  const out: Frame = {
    ...frame,
    flux: buffers.float64('frame flux', nspec * nwave),
    ivar: buffers.float64('frame ivar', nspec * nwave),
  };
  const flat = new Float64Array(nwave);
  const weight = new Float64Array(nwave);
  const same = onSameGrid(frame.wave, fiberflat.wave);
  for (let f = 0; f < nspec; f++) {
    if (same) takeRow(fiberflat, f, compatible, flat, weight);
    else interpolateRow(fiberflat, f, compatible, frame.wave, flat, weight);
    divide(frame, f * nwave, flat, weight, out);
  }
  return out;
}

function onSameGrid(a: Float64Array, b: Float64Array): boolean {
  return a.length === b.length && a.every((wave, i) => Math.abs(wave - b[i]!) <= SAME_GRID);
}

function takeRow(
  { nwave, flat, ivar, mask }: FiberFlat,
  f: number,
  compatible: boolean,
  outFlat: Float64Array,
  outWeight: Float64Array,
): void {
  for (let i = 0; i < nwave; i++) {
    outFlat[i] = flat[f * nwave + i]!;
    outWeight[i] = compatible || mask[f * nwave + i] === 0 ? ivar[f * nwave + i]! : 0;
  }
}

function interpolateRow(
  { nwave, wave, flat, ivar, mask }: FiberFlat,
  f: number,
  compatible: boolean,
  at: Float64Array,
  outFlat: Float64Array,
  outWeight: Float64Array,
): void {
  const nodes = new Float64Array(nwave);
  const values = new Float64Array(nwave);
  const weights = new Float64Array(nwave);
  let good = 0;
  for (let i = 0; i < nwave; i++) {
    const usable = compatible || mask[f * nwave + i] === 0;
    weights[i] = usable ? ivar[f * nwave + i]! : 0;
    if (!(weights[i]! > 0)) continue;
    nodes[good] = wave[i]!;
    values[good] = flat[f * nwave + i]!;
    good++;
  }
  if (good === 0) {
    outFlat.fill(0);
    outWeight.fill(0);
    return;
  }
  interpSorted(at, 0, at.length, nodes, values, good, outFlat, 0, values[0]!, values[good - 1]!);
  interpSorted(at, 0, at.length, wave, weights, nwave, outWeight, 0, weights[0]!, weights[nwave - 1]!);
}

function divide(frame: Frame, from: number, flat: Float64Array, weight: Float64Array, out: Frame): void {
  for (let i = 0; i < flat.length; i++) {
    const flux = frame.flux[from + i]!;
    const ivar = frame.ivar[from + i]!;
    const value = flat[i]!;
    out.flux[from + i] = value > 0 ? flux / value : flux;
    const square = value * value;
    out.ivar[from + i] =
      ivar > 0 && weight[i]! > 0 && value > 0
        ? 1 / (1 / (ivar * square) + (flux * flux) / (weight[i]! * square * square))
        : 0;
  }
}

export const APPLY_FIBERFLAT_QL: StepDefinition = {
  algorithm: 'ApplyFiberFlat_QL',
  step: 'fiberflat',
  onFailure: 'stop',
  run(products, { compatible, buffers }) {
    return { frame: applyFiberFlat(need(products, 'frame'), need(products, 'fiberflat'), compatible, buffers) };
  },
};
