import type { Waiting } from '../../src-main/domain/waiting.ts';

/**
 * Time that goes as fast as the work in it: whenever everything waits, it leaps to the end of the pause that is over first. An
 * hour of lost contact is an hour here, with every attempt in its place, and seconds for the machine.
 */
export class FlowingTime implements Waiting {
  /** False: it stands still, and pauses end only in a hurry. */
  flows = true;
  readonly #begin = Date.now();
  readonly #timer: NodeJS.Timeout;
  readonly #pauses = new Set<{ due: number; over: () => void }>();
  #elapsed = 0;

  /** @param turnMs ms of the machine's clock between two pauses that end */
  constructor(turnMs = 10) {
    this.#timer = setInterval(() => this.#leap(), turnMs);
  }

  /** ms since the epoch, for whoever asks what time it is. */
  readonly now = (): number => this.#begin + this.#elapsed;
  readonly elapsed = (): number => this.#elapsed;

  pause(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const one = {
        due: this.#elapsed + ms,
        over: () => {
          this.#pauses.delete(one);
          signal.removeEventListener('abort', one.over);
          if (signal.aborted) reject(signal.reason as Error);
          else resolve();
        },
      };
      this.#pauses.add(one);
      signal.addEventListener('abort', one.over);
      if (signal.aborted) one.over();
    });
  }

  hurry(): void {
    for (const { over } of [...this.#pauses]) over();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #leap(): void {
    const [first] = [...this.#pauses].sort((a, b) => a.due - b.due);
    if (!this.flows || !first) return;
    this.#elapsed = Math.max(this.#elapsed, first.due);
    first.over();
  }
}
