import Database from 'better-sqlite3';
import type { Acknowledged } from './sender.ts';

export interface StoredMeasurement {
  id: number;
  expid: number;
  camera: string;
  metric: string;
  revision: number;
  digest: string;
}

/** Reads a database beside, or after, the engine that writes it; undefined where there is none yet. */
export function look<T>(file: string, read: (db: Database.Database) => T): T | undefined {
  let db: Database.Database;
  try {
    db = new Database(file, { readonly: true, fileMustExist: true, timeout: 30_000 });
  } catch {
    return undefined;
  }
  try {
    return read(db);
  } finally {
    db.close();
  }
}

/** The exposure that is being processed. */
export const processedExposure = (db: Database.Database): number | undefined =>
  db
    .prepare<[], { expid: number }>("SELECT expid FROM run WHERE kind = 'qlf' AND state = 'running' ORDER BY id DESC")
    .get()?.expid;

export const measurementsAfter = (db: Database.Database, id: number): StoredMeasurement[] =>
  db
    .prepare<[number], StoredMeasurement>(
      `SELECT measurement.id, expid, camera, metric, revision, hex(digest) AS digest
       FROM measurement JOIN job ON job.id = job_id WHERE measurement.id > ? ORDER BY measurement.id`,
    )
    .all(id);

/** What the database says of its own soundness; empty where all is well. */
export function unsound(db: Database.Database): string[] {
  const integrity = db.pragma('integrity_check') as { integrity_check: string }[];
  const foreign = db.pragma('foreign_key_check') as { table: string }[];
  return [
    ...integrity.map((row) => row.integrity_check).filter((word) => word !== 'ok'),
    ...foreign.map(({ table }) => `a row of ${table} refers to nothing`),
  ];
}

/** What has neither ended nor can end any more, in words. */
export function stuck(db: Database.Database): string[] {
  const list = (what: string, sql: string): string[] =>
    db
      .prepare<[], { id: number; state: string }>(sql)
      .all()
      .map(({ id, state }) => `${what} ${String(id)} is ${state}`);
  return [
    ...list('exposure', "SELECT expid AS id, state FROM exposure WHERE state IN ('waiting', 'processing')"),
    ...list('run', "SELECT id, state FROM run WHERE kind = 'qlf' AND state = 'running'"),
    ...list(
      'job',
      `SELECT job.id, job.state FROM job JOIN run ON run.id = run_id
       WHERE kind = 'qlf' AND job.state IN ('waiting', 'running')`,
    ),
    ...list('process of job', "SELECT job_id AS id, 'on record' AS state FROM job_process"),
    ...list(
      'exposure',
      `SELECT expid AS id, 'of two runs' AS state FROM run WHERE kind = 'qlf' GROUP BY expid HAVING count(*) > 1`,
    ),
    ...list('run', "SELECT id, state || ' ' || reason AS state FROM run WHERE kind = 'qlf' AND state != 'done'"),
    ...list(
      'job',
      `SELECT job.id, camera || ' ' || job.state || ': ' || job.reason AS state FROM job JOIN run ON run.id = run_id
       WHERE kind = 'qlf' AND job.state NOT IN ('done', 'waiting', 'running')`,
    ),
  ];
}

/** Measurements that are there more than once, or not at all though a job of that kind has them; in words. */
export function uneven(db: Database.Database): string[] {
  const doubled = db
    .prepare<[], { what: string }>(
      `SELECT expid || ' ' || camera || ' ' || metric AS what FROM measurement JOIN job ON job.id = job_id
       GROUP BY job_id, metric HAVING count(*) > 1`,
    )
    .all();
  // Cameras of an arm measure the same in exposures of the same kind, so all of them have as many metrics as the fullest.
  const lacking = db
    .prepare<[], { what: string }>(
      `WITH own AS (
         SELECT job.expid, camera, flavor || program || substr(camera, 1, 1) AS kind,
           (SELECT count(*) FROM measurement WHERE job_id = job.id AND metric NOT LIKE 'sent-%') AS n
         FROM job JOIN run ON run.id = run_id JOIN exposure ON exposure.expid = job.expid
         WHERE run.kind = 'qlf' AND job.state = 'done')
       SELECT own.expid || ' ' || camera || ' has ' || n || ' of ' || most AS what
       FROM own JOIN (SELECT kind, max(n) AS most FROM own GROUP BY kind) USING (kind) WHERE n < most OR n = 0`,
    )
    .all();
  return [...doubled.map(({ what }) => `${what} twice`), ...lacking.map(({ what }) => what)];
}

/** Those of the acknowledged values that are not stored as they were sent. */
export function lostOf(db: Database.Database, acknowledged: readonly Acknowledged[]): Acknowledged[] {
  const find = db.prepare<[number, string, string], { value: string }>(
    `SELECT value FROM measurement JOIN job ON job.id = job_id JOIN measurement_value ON measurement_id = measurement.id
     WHERE expid = ? AND camera = ? AND metric = ?`,
  );
  return acknowledged.filter(({ expid, camera, metric, value }) => {
    const found = find.all(expid, camera, metric);
    return found.length !== 1 || found[0]?.value !== JSON.stringify(value);
  });
}
