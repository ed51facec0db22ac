import type { Report } from '../messages.ts';

/** The program's line to who started it. In the desktop application its host provides what plain Node has. */
export interface ParentLink {
  send(report: Report): void;
  onMessage(listener: (message: unknown) => void): void;
  /** Calls back when the parent is gone. */
  onGone(listener: () => void): void;
}

/** Null when it was started by hand, from a shell. */
export function findParentLink(): ParentLink | null {
  if (!process.send) return null;
  return {
    // A parent that has just died is no reason to crash: onGone ends the program.
    send: (report) => process.connected && process.send?.(report, undefined, undefined, () => undefined),
    onMessage: (listener) => process.on('message', listener),
    onGone(listener) {
      process.once('disconnect', listener);
      // It may have gone before anybody listened.
      if (!process.connected) listener();
    },
  };
}
