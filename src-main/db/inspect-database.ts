import Sqlite from 'better-sqlite3';
import type { InspectDatabase } from '../domain/ports/diagnostics.ts';

/** Milliseconds to wait where the database is being recovered or copied. */
const BUSY_TIMEOUT_MS = 5000;
const ALARMS = 200;
const FAILED_JOBS = 20;
/** Settings of which the values may be seen. */
const HARMLESS = ['settings', 'alarms', 'alarm-settings', 'mode', 'test-environment', 'requested-exposures'];

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** An answer, or in its place what went wrong: a damaged database still says what it can. */
function tried<T>(ask: () => T): T | { error: string } {
  try {
    return ask();
  } catch (error) {
    return { error: wordsOf(error) };
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

export const inspectDatabase: InspectDatabase = (file, progress) => {
  const db = new Sqlite(file, { readonly: true, fileMustExist: true, timeout: BUSY_TIMEOUT_MS });
  try {
    const statements = tried(() =>
      db
        .prepare<[], { type: string; name: string; sql: string | null }>(
          "SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY type DESC, name",
        )
        .all(),
    );
    const tables = Array.isArray(statements) ? statements.filter(({ type }) => type === 'table') : [];
    const checked = tables.map(({ name }, i) => {
      const rows = tried(() => db.prepare<[], { n: number }>(`SELECT count(*) AS n FROM ${quoted(name)}`).get()?.n);
      const check = tried(() => {
        const found = db.pragma(`quick_check(${quoted(name)})`) as { quick_check: string }[];
        return found.map((row) => row.quick_check).join('; ');
      });
      progress((i + 1) / tables.length);
      return { name, rows, check };
    });
    const pragma = (name: string): unknown => tried(() => db.pragma(name, { simple: true }));
    const about = {
      schema: pragma('user_version'),
      pageSize: pragma('page_size'),
      pages: pragma('page_count'),
      freePages: pragma('freelist_count'),
      journal: pragma('journal_mode'),
      sqlite: tried(() => db.prepare<[], { v: string }>('SELECT sqlite_version() AS v').get()?.v),
      origin: tried(() => db.prepare<[], { origin: string }>('SELECT origin FROM identity').get()?.origin),
      tables: checked,
      statements: Array.isArray(statements) ? statements.map(({ sql }) => sql).filter(Boolean) : statements,
    };
    const settings = tried(() =>
      Object.fromEntries(
        db
          .prepare<[], { key: string; value: string }>('SELECT key, value FROM setting ORDER BY key')
          .all()
          .map(({ key, value }) => [key, HARMLESS.includes(key) ? parsed(value) : '(not shown)']),
      ),
    );
    const alarms = tried(() =>
      db
        .prepare<[number], { id: number; record: string }>('SELECT id, record FROM alarm ORDER BY id DESC LIMIT ?')
        .all(ALARMS)
        .map(({ id, record }) => ({ id, alarm: parsed(record) })),
    );
    const failedJobs = tried(() =>
      db
        .prepare<[number], { expid: number; runId: number; camera: string; reason: string; logFile: string | null }>(
          `SELECT expid, run_id AS runId, camera, reason, log_file AS logFile FROM job
           WHERE id > (SELECT coalesce(max(id), 0) - 3000 FROM job) AND state = 'failed' ORDER BY id DESC LIMIT ?`,
        )
        .all(FAILED_JOBS),
    );
    return {
      about,
      settings,
      alarms: Array.isArray(alarms) ? alarms : [alarms],
      failedJobs: Array.isArray(failedJobs) ? failedJobs : [],
    };
  } finally {
    db.close();
  }
};
