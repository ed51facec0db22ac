/** Calls back at the next frame, or soon when the window draws none (hidden, minimised). */
export type NextFrame = (callback: () => void) => void;

/** Frames stop in a hidden window; the state must not. */
const HIDDEN_FRAME_MS = 100;

/** The browser's next frame. */
export const browserFrame: NextFrame = (callback) => {
  let done = false;
  const once = (): void => {
    if (done) return;
    done = true;
    cancelAnimationFrame(frame);
    clearTimeout(timer);
    callback();
  };
  const frame = requestAnimationFrame(once);
  const timer = setTimeout(once, HIDDEN_FRAME_MS);
};

/**
 * Hands items over at once when nothing was handed over since the last frame, else all together at the next frame:
 * the first result of a burst loses no time, and a burst costs one rendering a frame.
 */
export function frameBatcher<T>(apply: (items: readonly T[]) => void, nextFrame: NextFrame): (item: T) => void {
  let waiting: T[] = [];
  let busy = false;
  const flush = (): void => {
    busy = false;
    if (waiting.length === 0) return;
    const items = waiting;
    waiting = [];
    handOver(items);
  };
  const handOver = (items: readonly T[]): void => {
    busy = true;
    nextFrame(flush);
    apply(items);
  };
  return (item) => {
    if (busy) waiting.push(item);
    else handOver([item]);
  };
}
