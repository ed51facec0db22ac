import { backoffMs, type Pauses } from '../domain/backoff.ts';
import { createWaiting, type Waiting } from '../domain/waiting.ts';
import { remedyOf, type Remedy } from './failure.ts';

/** How long it is tried again, and how fast. */
export interface Patience extends Pauses {
  /** Attempts in all where the file itself is the trouble. */
  fileAttempts: number;
  /** ms after the first failure in a row during which a lost link, or a person's answer, is waited for in any case. */
  linkMs: number;
  /** ms between attempts where a person has to do something first, and of what is waited for beyond `linkMs`. */
  slowMs: number;
}

export const PATIENCE: Patience = {
  ...{ firstMs: 1000, longestMs: 60_000, fileAttempts: 4 },
  ...{ linkMs: 2 * 3600_000, slowMs: 300_000 },
};

/** What went wrong before, in a row. */
interface Failures {
  remedy: Remedy;
  /** At least 1. */
  count: number;
  /** ms since the first of them */
  sinceFirstMs: number;
}

/**
 * ms until the next attempt, null where there is none.
 * @param persists whether it is waited for beyond the time that is usual
 * @param chance in 0 … 1
 */
export function nextAttemptMs(failed: Failures, patience: Patience, persists: boolean, chance: number): number | null {
  const { remedy, count, sinceFirstMs } = failed;
  const slow = (): number => backoffMs(1, { firstMs: patience.slowMs, longestMs: patience.slowMs }, chance);
  const quick = (): number => backoffMs(count, patience, chance);
  const beyond = sinceFirstMs >= patience.linkMs;
  switch (remedy) {
    case 'never':
      return null;
    case 'link':
    case 'person':
      if (beyond && !persists) return null;
      // A host that is asked too often by somebody whom it does not know may shut him out.
      return beyond || remedy === 'person' ? slow() : quick();
    case 'file':
    case 'no-rsync':
      return count < patience.fileAttempts ? quick() : null;
  }
}

interface Retrying {
  patience: Patience;
  signal: AbortSignal;
  /** Hears of each failure that is followed by another attempt. */
  onTrouble: (error: Error, waitMs: number) => void;
  /** Asked after each failure whether it is still waited for beyond the usual time. */
  persists?: (() => boolean) | undefined;
  waiting?: Waiting | undefined;
}

/** Does something until it succeeds, nothing helps any more, or nobody wants it. */
export async function withRetries<T>(attempt: () => Promise<T>, retrying: Retrying): Promise<T> {
  const { patience, signal, onTrouble, persists, waiting = createWaiting() } = retrying;
  let since = 0;
  for (let count = 1; ; count++) {
    try {
      return await attempt();
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof Error)) throw error;
      if (count === 1) since = waiting.elapsed();
      const failed = { remedy: remedyOf(error), count, sinceFirstMs: waiting.elapsed() - since };
      const waitMs = nextAttemptMs(failed, patience, persists?.() ?? false, Math.random());
      if (waitMs === null) throw error;
      onTrouble(error, waitMs);
      await waiting.pause(waitMs, signal).catch(() => signal.throwIfAborted());
    }
  }
}
