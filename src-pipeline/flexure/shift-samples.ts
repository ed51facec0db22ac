/** Measured shifts of traces at points of the CCD, pixels. */
export interface ShiftSamples {
  x: number[];
  y: number[];
  delta: number[];
  /** one sigma */
  error: number[];
}

export function newShiftSamples(): ShiftSamples {
  return { x: [], y: [], delta: [], error: [] };
}
