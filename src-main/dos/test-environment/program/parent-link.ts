import type { Report } from '../messages.ts';

/** The program's line to who started it. */
export interface ParentLink {
  send(report: Report): void;
  onMessage(listener: (message: unknown) => void): void;
  /** Calls back once when the parent is gone. */
  onGone(listener: () => void): void;
}

/** ms between looks whether the parent still lives, for parents whose end closes no channel. */
const LOOK = 1000;

/** In the desktop too: utility-host gives the program this channel there. Null when it was started by hand, from a shell. */
export function findParentLink(): ParentLink | null {
  if (!process.send) return null;
  return {
    // A parent that has just died is no reason to crash: onGone ends the program.
    send: (report) => process.connected && process.send?.(report, undefined, undefined, () => undefined),
    onMessage: (listener) => process.on('message', listener),
    onGone(listener) {
      process.once('disconnect', listener);
      whenOrphaned(listener);
    },
  };
}

function whenOrphaned(listener: () => void): void {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    listener();
  }, LOOK);
  timer.unref();
}
