import { backoffMs, type Pauses } from '../domain/backoff.ts';

const PAUSES: Pauses = { firstMs: 500, longestMs: 30_000 };

/** Pauses between attempts to reach something again: doubled at each failure, spread so that many do not come at once. */
export interface Backoff {
  /** ms to wait now */
  next(): number;
  /** It has been reached for good. */
  reset(): void;
}

export function createBackoff(pauses: Pauses = PAUSES): Backoff {
  let failures = 0;
  return {
    next() {
      failures += 1;
      return backoffMs(failures, pauses, Math.random());
    },
    reset() {
      failures = 0;
    },
  };
}
