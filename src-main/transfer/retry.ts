import { setTimeout as pause } from 'node:timers/promises';
import { remedyOf, type Remedy } from './failure.ts';

/** How long it is tried again, and how fast. */
export interface Patience {
  /** ms before the second attempt; doubled for each further one. */
  firstMs: number;
  /** ms that no pause exceeds. */
  longestMs: number;
  /** Attempts in all where the file itself is the trouble. */
  fileAttempts: number;
  /** ms after the first failure in a row during which a lost link is waited for. */
  linkMs: number;
}

export const PATIENCE: Patience = { firstMs: 1000, longestMs: 60_000, fileAttempts: 4, linkMs: 2 * 3600_000 };

/**
 * ms to wait before attempt `failures + 1`: exponential, with the upper half left to chance, so that many who lost the
 * same host do not come back at the same moment.
 * @param chance in 0 … 1
 */
export function backoffMs(failures: number, { firstMs, longestMs }: Patience, chance: number): number {
  const full = Math.min(longestMs, firstMs * 2 ** Math.min(30, failures - 1));
  return full * (0.5 + 0.5 * chance);
}

/** Whether there is another attempt after so many failures, the first of them so long ago. */
export function triesAgain(remedy: Remedy, failures: number, sinceFirstMs: number, patience: Patience): boolean {
  if (remedy === 'link') return sinceFirstMs < patience.linkMs;
  return remedy !== 'never' && failures < patience.fileAttempts;
}

/**
 * Does something until it succeeds, nothing helps any more, or nobody wants it.
 * @param onTrouble hears of each failure that is followed by another attempt
 */
export async function withRetries<T>(
  attempt: () => Promise<T>,
  patience: Patience,
  signal: AbortSignal,
  onTrouble: (error: Error, waitMs: number) => void,
): Promise<T> {
  let since = 0;
  for (let failures = 1; ; failures++) {
    try {
      return await attempt();
    } catch (error) {
      signal.throwIfAborted();
      if (failures === 1) since = performance.now();
      const again = triesAgain(remedyOf(error), failures, performance.now() - since, patience);
      if (!again || !(error instanceof Error)) throw error;
      const waitMs = backoffMs(failures, patience, Math.random());
      onTrouble(error, waitMs);
      await pause(waitMs, undefined, { signal }).catch(() => signal.throwIfAborted());
    }
  }
}
