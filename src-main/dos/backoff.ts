/** ms of the first pause, and of the longest */
const FIRST = 500;
const LONGEST = 30_000;

/** Pauses between attempts to reach something again: doubled at each failure, spread so that many do not come at once. */
export interface Backoff {
  /** ms to wait now */
  next(): number;
  /** It has been reached for good. */
  reset(): void;
}

export function createBackoff(options: { first?: number; longest?: number } = {}): Backoff {
  const { first = FIRST, longest = LONGEST } = options;
  let failures = 0;
  return {
    next() {
      const whole = Math.min(longest, first * 2 ** Math.min(failures, 30));
      failures += 1;
      return whole * (0.5 + 0.5 * Math.random());
    },
    reset() {
      failures = 0;
    },
  };
}
