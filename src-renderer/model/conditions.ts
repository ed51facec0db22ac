export interface ConditionSummary {
  n: number;
  median: number;
  low: number;
  high: number;
}

/** Median and ends of the exposures' values; null where none has one. */
export function conditionSummary(values: readonly (number | null)[]): ConditionSummary | null {
  const sorted = values.filter((value): value is number => value !== null).sort((a, b) => a - b);
  const low = sorted[0];
  const high = sorted[sorted.length - 1];
  if (low === undefined || high === undefined) return null;
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? low;
  const median = sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? low) + upper) / 2;
  return { n: sorted.length, median, low, high };
}
