import { gradient, linspace, binEdges } from '../math/grid.ts';
import type { QFrame } from '../types.ts';

/** The common wavelength grid that spectra of their own wavelengths are compared on. */
export interface CommonGrid {
  /** Å, even steps */
  wave: Float64Array;
  /** one more than there are bins */
  edges: Float64Array;
}

/**
 * Grid of desispec's `QFrame.asframe`: even steps no larger than the smallest step of the middle fiber, over the
 * wavelengths that all fibers have.
 * @throws Error when the fibers have no wavelength in common
 */
export function commonGrid({ wave, nspec, nrow }: QFrame): CommonGrid {
  let first = -Infinity;
  let last = Infinity;
  for (let f = 0; f < nspec; f++) {
    first = Math.max(first, wave[f * nrow]!);
    last = Math.min(last, wave[f * nrow + nrow - 1]!);
  }
  if (!(last > first)) throw new Error('the fibers have no wavelength in common: check the PSF file');
  const middle = (nspec >> 1) * nrow;
  const steps = gradient(wave.subarray(middle, middle + nrow));
  const step = steps.reduce((least, value) => Math.min(least, value), Infinity);
  const grid = linspace(first, last, Math.trunc((last - first) / step) + 1);
  return { wave: grid, edges: binEdges(grid) };
}

/**
 * Spectra of one {@link QFrame} fiber by fiber on its common grid. The density is taken as piecewise linear between the
 * samples and averaged over each output bin, weighted by inverse variance: flux = ⟨flux·ivar⟩/⟨ivar⟩ (0 where that is
 * 0), ivar = ⟨ivar/Δλ⟩·Δλ_out. Source: desispec 0.31 `interpolation.resample_flux`.
 */
export class CommonGridResampler {
  readonly grid: CommonGrid;
  private readonly frame: QFrame;
  private readonly nodes: Float64Array;
  private readonly weighted: Float64Array;
  private readonly weights: Float64Array;

  constructor(frame: QFrame, grid: CommonGrid = commonGrid(frame)) {
    this.frame = frame;
    this.grid = grid;
    this.nodes = new Float64Array(frame.nrow + 2);
    this.weighted = new Float64Array(frame.nrow + 2);
    this.weights = new Float64Array(frame.nrow + 2);
  }

  /** Flux of fiber `f` in bins `from … to − 1`, written to `out` from index 0. */
  flux(f: number, from: number, to: number, out: Float64Array): void {
    const { wave, flux, ivar, nrow } = this.frame;
    const { nodes, weighted, weights } = this;
    const { edges } = this.grid;
    const base = f * nrow;
    nodes.set(wave.subarray(base, base + nrow), 1);
    // The outermost triangles of the piecewise linear function end one step beyond the samples, at 0.
    nodes[0] = 2 * nodes[1]! - nodes[2]!;
    nodes[nrow + 1] = 2 * nodes[nrow]! - nodes[nrow - 1]!;
    const first = Math.max(lastNodeBelow(nodes, edges[from]!), 1);
    const last = Math.min(lastNodeBelow(nodes, edges[to]!) + 1, nrow);
    for (let i = first; i <= last; i++) {
      const w = ivar[base + i - 1]!;
      weights[i] = w;
      weighted[i] = flux[base + i - 1]! * w;
    }
    // What the inverse variance of the fiber before has left there.
    weighted[0] = 0;
    weighted[nrow + 1] = 0;
    averageRatio(nodes, weighted, weights, edges, from, to, out);
  }

