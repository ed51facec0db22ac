import { chmod, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import Sqlite from 'better-sqlite3';
import { QlfError } from '#shared/ipc/result.ts';
import { refuseEmptied } from './emptied.ts';
import { MIGRATIONS, schemaVersion } from './migrations.ts';

/** What a copy of a database must be to take its place. */
export interface DatabaseFacts {
  origin: 'emulated' | 'real';
  schema: number;
}

/** Flushes a file, or the names in a folder, to the disk. */
export async function flush(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * Reads a database file through, every page and index of it.
 * @throws QlfError `conflict` where it is damaged, no database of QLF's, or of a newer QLF
 */
export function checkDatabase(file: string): DatabaseFacts {
  let db: Sqlite.Database | undefined;
  try {
    refuseEmptied(file);
    db = new Sqlite(file, { readonly: true, fileMustExist: true });
    const problems = db.prepare<[], { integrity_check: string }>('PRAGMA integrity_check(3)').all();
    const [first] = problems;
    if (first?.integrity_check !== 'ok')
      throw new Error(`it is damaged: ${problems.map(({ integrity_check }) => integrity_check).join('; ')}`);
    const schema = schemaVersion(db);
    const identity = db.prepare<[], { origin: DatabaseFacts['origin'] }>('SELECT origin FROM identity').get();
    if (!identity) throw new Error('it is no database of QLF');
    if (schema > MIGRATIONS.length)
      throw new Error(`a newer QLF wrote it (schema ${schema}, this one knows ${MIGRATIONS.length})`);
    return { origin: identity.origin, schema };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new QlfError('conflict', `${file} cannot be used: ${reason}. Choose another copy`, { cause: error });
  } finally {
    db?.close();
  }
}

/** Makes a copy a file that stands alone: it can be read where nothing can be written, and leaves nothing beside it. */
function oneFile(copy: string): void {
  const db = new Sqlite(copy, { fileMustExist: true });
  try {
    db.pragma('journal_mode = DELETE');
  } finally {
    db.close();
  }
}

/** How a copy is made; each part may be left out. */
export interface CopyOptions {
  /** Where it is aborted the copy goes, and what was at its place before stays. */
  signal?: AbortSignal | undefined;
  /** What is done, and how far: 0 … 1, null where it cannot be told. */
  onProgress?: (share: number | null, text: string) => void;
  /** Reads the copy through; throws where it is not whole. */
  prove?: (file: string, signal?: AbortSignal) => unknown;
  /**
   * Pages of a step; between two the program does other things. All at once for a database that another program writes to: its
   * changes would make the copy begin anew.
   */
  pages?: number;
}

/**
 * Copies an open database while it is used; `destination` is complete, proven and durable, or as it was.
 * @throws QlfError `unavailable` where it cannot be written, `conflict` where it is not whole; the signal's reason
 */
export async function copyDatabase(
  db: Sqlite.Database,
  destination: string,
  { signal, onProgress = () => undefined, prove = checkDatabase, pages = 256 }: CopyOptions = {},
): Promise<void> {
  const partial = `${destination}.partial`;
  await rm(partial, { force: true });
  try {
    await db.backup(partial, {
      progress: ({ totalPages, remainingPages }) => {
        signal?.throwIfAborted();
        onProgress(totalPages === 0 ? 0 : 1 - remainingPages / totalPages, `writing ${destination}`);
        return pages;
      },
    });
    oneFile(partial);
    await chmod(partial, 0o600);
    signal?.throwIfAborted();
    onProgress(null, `reading ${destination} through`);
    await prove(partial, signal);
    await flush(partial);
    signal?.throwIfAborted();
    await rename(partial, destination);
    await flush(dirname(destination));
  } catch (error) {
    await rm(partial, { force: true });
    if (error instanceof QlfError || signal?.aborted) throw error;
    throw new QlfError('unavailable', `${destination} could not be written: ${String(error)}. Choose another place`, {
      cause: error,
    });
  }
}

/** Copies the database of a folder in which another program may work. @returns what the copy is */
export async function copyDatabaseFile(file: string, destination: string): Promise<DatabaseFacts> {
  refuseEmptied(file);
  const db = new Sqlite(file, { readonly: true, fileMustExist: true, timeout: 10_000 });
  try {
    let facts: DatabaseFacts | undefined;
    await copyDatabase(db, destination, { pages: 0x7fff_ffff, prove: (copy) => (facts = checkDatabase(copy)) });
    if (!facts) throw new QlfError('internal', `${destination} was not read through`);
    return facts;
  } finally {
    db.close();
  }
}
