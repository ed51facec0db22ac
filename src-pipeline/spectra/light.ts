import { percentile } from '../math/statistics.ts';

/** A sky fiber with less than this share of what the brighter ones have is dead or nearly so. */
const LEAST_SHARE = 0.2;

/**
 * Which of the sky fibers have light, by a measure of each (its flux, or counts of lines): those with at least a fifth of
 * the third quartile. Sky fibers differ by their throughput only, some ten per cent. NaN counts as none. All of them when
 * even the third quartile is not positive.
 */
export function fibersWithLight(measures: ArrayLike<number>): boolean[] {
  const values = Array.from(measures);
  const quartile = percentile(
    values.filter((value) => !Number.isNaN(value)),
    75,
  );
  if (!(quartile > 0)) return values.map(() => true);
  return values.map((value) => value >= LEAST_SHARE * quartile);
}
