import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CAMERAS } from '#shared/domain/camera.ts';
import { METRICS } from '#shared/qa/catalogue.ts';
import type { Post } from '../domain/ports/ingest-store.ts';
import { migrate, MIGRATIONS, schemaVersion } from './migrations.ts';
import { openDatabase, type DatabaseOptions, type QlfDatabase } from './open-database.ts';

let folder: string;
let file: string;
let open: QlfDatabase[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qlf-db-'));
  file = join(folder, 'data', 'qlf.db');
  open = [];
});
afterEach(() => {
  for (const db of open) db.close();
  rmSync(folder, { recursive: true });
});

function openHere(options: Partial<DatabaseOptions> = {}): QlfDatabase {
  const db = openDatabase({
    file,
    origin: 'emulated',
    defaultConfiguration: 'science: {}',
    now: () => 1000,
    ...options,
  });
  open.push(db);
  return db;
}

function raw<T>(read: (db: Sqlite.Database) => T, path = file): T {
  const db = new Sqlite(path);
  try {
    return read(db);
  } finally {
    db.close();
  }
}

describe('opening', () => {
  it('makes a private file with cameras, metrics and a first configuration', () => {
    const db = openHere();
    expect(statSync(file).mode & 0o077).toBe(0);
    expect(db.currentConfiguration()).toEqual({
      id: 1,
      yaml: 'science: {}',
      author: 'QLF',
      reason: 'first configuration',
      createdAt: 1000,
    });
    raw((sqlite) => {
      expect(sqlite.pragma('journal_mode', { simple: true })).toBe('wal');
      expect(sqlite.prepare('SELECT name FROM camera ORDER BY name').pluck().all()).toEqual([...CAMERAS].sort());
      const metrics = sqlite.prepare('SELECT name, category, description, unit FROM qa_metric').all();
      expect(metrics).toHaveLength(METRICS.length);
      expect(metrics).toContainEqual({
        name: 'getbias',
        category: 'ccd',
        description: 'Bias level of each amplifier, measured in its overscan.',
        unit: 'ADU',
      });
      expect(
        sqlite
          .prepare(
            "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE '%STRICT%' AND name NOT LIKE 'sqlite_%'",
          )
          .pluck()
          .get(),
      ).toBe(0);
    });
  });

  it('keeps everything when opened again, and its configuration', () => {
    openHere().saveConfiguration({ yaml: 'b: 2', author: 'A', reason: 'r', createdAt: 5 });
    open.pop()?.close();
    const db = openHere({ defaultConfiguration: 'another: {}' });
    expect(db.currentConfiguration()).toMatchObject({ id: 2, yaml: 'b: 2' });
  });

  it('refuses to mix emulated and real nights', () => {
    openHere().close();
    expect(() => openHere({ origin: 'real' })).toThrow(/belongs to emulated nights .* another data folder/);
    expect(openHere().currentConfiguration().id).toBe(1);
  });

  it('refuses a file that is no database, and says so', () => {
    expect(() => openHere({ file: '/dev/null/qlf.db' })).toThrow();
    raw((db) => db.exec('CREATE TABLE a (b)'), join(folder, 'other.db'));
    rmSync(join(folder, 'other.db'));
    const path = fileURLToPath(import.meta.url);
    expect(() => openHere({ file: path })).toThrow(/could not be opened as a database/);
  });
});

describe('migrations', () => {
  const next = { name: 'a later column', sql: "ALTER TABLE exposure ADD COLUMN weather TEXT NOT NULL DEFAULT 'dry'" };

  it('bring an older database with its rows to the newest schema', () => {
    const sqlite = new Sqlite(':memory:');
    migrate(sqlite);
    sqlite.prepare("INSERT INTO camera VALUES ('b0', 'b', 0)").run();
    sqlite.prepare("INSERT INTO setting VALUES ('mode', '\"auto\"')").run();
    expect(schemaVersion(sqlite)).toBe(MIGRATIONS.length);
    migrate(sqlite, [...MIGRATIONS, next]);
    expect(schemaVersion(sqlite)).toBe(MIGRATIONS.length + 1);
    expect(sqlite.prepare('SELECT weather FROM exposure').all()).toEqual([]);
    expect(sqlite.prepare('SELECT value FROM setting').pluck().get()).toBe('"auto"');
    migrate(sqlite, [...MIGRATIONS, next]);
    sqlite.close();
  });

  it('leave the version before where a step fails half-way', () => {
    const sqlite = new Sqlite(':memory:');
    migrate(sqlite);
    const broken = { name: 'broken', sql: 'CREATE TABLE half (a INTEGER); CREATE TABLE half (a INTEGER);' };
    expect(() => migrate(sqlite, [...MIGRATIONS, next, broken])).toThrow(
      `schema ${MIGRATIONS.length + 2} (broken) could not be made`,
    );
    expect(schemaVersion(sqlite)).toBe(MIGRATIONS.length + 1);
    expect(sqlite.prepare("SELECT count(*) FROM sqlite_schema WHERE name = 'half'").pluck().get()).toBe(0);
    sqlite.close();
  });

  it('refuse a database of a newer program and leave it alone', () => {
    openHere().close();
    raw((db) => db.pragma(`user_version = ${MIGRATIONS.length + 3}`));
    expect(() => openHere()).toThrow(
      /was written by a newer QLF .* start that newer QLF, or choose another data folder/,
    );
    expect(raw(schemaVersion)).toBe(MIGRATIONS.length + 3);
  });
});

