import type { Socket } from 'node:net';

/** Characters of one line, at most: the largest request or answer, with room. */
const LONGEST_LINE = 16_000_000;

/**
 * Hands on what comes over a socket line by line; the next line waits until the one before is through.
 * @param refuse what is done where a line is too long: the connection is of no use then
 */
export function readLines(socket: Socket, take: (line: string) => unknown, refuse: () => void): void {
  const whole: string[] = [];
  /** The begin of a line, in the parts in which it came. */
  let begun: string[] = [];
  let length = 0;
  let busy = false;
  const next = async (): Promise<void> => {
    if (busy) return;
    busy = true;
    for (let line = whole.shift(); line !== undefined; line = whole.shift()) await take(line);
    busy = false;
    if (!socket.destroyed) socket.resume();
  };
  socket.setEncoding('utf8');
  socket.on('data', (text: string) => {
    const [first = '', ...rest] = text.split('\n');
    begun.push(first);
    length += first.length;
    for (const part of rest) {
      whole.push(begun.join(''));
      begun = [part];
      ({ length } = part);
    }
    if (length > LONGEST_LINE) {
      refuse();
      return;
    }
    if (whole.length === 0) return;
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
