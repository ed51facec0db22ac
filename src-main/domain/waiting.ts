/** Waiting between attempts, by a clock that never jumps; whoever wants something tried now need not wait. */
export interface Waiting {
  /** ms since an instant that nobody knows; only differences mean something. */
  elapsed(): number;
  /** Resolves after so many ms, or as soon as `hurry` is called. @throws the signal's reason */
  pause(ms: number, signal: AbortSignal): Promise<void>;
  /** Ends every pause that is under way: what waits is tried now. */
  hurry(): void;
}

/** Waits by the machine's own clock that never jumps. */
export function createWaiting(): Waiting {
  const pauses = new Set<() => void>();
  return {
    elapsed: () => performance.now(),
    pause: (ms, signal) =>
      new Promise((resolve, reject) => {
        const over = (): void => {
          clearTimeout(timer);
          signal.removeEventListener('abort', over);
          pauses.delete(over);
          if (signal.aborted) reject(signal.reason as Error);
          else resolve();
        };
        const timer = setTimeout(over, ms);
        pauses.add(over);
        signal.addEventListener('abort', over);
        if (signal.aborted) over();
      }),
    hurry: () => pauses.forEach((over) => over()),
  };
}
