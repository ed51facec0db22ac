/** Longest line that is waited for, bytes; longer ones are broken. */
const MAX_LINE = 64 * 1024;
const NEWLINE = 10;

/** Collects a stream's chunks into whole lines. */
export interface LineAssembler {
  /** The complete lines that this chunk finishes, with their newlines; undefined when there is none yet. */
  push(chunk: Buffer): Buffer | undefined;
  /** What stands after the last newline, as a line. */
  flush(): Buffer | undefined;
}

export function createLineAssembler(): LineAssembler {
  let rest: Buffer[] = [];
  let restBytes = 0;
  const flush = (): Buffer | undefined => {
    if (restBytes === 0) return undefined;
    const line = Buffer.concat([...rest, Buffer.of(NEWLINE)]);
    rest = [];
    restBytes = 0;
    return line;
  };
  return {
    push(chunk) {
      const end = chunk.lastIndexOf(NEWLINE) + 1;
      const whole = end > 0 ? Buffer.concat([...rest, chunk.subarray(0, end)]) : undefined;
      if (whole) {
        rest = [];
        restBytes = 0;
      }
      if (end < chunk.length) {
        // A copy: the chunk may be a small part of a big buffer, which would live as long.
        rest.push(Buffer.from(chunk.subarray(end)));
        restBytes += chunk.length - end;
      }
      return restBytes > MAX_LINE ? Buffer.concat([whole ?? Buffer.alloc(0), flush() ?? Buffer.alloc(0)]) : whole;
    },
    flush,
  };
}
