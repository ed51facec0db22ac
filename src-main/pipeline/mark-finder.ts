/** Marks begin with this, which no text has (ASCII's record separator). */
export const MARK_START = '\u001e';
const START_CODE = MARK_START.charCodeAt(0);

/**
 * Passes a stream's chunks on until `mark`, which may come in pieces, has been seen; what follows it is dropped.
 * Nothing is held back but what may be the beginning of the mark.
 */
export function findMark(mark: string, pass: (chunk: Buffer) => void, found: () => void): (chunk: Buffer) => void {
  const sought = Buffer.from(mark);
  let held = Buffer.alloc(0);
  let over = false;
  const give = (chunk: Buffer): void => {
    if (chunk.length > 0) pass(chunk);
  };
  return (chunk) => {
    if (over) return;
    const all = held.length > 0 ? Buffer.concat([held, chunk]) : chunk;
    held = Buffer.alloc(0);
    const at = all.indexOf(sought);
    if (at >= 0) {
      over = true;
      give(all.subarray(0, at));
      found();
      return;
    }
    const start = all.lastIndexOf(START_CODE);
    const mayBegin = start >= 0 && sought.subarray(0, all.length - start).equals(all.subarray(start));
    if (mayBegin) held = Buffer.from(all.subarray(start));
    give(mayBegin ? all.subarray(0, start) : all);
  };
}
