import type { LineSummary } from '#shared/domain/trend.ts';

function middle(sorted: Float64Array): number | null {
  const half = sorted.length >> 1;
  if (sorted.length === 0) return null;
  const high = sorted[half] ?? 0;
  return sorted.length % 2 === 1 ? high : ((sorted[half - 1] ?? 0) + high) / 2;
}

/** A robust standard deviation of Gaussian noise is this many median absolute deviations. */
const MAD_TO_SIGMA = 1.4826;

/** The median of some numbers; null of none. */
export function median(values: readonly number[]): number | null {
  return middle(Float64Array.from(values).sort());
}

/**
 * What a whole line amounts to.
 * @param status places in QA_STATUSES, one a value
 */
export function summariseLine(values: readonly (number | null)[], status: readonly number[]): LineSummary {
  const numbers = Float64Array.from(values.filter((value): value is number => value !== null)).sort();
  const centre = middle(numbers);
  const deviations = centre === null ? null : numbers.map((value) => Math.abs(value - centre)).sort();
  const counted = (rank: number): number => status.reduce((n, own) => (own === rank ? n + 1 : n), 0);
  return {
    count: values.length,
    median: centre,
    scatter: deviations && MAD_TO_SIGMA * (middle(deviations) ?? 0),
    low: numbers[0] ?? null,
    high: numbers[numbers.length - 1] ?? null,
    last: values[values.length - 1] ?? null,
    warnings: counted(1),
    alarms: counted(2),
    unknown: counted(3),
  };
}
