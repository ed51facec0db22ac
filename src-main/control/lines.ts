import type { Socket } from 'node:net';

/** Characters of one line, at most: the largest request or answer, with room. */
const LONGEST_LINE = 16_000_000;

/**
 * Hands on what comes over a socket line by line; the next line waits until the one before is through.
 * @param refuse what is done where a line is too long: the connection is of no use then
 */
export function readLines(socket: Socket, take: (line: string) => unknown, refuse: () => void): void {
  let pending = '';
  let busy = false;
  const next = async (): Promise<void> => {
    if (busy) return;
    busy = true;
    for (;;) {
      const end = pending.indexOf('\n');
      if (end < 0) break;
      const line = pending.slice(0, end);
      pending = pending.slice(end + 1);
      await take(line);
    }
    busy = false;
    if (!socket.destroyed) socket.resume();
  };
  socket.setEncoding('utf8');
  socket.on('data', (text: string) => {
    pending += text;
    if (pending.length > LONGEST_LINE) {
      refuse();
      return;
    }
    socket.pause();
    void next();
  });
}

export function writeLine(socket: Socket, value: unknown): void {
  if (!socket.destroyed) socket.write(`${JSON.stringify(value)}\n`);
}

/** A line's JSON; undefined where it is none. */
export function parsedLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
