/** Repeats a line while something long is under way. */
export interface Heartbeat {
  /** Says `text` now, and again every period until another start, a stop or the timeout. */
  start(text: string): void;
  stop(): void;
}

/**
 * @param period s between lines
 * @param timeout s after which the lines stop, as the original's do
 */
export function createHeartbeat(period: number, timeout: number, say: (text: string) => void): Heartbeat {
  let timer: NodeJS.Timeout | undefined;
  const stop = (): void => clearInterval(timer);
  return {
    start(text) {
      stop();
      say(text);
      let left = Math.floor(timeout / period);
      timer = setInterval(() => {
        if (left-- > 0) say(text);
        else stop();
      }, period * 1000);
    },
    stop,
  };
}
