import { createHash } from 'node:crypto';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, statSync, truncateSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Post } from '../domain/ports/ingest-store.ts';
import { openDatabase, type QlfDatabase } from './open-database.ts';
import { watchFailures } from './watch-failures.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qlf-damaged-'));
  file = join(folder, 'qlf.db');
});
afterEach(() => rmSync(folder, { recursive: true }));

const open = (): QlfDatabase => openDatabase({ file, origin: 'real', defaultConfiguration: 'science: {}' });

/** Some values, closed: all of it is in the one file. */
function fill(posts: number, bytes = 6000): void {
  const db = open();
  for (let n = 0; n < posts; n += 1) {
    const text = JSON.stringify({ n, filling: 'x'.repeat(bytes) });
    const digest = createHash('md5').update(text).digest();
    const post: Post = {
      ...{ principal: { kind: 'user', user: 'u' }, expid: 7, camera: 'r3', status: 2, label: null, receivedAt: n },
      measurements: [{ name: `m${String(n)}`, value: { n }, text, digest, nonFinite: null }],
    };
    db.recordPosts([post]);
  }
  db.close();
}

/** What a failing disk does: bytes that nobody wrote, where each of its pages begins. */
function flipBytes(from: number): void {
  const handle = openSync(file, 'r+');
  const { size } = statSync(file);
  for (let at = from; at < size; at += 8192) writeSync(handle, Buffer.alloc(64, 0xa5), 0, 64, at);
  closeSync(handle);
}

it('a database with flipped bytes is not built on: the error says what to do, and the file stays as it is', () => {
  fill(40);
  flipBytes(8192);
  const damaged = readFileSync(file);
  expect(open).toThrow(/qlf\.db cannot be used \(.*SQLITE_CORRUPT.*it is damaged.*restore a backup/);
  expect(readFileSync(file).equals(damaged)).toBe(true);
});

it('one that was cut short, or whose beginning is gone, as well', () => {
  fill(40);
  truncateSync(file, Math.floor(statSync(file).size / 2 / 8192) * 8192 - 100);
  expect(open).toThrow(/qlf\.db cannot be used .*it is damaged.*restore a backup/);
  rmSync(file);
  fill(1);
  const handle = openSync(file, 'r+');
  writeSync(handle, Buffer.alloc(512, 0xa5), 0, 512, 0);
  closeSync(handle);
  expect(open).toThrow(/qlf\.db cannot be used .*SQLITE_NOTADB.*it is damaged/);
});

it('damage that is met while the database is used is told once, in words', () => {
  fill(300, 100_000);
  const db = open();
  const told: string[] = [];
  const watched = watchFailures(db, file, (text) => told.push(text));
  // More than the pages that SQLite keeps in memory.
  flipBytes(20 * 8192);
  const all = { expid: 7, revisions: true };
  const readAll = (): unknown => {
    const { measurements } = watched.listMeasurements(all, { limit: 300, offset: 0 });
    return measurements.map(({ id }) => watched.measurement(id));
  };
  expect(readAll).toThrow();
  expect(readAll).toThrow();
  expect(told).toHaveLength(1);
  expect(told[0]).toMatch(/qlf\.db cannot be used .*it is damaged.*restore a backup/);
  expect(() => db.close()).not.toThrow();
});

it('a failure of what was asked, not of the file, is nobody else’s business', () => {
  const db = open();
  const told: string[] = [];
  const watched = watchFailures(db, file, (text) => told.push(text));
  expect(() => watched.setExposureState(404, 'failed', '')).toThrow(/not registered/);
  expect(told).toEqual([]);
  db.close();
  expect(new Sqlite(file).pragma('integrity_check', { simple: true })).toBe('ok');
});
