/** CCD rows worked on together, so that the rows' pixels stay in the processor's cache over all fibers. */
export const ROW_BLOCK = 64;

/** Box sums of every fiber in every CCD row, index fiber·nrow + row. */
export interface RowSums {
  nspec: number;
  nrow: number;
  /** electrons */
  counts: Float64Array;
  /** electrons²; not positive where there is nothing to sum */
  variance: Float64Array;
}

export function newRowSums(nspec: number, nrow: number): RowSums {
  return { nspec, nrow, counts: new Float64Array(nspec * nrow), variance: new Float64Array(nspec * nrow) };
}
