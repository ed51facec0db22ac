/** A failure of the database's file (locked, full, damaged, not to be written), not of what was asked of it. */
const OF_THE_FILE = /^SQLITE_(FULL|BUSY|LOCKED|IOERR|READONLY|CANTOPEN|CORRUPT|NOTADB|NOMEM|PROTOCOL)/;

/** SQLite's code where the error tells of such a failure, else undefined. */
export function databaseFailureOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const { code } = error as { code?: unknown };
  return typeof code === 'string' && OF_THE_FILE.test(code) ? code : undefined;
}

/** What has happened and what to do, in words; `file` is the database's. */
export function explainDatabaseFailure(file: string, code: string, message: string): string {
  const happened = `${file} cannot be used (${message}, ${code})`;
  if (/^SQLITE_(FULL|IOERR)/.test(code)) return `${happened}: make room on its disk, or look at the disk's health`;
  if (/^SQLITE_(BUSY|LOCKED|PROTOCOL)/.test(code))
    return `${happened}: another program holds it; close that program (a copy, a person's sqlite3)`;
  if (/^SQLITE_(CORRUPT|NOTADB)/.test(code))
    return `${happened}: it is damaged; close QLF and restore a backup, the damaged file is kept aside`;
  if (code.startsWith('SQLITE_NOMEM')) return `${happened}: this machine is out of memory`;
  return `${happened}: look at the rights of the file and its folder`;
}

/**
 * For what nobody waits for: a failure of the database is passed over, because whoever opened the database hears of it there and
 * starts the engine anew; every other error is thrown on.
 */
export function passDatabaseFailure(error: unknown): void {
  if (databaseFailureOf(error) === undefined) throw error;
}

/** Does what nobody waits for; see `passDatabaseFailure`. */
export function unlessDatabaseFails(work: () => void): void {
  try {
    work();
  } catch (error) {
    passDatabaseFailure(error);
  }
}
