import { QlfError } from '#shared/ipc/result.ts';
import { againWords, backoffMs, type Pauses } from '../domain/backoff.ts';
import type { Waiting } from '../domain/waiting.ts';

/** How long an answer that may come later is waited for. */
export interface AnswerPatience extends Pauses {
  /** ms since the first failure */
  totalMs: number;
  /** ms between questions beyond that time, where it is worth waiting. */
  slowMs: number;
}

const PATIENCE: AnswerPatience = { firstMs: 1000, longestMs: 30_000, totalMs: 2 * 3600_000, slowMs: 300_000 };

interface Asking {
  signal: AbortSignal;
  waiting: Waiting;
  /** Hears of each failure that is followed by another attempt. */
  onTrouble: (text: string, waitMs: number) => void;
  /** Asked whether it is worth waiting beyond the usual time. */
  persists?: (() => boolean) | undefined;
  patience?: AnswerPatience;
}

/**
 * Puts a question to the DOS until there is an answer: a DOS that is out of reach (`unavailable`) comes back.
 * @throws what cannot be mended by waiting; the last failure when patience has ended; the signal's reason
 */
export async function askAgain<T>(question: () => Promise<T>, asking: Asking): Promise<T> {
  const { signal, waiting, onTrouble, persists, patience = PATIENCE } = asking;
  const begun = waiting.elapsed();
  for (let failures = 1; ; failures++) {
    signal.throwIfAborted();
    try {
      return await question();
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof QlfError) || error.code !== 'unavailable') throw error;
      const beyond = waiting.elapsed() - begun > patience.totalMs;
      if (beyond && persists?.() !== true) throw error;
      const slow = { firstMs: patience.slowMs, longestMs: patience.slowMs };
      const waitMs = backoffMs(failures, beyond ? slow : patience, Math.random());
      onTrouble(`${error.message.replace(/\.$/, '')}; ${againWords(waitMs)}`, waitMs);
      await waiting.pause(waitMs, signal);
    }
  }
}
