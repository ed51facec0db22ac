/** The program that started this one, where it left a channel for messages. */
export interface ParentLink {
  send(message: unknown): void;
  onMessage(take: (message: unknown) => void): void;
  /** The parent has died or has closed the channel. */
  onGone(act: () => void): void;
}

/** The channel to the parent (in the desktop too: utility-host provides it there); null when there is none. */
export function findParentLink(): ParentLink | null {
  if (!process.send) return null;
  return {
    // A parent that has just died is no reason to crash: onGone ends the program.
    send: (message) => process.connected && process.send?.(message, undefined, undefined, () => undefined),
    onMessage: (take) => process.on('message', take),
    onGone(act) {
      process.on('disconnect', act);
      // The parent may have gone before we listened.
      if (!process.connected) act();
    },
  };
}
