/** How much a status matters where not all can stay: alarm, warning, unknown, normal, by their places in QA_STATUSES. */
const SEVERITY = [0, 2, 3, 1] as const;

/**
 * Which points of a line stay when at most about `keep` may: of each stretch the lowest, the highest and the worst judged, and the
 * ends of the line. So no extreme and no stretch with an alarm is lost.
 * @returns indices in rising order; all of them where they are few enough
 */
export function thinLine(values: readonly (number | null)[], status: readonly number[], keep: number): number[] {
  const n = values.length;
  if (n <= keep) return values.map((_, i) => i);
  const stretches = Math.max(1, Math.floor((keep - 2) / 3));
  const kept = new Set<number>([0, n - 1]);
  for (let s = 0; s < stretches; s++) {
    const from = Math.floor((s * n) / stretches);
    const to = Math.floor(((s + 1) * n) / stretches);
    let low = from;
    let high = from;
    let worst = from;
    for (let i = from; i < to; i++) {
      const value = values[i] ?? null;
      if (value !== null && value < (values[low] ?? Infinity)) low = i;
      if (value !== null && value > (values[high] ?? -Infinity)) high = i;
      if ((SEVERITY[status[i] ?? 0] ?? 0) > (SEVERITY[status[worst] ?? 0] ?? 0)) worst = i;
    }
    kept.add(low).add(high).add(worst);
  }
  return [...kept].sort((a, b) => a - b);
}
