import { setTimeout as pause } from 'node:timers/promises';
import { QlfError } from '#shared/ipc/result.ts';
import { backoffMs, type Pauses } from '../domain/backoff.ts';

/** How long an answer that may come later is waited for. */
export interface AnswerPatience extends Pauses {
  /** ms since the first failure */
  totalMs: number;
}

const PATIENCE: AnswerPatience = { firstMs: 1000, longestMs: 30_000, totalMs: 2 * 3600_000 };

/**
 * Puts a question to the DOS until there is an answer: a DOS that is out of reach (`unavailable`) comes back.
 * @param onTrouble hears of each failure that is followed by another attempt
 * @throws what cannot be mended by waiting; the last failure when patience has ended; the signal's reason
 */
export async function askAgain<T>(
  question: () => Promise<T>,
  signal: AbortSignal,
  onTrouble: (text: string) => void,
  patience: AnswerPatience = PATIENCE,
): Promise<T> {
  const begun = performance.now();
  let failures = 0;
  const answer = async (): Promise<T> => {
    signal.throwIfAborted();
    try {
      return await question();
    } catch (error) {
      signal.throwIfAborted();
      const passes = error instanceof QlfError && error.code === 'unavailable';
      if (!passes || performance.now() - begun > patience.totalMs) throw error;
      failures += 1;
      const waitMs = backoffMs(failures, patience, Math.random());
      onTrouble(`${error.message.replace(/\.$/, '')}; tried again in ${(waitMs / 1000).toFixed(0)} s`);
      await pause(waitMs, undefined, { signal });
      return answer();
    }
  };
  return answer();
}
