import { binEdges, gradient } from '../math/grid.ts';

/** Wavelength bins of an output grid, Å. */
export interface OutputGrid {
  centers: Float64Array;
  /** midpoints, and half a bin beyond both ends: one more than there are bins */
  edges: Float64Array;
  /** central differences of the centres */
  widths: Float64Array;
}

export function outputGrid(centers: Float64Array): OutputGrid {
  return { centers, edges: binEdges(centers), widths: gradient(centers) };
}