const post = (expid: number, n: number): Post => {
  const text = JSON.stringify({ n });
  return {
    principal: { kind: 'user', user: 'u' },
    expid,
    camera: 'b0',
    status: 2,
    label: null,
    measurements: [
      { name: 'depth', value: { n }, text, digest: createHash('md5').update(text).digest(), nonFinite: null },
    ],
    receivedAt: n,
  };
};

describe('durability', () => {
  it('makes a consistent copy while it is being written', async () => {
    const db = openHere();
    for (let n = 0; n < 200; n += 1) db.recordPosts([post(1, n)]);
    const copy = join(folder, 'copy.db');
    const copied = db.backup(copy);
    db.recordPosts([post(2, 1)]);
    await copied;
    expect(raw((sqlite) => sqlite.pragma('integrity_check', { simple: true }), copy)).toBe('ok');
    const other = openHere({ file: copy });
    expect(other.listMeasurements({ expid: 1, revisions: true }, { limit: 1, offset: 0 }).total).toBe(200);
  });

  it('loses nothing that was acknowledged when its process is killed in the middle of writing', async () => {
    const module = (path: string): string => JSON.stringify(new URL(path, import.meta.url).href);
    // Each round: open, write batches and say so after each; the parent kills it without warning.
    const program = `
      import { openDatabase } from ${module('./open-database.ts')};
      import { createHash } from 'node:crypto';
      const db = openDatabase({ file: process.argv[1], origin: 'emulated', defaultConfiguration: '' });
      const from = Number(process.argv[2]);
      for (let n = from; ; n += 1) {
        const text = JSON.stringify({ n, filling: 'x'.repeat(3000) });
        const measurements = ['depth', 'getbias'].map((name) => ({ name, value: { n }, text, nonFinite: null,
          digest: createHash('md5').update(text).digest() }));
        const [outcome] = db.recordPosts([{ principal: { kind: 'user', user: 'u' }, expid: 7, camera: 'r3', status: 2,
          label: n, measurements, receivedAt: n }]);
        process.stdout.write(outcome.measurements.map((m) => m.summary.id).join(' ') + '\\n');
      }`;
    const acknowledged: number[] = [];
    for (let round = 0; round < 4; round += 1) {
      const child = spawn(process.execPath, ['--input-type=module', '--eval', program, file, String(round * 1e6)], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const ended = new Promise((resolve) => child.once('exit', resolve));
      const until = acknowledged.length + 60 + round * 2;
      for await (const line of createInterface({ input: child.stdout })) {
        if (acknowledged.length < until) acknowledged.push(...line.split(' ').map(Number));
        else child.kill('SIGKILL');
      }
      await ended;
      expect(child.signalCode).toBe('SIGKILL');
    }
    expect(acknowledged.length).toBeGreaterThanOrEqual(240);
    const db = openHere();
    expect(raw((sqlite) => sqlite.pragma('integrity_check', { simple: true }))).toBe('ok');
    expect(raw((sqlite) => sqlite.pragma('foreign_key_check'))).toEqual([]);
    for (const id of acknowledged) expect(db.measurement(id), `measurement ${id}`).toBeDefined();
    // A transaction is there as a whole or not at all: both metrics have as many revisions.
    const revisions = (metric: string) =>
      db.listMeasurements({ expid: 7, metric, revisions: true }, { limit: 1, offset: 0 });
    expect(revisions('depth').total).toBe(revisions('getbias').total);
    const [last] = revisions('depth').measurements;
    expect(last?.revision).toBe(revisions('depth').total);
  });
});
