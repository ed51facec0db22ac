import { existsSync } from 'node:fs';
import Sqlite from 'better-sqlite3';
import { QlfError } from '#shared/ipc/result.ts';
import { refuseEmptied } from './emptied.ts';
import { MIGRATIONS, schemaVersion } from './migrations.ts';
import { cannotOpen, compose, type DatabaseOptions, type QlfDatabase } from './open-database.ts';

/** Milliseconds to wait for another program that recovers or copies the database. */
const BUSY_TIMEOUT_MS = 5000;

type Origin = DatabaseOptions['origin'];

/** Of which nights a database is; null where there is none, or it cannot be read. */
export function originOf(file: string): Origin | null {
  if (!existsSync(file)) return null;
  try {
    refuseEmptied(file);
    const db = new Sqlite(file, { readonly: true, fileMustExist: true, timeout: BUSY_TIMEOUT_MS });
    try {
      return db.prepare<[], { origin: Origin }>('SELECT origin FROM identity').get()?.origin ?? null;
    } finally {
      db.close();
    }
  } catch {
    return null;
  }
}

/** A database that is only read; whoever has it open for writing goes on. */
export interface ReadDatabase extends QlfDatabase {
  /** Runs whose summary is older than they are; the next start sums them up. */
  staleRuns: number;
}

/**
 * Opens a database for reading alone: a method that writes fails.
 * @throws QlfError `not-found` where there is none, `conflict` where another QLF wrote it, `unavailable` where it cannot be opened
 */
export function readDatabase(file: string, now: () => number): ReadDatabase {
  if (!existsSync(file))
    throw new QlfError('not-found', `there is no ${file} yet: start QLF once, or name its data folder by --data`);
  let db: Sqlite.Database | undefined;
  try {
    refuseEmptied(file);
    db = new Sqlite(file, { readonly: true, fileMustExist: true, timeout: BUSY_TIMEOUT_MS });
    const schema = schemaVersion(db);
    if (schema !== MIGRATIONS.length) {
      const other = schema < MIGRATIONS.length ? 'an older' : 'a newer';
      const advice = schema < MIGRATIONS.length ? 'start this QLF once, which brings it up to date' : 'use that QLF';
      throw new QlfError(
        'conflict',
        `${other} QLF wrote ${file} (schema ${schema}, not ${MIGRATIONS.length}): ${advice}`,
      );
    }
    const origin = db.prepare<[], { origin: Origin }>('SELECT origin FROM identity').get()?.origin;
    if (!origin) throw new QlfError('conflict', `${file} is no database of QLF`);
    const stale = db.prepare<[], { n: number }>('SELECT count(*) AS n FROM run_summary WHERE stale = 1').get();
    return Object.assign(compose(db, origin, now), { staleRuns: stale?.n ?? 0 });
  } catch (error) {
    db?.close();
    throw error instanceof QlfError ? error : cannotOpen(file, error);
  }
}

/** Version of SQLite. @throws Error where the database module cannot be loaded */
export function sqliteVersion(): string {
  const db = new Sqlite(':memory:');
  try {
    return db.prepare<[], { v: string }>('SELECT sqlite_version() AS v').get()?.v ?? '';
  } finally {
    db.close();
  }
}
