import { statSync } from 'node:fs';

const sizeOf = (file: string): number | undefined => statSync(file, { throwIfNoEntry: false })?.size;

/**
 * Refuses a database file that is empty while its journal is not: whoever opened it, even for reading, would make SQLite throw the
 * journal away, and with it all that may still be had.
 * @throws Error with SQLite's code for damage
 */
export function refuseEmptied(file: string): void {
  if (sizeOf(file) !== 0 || !sizeOf(`${file}-wal`)) return;
  throw Object.assign(new Error('the file is empty, and its journal is not'), { code: 'SQLITE_CORRUPT' });
}
