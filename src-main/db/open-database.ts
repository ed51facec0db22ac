import { chmodSync, existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import Sqlite from 'better-sqlite3';
import { armOf, CAMERAS, spectrographOf } from '#shared/domain/camera.ts';
import type { TileList } from '#shared/domain/footprint.ts';
import { QlfError } from '#shared/ipc/result.ts';
import { METRICS } from '#shared/qa/catalogue.ts';
import type { AlarmStore } from '../domain/ports/alarm-store.ts';
import type { FiberStore } from '../domain/ports/fiber-store.ts';
import type { HistoryStore } from '../domain/ports/history-store.ts';
import type { IngestStore, Post, PostOutcome } from '../domain/ports/ingest-store.ts';
import type { NightExchangeStore } from '../domain/ports/night-exchange.ts';
import type { NightStore } from '../domain/ports/night-store.ts';
import type { NotesStore } from '../domain/ports/notes-store.ts';
import type { CountStore } from '../domain/ports/observability.ts';
import type { LimitSampleStore } from '../domain/ports/limit-sample-store.ts';
import type { RemoteStore } from '../domain/ports/remote-store.ts';
import type { StorageStore } from '../domain/ports/storage-store.ts';
import type { Store } from '../domain/ports/store.ts';
import { databaseFailureOf, explainDatabaseFailure } from '../domain/database-failure.ts';
import { alarmRepository } from './alarms.ts';
import { copyDatabase, type CopyOptions } from './backup.ts';
import { refuseEmptied } from './emptied.ts';
import { notesRepository } from './comments.ts';
import { configurationRepository } from './configurations.ts';
import { countRepository } from './counts.ts';
import { exposureRepository } from './exposures.ts';
import { tileRepository } from './footprint.ts';
import { historyRepository } from './history.ts';
import { fiberValueRepository } from './fiber-values.ts';
import { jobRepository } from './jobs.ts';
import { limitSampleRepository } from './limit-samples.ts';
import { limitsRepository } from './limits.ts';
import { measurementRepository } from './measurements.ts';
import { migrate, MIGRATIONS } from './migrations.ts';
import { nightIntake } from './night-intake.ts';
import { nightLineReader } from './night-lines.ts';
import { nightRepository } from './nights.ts';
import { noteRepository } from './notes.ts';
import { postRecorder } from './posts.ts';
import { remoteRepository } from './remote.ts';
import { runRepository } from './runs.ts';
import { storageRepository } from './storage.ts';

export interface DatabaseOptions {
  /** Path of `qlf.db`; its folder is made. */
  file: string;
  /** What the data folder is for. Emulated and real nights never share one. */
  origin: 'emulated' | 'real';
  /** YAML of the first configuration, used when the database is new. */
  defaultConfiguration: string;
  now?: () => number;
}

/** The durable memory in one SQLite file. */
export interface QlfDatabase
  extends
    Store,
    CountStore,
    AlarmStore,
    LimitSampleStore,
    IngestStore,
    FiberStore,
    HistoryStore,
    NightStore,
    NotesStore,
    NightExchangeStore,
    RemoteStore,
    StorageStore {
  /** General ingest users, by name. */
  ingestUsers(): { user: string; createdAt: number }[];
  /** False where there was none of that name. */
  removeUser(user: string): boolean;
  /** Adds an ingest user or changes its password; `passwordHash` is SHA-256, hex. */
  saveUser(user: string, passwordHash: string): void;
  /** Keeps a list of planned tiles in the place of the one before. */
  savePlannedTiles(list: TileList, at: number): void;
  /** As `copyDatabase`. */
  backup(destination: string, options?: CopyOptions): Promise<void>;
}

/** Milliseconds to wait for another program (a backup, a person with sqlite3) that holds the database. */
const BUSY_TIMEOUT_MS = 5000;
/** A database up to this size is looked through before it is used; damage in a larger one is found where it is met. */
const LOOKED_THROUGH_BYTES = 64 * 1024 * 1024;

/** Damage that is built on grows: better no night is begun than one on rotten pages. */
function lookThrough(db: Sqlite.Database): void {
  if (statSync(db.name).size > LOOKED_THROUGH_BYTES) return;
  const found = db.pragma('quick_check(1)', { simple: true });
  if (found === 'ok') return;
  throw Object.assign(new Error(String(found).replace(/\s+/g, ' ')), { code: 'SQLITE_CORRUPT' });
}

/** What to say of a database that cannot be opened. */
export function cannotOpen(file: string, error: unknown): QlfError {
  const message = error instanceof Error ? error.message : String(error);
  const why = explainDatabaseFailure(file, databaseFailureOf(error) ?? '', message);
  return new QlfError('unavailable', `${why} (it could not be opened as a database)`, { cause: error });
}

function open(file: string): Sqlite.Database {
  mkdirSync(dirname(file), { recursive: true });
  const isNew = !existsSync(file);
  let db: Sqlite.Database | undefined;
  try {
    refuseEmptied(file);
    db = new Sqlite(file, { timeout: BUSY_TIMEOUT_MS });
    // Comments, journal and credentials are nobody else's business.
    if (isNew) chmodSync(file, 0o600);
    // Counts for a new file only: a value of the usual size fills two pages instead of four.
    db.pragma('page_size = 8192');
    db.pragma('journal_mode = WAL');
    db.pragma('synchronous = FULL');
    db.pragma('fullfsync = ON');
    db.pragma('foreign_keys = ON');
    db.pragma('journal_size_limit = 67108864');
    if (!isNew) lookThrough(db);
    return db;
  } catch (error) {
    db?.close();
    throw cannotOpen(file, error);
  }
}

/** Marks a new database as emulated or real; refuses one of the other kind. */
function checkOrigin(db: Sqlite.Database, origin: DatabaseOptions['origin'], now: number): void {
  const stored = db.prepare<[], { origin: string }>('SELECT origin FROM identity').get();
  if (!stored) {
    db.prepare('INSERT INTO identity (id, origin, created_at) VALUES (1, ?, ?)').run(origin, now);
  } else if (stored.origin !== origin) {
    throw new QlfError(
      'conflict',
      `${db.name} belongs to ${stored.origin} nights and cannot take ${origin} ones: choose another data folder (--data)`,
    );
  }
}

/** Rows that every database has: the 30 cameras, the metrics of this program's catalogue, a first configuration. */
function seed(db: Sqlite.Database, { defaultConfiguration }: DatabaseOptions, now: number): void {
  const camera = db.prepare('INSERT OR IGNORE INTO camera (name, arm, spectrograph) VALUES (?, ?, ?)');
  for (const name of CAMERAS) camera.run(name, armOf(name), spectrographOf(name));
  const metric = db.prepare('INSERT OR REPLACE INTO qa_metric (name, category, description, unit) VALUES (?, ?, ?, ?)');
  for (const { name, group, description, unit } of METRICS) metric.run(name, group, description, unit);
  db.prepare(
    `INSERT INTO configuration (yaml, author, reason, created_at)
     SELECT ?, 'QLF', 'first configuration', ? WHERE NOT EXISTS (SELECT 1 FROM configuration)`,
  ).run(defaultConfiguration, now);
}

/**
 * Opens the database, made or brought to this program's schema where needed. A commit is on the disk when it returns.
 * @throws QlfError `conflict` for a database of a newer program or of the other origin, `unavailable` when it cannot be opened
 */
export function openDatabase(options: DatabaseOptions): QlfDatabase {
  const now = (options.now ?? Date.now)();
  const db = open(options.file);
  try {
    migrate(db, MIGRATIONS);
    db.transaction(() => {
      checkOrigin(db, options.origin, now);
      seed(db, options, now);
    }).immediate();
    return compose(db, options.origin, options.now ?? Date.now);
  } catch (error) {
    db.close();
    throw databaseFailureOf(error) === undefined ? error : cannotOpen(options.file, error);
  }
}

/** All repositories of an open database of this program's schema. */
export function compose(db: Sqlite.Database, origin: DatabaseOptions['origin'], now: () => number): QlfDatabase {
  const exposures = exposureRepository(db);
  const runs = runRepository(db, exposures);
  const jobs = jobRepository(db);
  const limits = limitsRepository(db);
  const measurements = measurementRepository(db);
  const record = postRecorder({ exposures, runs, jobs, measurements, limits });
  const recordAll = db.transaction((posts: readonly Post[]): PostOutcome[] => posts.map(record));
  const userHash = db.prepare<[string], { hash: string }>(
    'SELECT password_hash AS hash FROM credential WHERE user = ?',
  );
  const saveUser = db.prepare<[string, string, number]>(
    'INSERT OR REPLACE INTO credential (user, password_hash, created_at) VALUES (?, ?, ?)',
  );
  const users = db.prepare<[], { user: string; createdAt: number }>(
    'SELECT user, created_at AS createdAt FROM credential ORDER BY user',
  );
  const removeUser = db.prepare<[string]>('DELETE FROM credential WHERE user = ?');
  return {
    ...exposures,
    ...runs,
    ...jobs,
    ...measurements,
    ...configurationRepository(db),
    ...noteRepository(db),
    ...countRepository(db),
    ...alarmRepository(db),
    ...tileRepository(db),
    ...limits,
    ...limitSampleRepository(db),
    ...notesRepository(db),
    ...historyRepository(db),
    ...nightRepository(db),
    ...storageRepository(db),
    ...remoteRepository(db),
    origin,
    nightLines: nightLineReader(db),
    nightIntake: (night, logOf, at) => nightIntake(db, night, logOf, at),
    ...fiberValueRepository(db, exposures),
    runDetail: (id) => {
      const run = runs.run(id);
      return run && { run, jobs: jobs.jobs(id), measurements: measurements.measurementSummaries(id) };
    },
    atOnce: (work) => db.transaction(work).immediate(),
    recordPosts: (posts) => recordAll.immediate(posts),
    userPasswordHash: (user) => userHash.get(user)?.hash,
    ingestUsers: () => users.all(),
    removeUser: (user) => removeUser.run(user).changes > 0,
    saveUser: (user, passwordHash) => void saveUser.run(user, passwordHash, now()),
    backup: (destination, options) => copyDatabase(db, destination, options),
    close: () => {
      if (!db.open) return;
      try {
        db.pragma('optimize');
      } catch {
        // Only a help for later queries; a locked or damaged database is to be closed like any other.
      }
      db.close();
    },
  };
}
