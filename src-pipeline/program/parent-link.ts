/** The program that started this one, where it left a channel for messages. */
export interface ParentLink {
  send(message: unknown): void;
  onMessage(take: (message: unknown) => void): void;
  /** The parent has died or has closed the channel. */
  onGone(act: () => void): void;
}

/** What Electron gives its utility processes. */
interface ParentPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { data: unknown }) => void): void;
  on(event: 'close', listener: () => void): void;
}

/** The channel to the parent: Electron's, else Node's; null when there is none. */
export function findParentLink(): ParentLink | null {
  const port = (process as unknown as { parentPort?: ParentPort }).parentPort;
  if (port) {
    return {
      send: (message) => port.postMessage(message),
      onMessage: (take) => port.on('message', ({ data }) => take(data)),
      onGone: (act) => port.on('close', act),
    };
  }
  if (!process.send) return null;
  return {
    send: (message) => process.send?.(message),
    onMessage: (take) => process.on('message', take),
    onGone: (act) => process.on('disconnect', act),
  };
}
