import { setTimeout as pause } from 'node:timers/promises';
import { backoffMs, type Pauses } from '../domain/backoff.ts';
import { remedyOf, type Remedy } from './failure.ts';

/** How long it is tried again, and how fast. */
export interface Patience extends Pauses {
  /** Attempts in all where the file itself is the trouble. */
  fileAttempts: number;
  /** ms after the first failure in a row during which a lost link is waited for. */
  linkMs: number;
}

export const PATIENCE: Patience = { firstMs: 1000, longestMs: 60_000, fileAttempts: 4, linkMs: 2 * 3600_000 };

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