  /** Inverse variance of fiber `f` in all bins; to be called after {@link flux} of the same fiber. */
  ivar(f: number, out: Float64Array): void {
    const { wave, ivar, nrow } = this.frame;
    const base = f * nrow;
    const { weighted } = this;
    for (let i = 0; i < nrow; i++) {
      const low = wave[base + (i > 0 ? i - 1 : 0)]!;
      const high = wave[base + (i < nrow - 1 ? i + 1 : i)]!;
      const step = i > 0 && i < nrow - 1 ? (high - low) / 2 : high - low;
      weighted[i + 1] = ivar[base + i]! / step;
    }
    average(this.nodes, weighted, this.grid.edges, out);
    const { wave: grid } = this.grid;
    const last = grid.length - 1;
    for (let i = 0; i <= last; i++) {
      const step =
        i > 0 && i < last
          ? (grid[i + 1]! - grid[i - 1]!) / 2
          : grid[Math.min(i + 1, last)]! - grid[Math.max(i - 1, 0)]!;
      out[i]! *= step;
    }
  }
}

/** Mean of the piecewise linear `a` over each bin, over that of `b`; 0 where b's is not positive. */
function averageRatio(
  nodes: Float64Array,
  a: Float64Array,
  b: Float64Array,
  edges: Float64Array,
  from: number,
  to: number,
  out: Float64Array,
): void {
  const n = nodes.length;
  let low = edges[from]!;
  let k = lastNodeBelow(nodes, low);
  let aLow = 0;
  let bLow = 0;
  if (k >= 0 && k < n - 1) {
    const t = (low - nodes[k]!) / (nodes[k + 1]! - nodes[k]!);
    aLow = a[k]! + t * (a[k + 1]! - a[k]!);
    bLow = b[k]! + t * (b[k + 1]! - b[k]!);
  }
  for (let bin = from; bin < to; bin++) {
    const high = edges[bin + 1]!;
    let aSum = 0;
    let bSum = 0;
    let at = low;
    let aAt = aLow;
    let bAt = bLow;
    while (k + 1 < n && nodes[k + 1]! <= high) {
      k++;
      const step = nodes[k]! - at;
      aSum += step * (aAt + a[k]!);
      bSum += step * (bAt + b[k]!);
      at = nodes[k]!;
      aAt = a[k]!;
      bAt = b[k]!;
    }
    aLow = 0;
    bLow = 0;
    if (k >= 0 && k < n - 1) {
      const t = (high - nodes[k]!) / (nodes[k + 1]! - nodes[k]!);
      aLow = a[k]! + t * (a[k + 1]! - a[k]!);
      bLow = b[k]! + t * (b[k + 1]! - b[k]!);
    }
    aSum += (high - at) * (aAt + aLow);
    bSum += (high - at) * (bAt + bLow);
    out[bin - from] = bSum > 0 ? aSum / bSum : 0;
    low = high;
  }
}

/** Mean of the piecewise linear `a` over each bin. */
function average(nodes: Float64Array, a: Float64Array, edges: Float64Array, out: Float64Array): void {
  const n = nodes.length;
  let low = edges[0]!;
  let k = lastNodeBelow(nodes, low);
  let aLow = k >= 0 && k < n - 1 ? a[k]! + ((low - nodes[k]!) / (nodes[k + 1]! - nodes[k]!)) * (a[k + 1]! - a[k]!) : 0;
  for (let bin = 0; bin < edges.length - 1; bin++) {
    const high = edges[bin + 1]!;
    let sum = 0;
    let at = low;
    let aAt = aLow;
    while (k + 1 < n && nodes[k + 1]! <= high) {
      k++;
      sum += (nodes[k]! - at) * (aAt + a[k]!);
      at = nodes[k]!;
      aAt = a[k]!;
    }
    aLow = k >= 0 && k < n - 1 ? a[k]! + ((high - nodes[k]!) / (nodes[k + 1]! - nodes[k]!)) * (a[k + 1]! - a[k]!) : 0;
    sum += (high - at) * (aAt + aLow);
    out[bin] = sum / 2 / (high - low);
    low = high;
  }
}

/** Index of the last node at or below `x`, −1 when there is none. */
function lastNodeBelow(nodes: Float64Array, x: number): number {
  let low = -1;
  let high = nodes.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (nodes[middle]! <= x) low = middle;
    else high = middle - 1;
  }
  return low;
}
