import type Database from 'better-sqlite3';
import { QlfError } from '#shared/ipc/result.ts';
import { TREND_SCHEMA } from './trend-schema.ts';
import { HISTORY_SCHEMA } from './history-schema.ts';
import { ALARM_SCHEMA } from './alarm-schema.ts';
import { LIMITS_SCHEMA } from './limits-schema.ts';
import { NIGHT_SCHEMA } from './night-schema.ts';
import { POSTED_SCHEMA } from './posted-schema.ts';
import { REMOTE_SCHEMA } from './remote-schema.ts';
import { STORAGE_SCHEMA } from './storage-schema.ts';
import { EFFECTIVE_SCHEMA } from './effective-schema.ts';
import { IMPORTED_SCHEMA } from './imported-schema.ts';

/** One step of the schema; never changed once released, only followed by others. Numbered by its place, from 1. */
export interface Migration {
  name: string;
  sql: string;
}

/** Columns in *_at are ms since the epoch; JSON columns hold what the contract's schemas describe. */
export const MIGRATIONS: readonly Migration[] = [
  {
    name: 'exposures, runs, jobs, measurements',
    sql: `
CREATE TABLE identity (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  origin TEXT NOT NULL CHECK (origin IN ('emulated', 'real')),
  created_at REAL NOT NULL
) STRICT;

CREATE TABLE camera (
  name TEXT PRIMARY KEY,
  arm TEXT NOT NULL,
  spectrograph INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE qa_metric (
  name TEXT PRIMARY KEY,
  category TEXT NOT NULL,
  description TEXT NOT NULL,
  unit TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE configuration (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  yaml TEXT NOT NULL,
  author TEXT NOT NULL,
  reason TEXT NOT NULL,
  created_at REAL NOT NULL
) STRICT;

CREATE TABLE exposure (
  expid INTEGER PRIMARY KEY,
  -- who told about it: the DOS, or only an external pipeline's post
  source TEXT NOT NULL CHECK (source IN ('dos', 'external')),
  night TEXT NOT NULL,
  flavor TEXT NOT NULL,
  program TEXT,
  exptime REAL,
  airmass REAL,
  seeing REAL,
  tileid INTEGER,
  mjd_obs REAL,
  date_obs TEXT,
  ra REAL,
  dec REAL,
  obstype TEXT,
  header TEXT NOT NULL,
  state TEXT NOT NULL,
  reason TEXT NOT NULL,
  cameras_expected TEXT NOT NULL,
  registered_at REAL NOT NULL,
  last_run_id INTEGER REFERENCES run (id)
) STRICT;
CREATE INDEX exposure_state ON exposure (state);

CREATE TABLE run (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  expid INTEGER NOT NULL REFERENCES exposure (expid),
  night TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('qlf', 'external')),
  state TEXT NOT NULL,
  stage TEXT NOT NULL,
  stages TEXT NOT NULL,
  reason TEXT NOT NULL,
  configuration_id INTEGER REFERENCES configuration (id),
  -- the frozen copy, YAML
  configuration TEXT NOT NULL,
  password_hash TEXT,
  reopened INTEGER NOT NULL DEFAULT 0,
  started_at REAL NOT NULL,
  ended_at REAL
) STRICT;
CREATE INDEX run_expid ON run (expid, kind);
CREATE INDEX run_open ON run (state) WHERE state = 'running';

CREATE TABLE job (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  run_id INTEGER NOT NULL REFERENCES run (id),
  expid INTEGER NOT NULL REFERENCES exposure (expid),
  camera TEXT NOT NULL REFERENCES camera (name),
  state TEXT NOT NULL,
  steps TEXT NOT NULL,
  plan TEXT NOT NULL,
  attempt INTEGER NOT NULL,
  started_at REAL,
  ended_at REAL,
  exit_code INTEGER,
  signal TEXT,
  reason TEXT NOT NULL,
  log_file TEXT,
  -- what the pipeline last said of itself (0 ok, 1 failed, 2 running) and what it calls the job
  posted_status INTEGER,
  posted_label TEXT,
  UNIQUE (run_id, camera)
) STRICT;
CREATE INDEX job_expid ON job (expid, camera);

CREATE TABLE job_process (
  job_id INTEGER PRIMARY KEY REFERENCES job (id),
  pid INTEGER NOT NULL,
  start_time TEXT
) STRICT;

-- Run, exposure and camera are those of the job.
CREATE TABLE measurement (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  job_id INTEGER NOT NULL REFERENCES job (id),
  -- canonical name, or the sender's where QLF does not know the metric
  metric TEXT NOT NULL,
  sender_name TEXT NOT NULL,
  revision INTEGER NOT NULL,
  status TEXT NOT NULL,
  keys TEXT NOT NULL,
  digest BLOB NOT NULL,
  non_finite TEXT,
  received_at REAL NOT NULL,
  UNIQUE (job_id, metric, revision),
  UNIQUE (job_id, metric, digest)
) STRICT;

-- The values are large: kept apart, lists and histories never read them.
CREATE TABLE measurement_value (
  measurement_id INTEGER PRIMARY KEY REFERENCES measurement (id),
  value TEXT NOT NULL
) STRICT;

CREATE TABLE comment (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  author TEXT NOT NULL,
  text TEXT NOT NULL,
  created_at REAL NOT NULL,
  expid INTEGER NOT NULL REFERENCES exposure (expid),
  camera TEXT REFERENCES camera (name),
  fiber INTEGER
) STRICT;
CREATE INDEX comment_expid ON comment (expid);

CREATE TABLE event (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  at REAL NOT NULL,
  kind TEXT NOT NULL,
  expid INTEGER,
  camera TEXT,
  text TEXT NOT NULL
) STRICT;
CREATE INDEX event_expid ON event (expid);

CREATE TABLE setting (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE credential (
  user TEXT PRIMARY KEY,
  password_hash TEXT NOT NULL,
  created_at REAL NOT NULL
) STRICT, WITHOUT ROWID;
`,
  },
  { name: 'judged numbers by exposure, planned tiles', sql: TREND_SCHEMA },
  { name: 'history: summaries of runs, kept comments, quality flags, notes of nights', sql: HISTORY_SCHEMA },
  { name: 'versions of limits, parts of configurations', sql: LIMITS_SCHEMA },
  { name: 'alarms and their history', sql: ALARM_SCHEMA },
  { name: 'causes of runs, reasons of lost time', sql: NIGHT_SCHEMA },
  { name: 'what senders said of their jobs', sql: POSTED_SCHEMA },
  { name: 'deletions from the disk', sql: STORAGE_SCHEMA },
  { name: 'effective times', sql: EFFECTIVE_SCHEMA },
  { name: 'versions that came with imported nights', sql: IMPORTED_SCHEMA },
  { name: 'remote view', sql: REMOTE_SCHEMA },
];

/** Schema version of a database: the number of migrations that it has seen. */
export function schemaVersion(db: Database.Database): number {
  return Number(db.pragma('user_version', { simple: true }));
}

/**
 * Brings a database to the newest schema, each step in a transaction of its own: a failed step leaves the version before.
 * @throws QlfError `conflict` when the database was written by a newer program
 */
export function migrate(db: Database.Database, migrations: readonly Migration[] = MIGRATIONS): void {
  const from = schemaVersion(db);
  if (from > migrations.length) {
    throw new QlfError(
      'conflict',
      `${db.name} was written by a newer QLF (schema ${from}, this program knows ${migrations.length}): ` +
        'start that newer QLF, or choose another data folder',
    );
  }
  migrations.slice(from).forEach(({ name, sql }, i) => {
    const version = from + i + 1;
    try {
      db.transaction(() => {
        db.exec(sql);
        db.pragma(`user_version = ${version}`);
      }).exclusive();
    } catch (error) {
      throw new QlfError('internal', `${db.name}: schema ${version} (${name}) could not be made: ${String(error)}`, {
        cause: error,
      });
    }
  });
}
