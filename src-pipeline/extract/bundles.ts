/**
 * Fibers worked on together, from their positions to their spectra: as many as lie side by side in a bundle. What is
 * between then stays in the processor's cache, and takes little memory.
 */
const BUNDLE = 25;

/** Calls `work` for every bundle of `nspec` fibers: its first fiber, and how many it has (25 but for the last). */
export function forEachBundle(nspec: number, work: (first: number, fibers: number) => void): void {
  for (let first = 0; first < nspec; first += BUNDLE) work(first, Math.min(BUNDLE, nspec - first));
}

/** An array for one bundle. */
export function bundleArray(nrow: number): Float64Array {
  return new Float64Array(BUNDLE * nrow);
}
