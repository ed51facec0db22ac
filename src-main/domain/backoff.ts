/** How long is waited between attempts. */
export interface Pauses {
  /** ms before the second attempt; doubled for each further one. */
  firstMs: number;
  /** ms that no pause exceeds. */
  longestMs: number;
}

/** When it is tried again, in words. */
export function againWords(waitMs: number): string {
  const seconds = Math.round(waitMs / 1000);
  return `tried again in ${seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`}`;
}

/**
 * ms to wait before attempt `failures + 1`: exponential, with the upper half left to chance, so that many who lost the
 * same host do not come back at the same moment.
 * @param chance in 0 … 1
 */
export function backoffMs(failures: number, { firstMs, longestMs }: Pauses, chance: number): number {
  const full = Math.min(longestMs, firstMs * 2 ** Math.min(30, failures - 1));
  return full * (0.5 + 0.5 * chance);
}
