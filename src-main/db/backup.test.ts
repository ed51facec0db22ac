import { existsSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { checkDatabase, copyDatabaseFile } from './backup.ts';
import { MIGRATIONS } from './migrations.ts';
import { openDatabase, type QlfDatabase } from './open-database.ts';
import { prepareExchange, restoreDatabase } from './restore.ts';

let root: string;
let file: string;
let copy: string;
const open = (place = file): QlfDatabase =>
  openDatabase({ file: place, origin: 'real', defaultConfiguration: 'x: 1\n' });
const noted = (place: string): string[] => {
  const db = open(place);
  const value = db.setting('notes');
  db.close();
  return value as string[];
};

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'qlf-backup-'));
  file = join(root, 'data', 'qlf.db');
  copy = join(root, 'copy.db');
});
afterEach(() => rmSync(root, { recursive: true }));

test('a copy is whole while the database is written to, by this program or beside another', async () => {
  const db = open();
  db.saveSetting('large', 'x'.repeat(4_000_000));
  let writes = 0;
  const shares: number[] = [];
  await db.backup(copy, {
    onProgress: (share) => {
      if (share === null) return;
      shares.push(share);
      db.saveSetting('notes', [String(writes++)]);
    },
  });
  expect(writes).toBeGreaterThan(1);
  expect(Math.max(...shares)).toBeLessThanOrEqual(1);
  expect(checkDatabase(copy)).toEqual({ origin: 'real', schema: MIGRATIONS.length });
  await copyDatabaseFile(file, join(root, 'other.db'));
  db.close();
  expect(noted(join(root, 'other.db'))).toEqual([String(writes - 1)]);
});

test('a place that cannot be written to is told, and a copy before stays', async () => {
  const db = open();
  await db.backup(copy);
  const before = readFileSync(copy);
  const prove = (): never => {
    throw new Error('a bad disk');
  };
  await expect(db.backup(copy, { prove })).rejects.toThrow(/could not be written.*a bad disk/);
  expect(readFileSync(copy).equals(before)).toBe(true);
  expect(existsSync(`${copy}.partial`)).toBe(false);
  await expect(db.backup(join(root, 'nowhere', 'copy.db'))).rejects.toThrow(/Choose another place/);
  db.close();
});

test('a copy that is cancelled leaves what was there before, while it is written and while it is read through', async () => {
  const db = open();
  db.saveSetting('large', 'x'.repeat(4_000_000));
  await db.backup(copy);
  const before = readFileSync(copy);
  db.saveSetting('notes', ['newer']);
  for (const [place, stop] of [
    ['writing', (share: number | null) => share !== null && share > 0.3],
    ['reading', (share: number | null) => share === null],
  ] as const) {
    const cancel = new AbortController();
    const reason = new Error(`cancelled at ${place}`);
    const copied = db.backup(copy, {
      signal: cancel.signal,
      onProgress: (share) => {
        if (stop(share)) cancel.abort(reason);
      },
    });
    await expect(copied).rejects.toBe(reason);
    expect(readFileSync(copy).equals(before), place).toBe(true);
    expect(existsSync(`${copy}.partial`)).toBe(false);
  }
  db.close();
});

test('restoring can be cancelled until the copy lies beside the database', async () => {
  const db = open();
  db.saveSetting('large', 'x'.repeat(4_000_000));
  await db.backup(copy);
  db.saveSetting('notes', ['in use']);
  for (const stop of [/^reading .*copy\.db/, /^copying/, /^reading the copy/]) {
    const cancel = new AbortController();
    const reason = new Error('cancelled');
    const prepared = prepareExchange(file, copy, 'real', {
      signal: cancel.signal,
      onProgress: (_share, text) => {
        if (stop.test(text)) cancel.abort(reason);
      },
    });
    await expect(prepared, String(stop)).rejects.toThrow(/cancelled|aborted/);
    expect(existsSync(`${file}.restoring`)).toBe(false);
  }
  const shares: number[] = [];
  const onProgress = (share: number | null): void => {
    if (share !== null) shares.push(share);
  };
  expect(await prepareExchange(file, copy, 'real', { onProgress })).toBe(`${file}.restoring`);
  expect(shares.at(-1)).toBe(1);
  expect(shares).toEqual([...shares].sort((a, b) => a - b));
  // Nobody noticed.
  expect(db.setting('notes')).toEqual(['in use']);
  db.close();
});

test('a copy takes the place of the database; the former one is kept', async () => {
  const db = open();
  db.saveSetting('notes', ['before']);
  await db.backup(copy);
  db.saveSetting('notes', ['after']);
  db.close();
  const replaced = await restoreDatabase(file, copy, 'real', Date.UTC(2026, 0, 2));
  expect(noted(file)).toEqual(['before']);
  expect(replaced).toBe(join(root, 'data', 'replaced', 'qlf-20260102T000000Z.db'));
  expect(noted(replaced!)).toEqual(['after']);
  // The other way round it comes back.
  await restoreDatabase(file, replaced!, 'real', Date.UTC(2026, 0, 3));
  expect(noted(file)).toEqual(['after']);
});

test('a damaged copy, one of a newer program and one of other nights are refused; all stays', async () => {
  const db = open();
  db.saveSetting('notes', ['mine']);
  db.saveSetting('large', 'x'.repeat(200_000));
  await db.backup(copy);
  db.close();
  const refused = async (why: RegExp): Promise<void> => {
    await expect(restoreDatabase(file, copy, 'real', 0)).rejects.toThrow(why);
    expect(noted(file)).toEqual(['mine']);
    expect(existsSync(join(root, 'data', 'replaced'))).toBe(false);
  };
  await expect(restoreDatabase(file, copy, 'emulated', 0)).rejects.toThrow(/of real nights/);
  const whole = readFileSync(copy);
  truncateSync(copy, 60_000);
  await refused(/cannot be used/);
  writeFileSync(copy, 'no database at all');
  await refused(/cannot be used/);
  writeFileSync(copy, whole);
  const newer = new Sqlite(copy);
  newer.pragma(`user_version = ${MIGRATIONS.length + 1}`);
  newer.close();
  await refused(/a newer QLF wrote it/);
});

test('a damaged database is exchanged for a copy, its journal put aside with it', async () => {
  const db = open();
  db.saveSetting('notes', ['good']);
  await db.backup(copy);
  db.close();
  writeFileSync(file, Buffer.alloc(20_000, 7));
  writeFileSync(`${file}-wal`, Buffer.alloc(5000, 9));
  const replaced = await restoreDatabase(file, copy, 'real', 0);
  expect(noted(file)).toEqual(['good']);
  expect(existsSync(replaced!)).toBe(true);
});
