import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
} from 'node:fs';
import { readdirSync, renameSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import Sqlite from 'better-sqlite3';
import Type from 'typebox';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDatabase } from '../../src-main/db/open-database.ts';
import { defaultConfiguration } from '../../src-main/pipeline/default-configuration.ts';
import { CommandLine } from '../support/command-line.ts';

let folder: string;
let data: string;
let file: string;
let qlf: CommandLine;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qlf-restore-'));
  data = join(folder, 'data');
  file = join(data, 'qlf.db');
  qlf = new CommandLine(folder);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const open = () =>
  openDatabase({ file, origin: 'real', defaultConfiguration: defaultConfiguration('stock', resolve('resources')) });

/** Notes something in the database. */
function note(text: string): void {
  const db = open();
  for (let i = 0; i < 200; i += 1)
    db.addJournal({ at: i, kind: 'test', expid: null, camera: null, text: `${text} ${'x'.repeat(2000)}` });
  db.close();
}

function noted(database: string): string[] {
  const db = new Sqlite(database, { readonly: true });
  try {
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
    const rows = db.prepare<[], { text: string }>('SELECT DISTINCT substr(text, 1, 5) AS text FROM event').all();
    return rows.map(({ text }) => text.trim());
  } finally {
    db.close();
  }
}

const Restored = Type.Object({ replaced: Type.String(), wasDamaged: Type.Union([Type.String(), Type.Null()]) });
const Copied = Type.Object({ file: Type.String(), bytes: Type.Number() });

const damages: [string, () => void][] = [
  ['with pages that nobody wrote', () => overwrite(8192, true)],
  ['without its beginning', () => overwrite(0, false)],
  ['cut short', () => truncateSync(file, 20_000)],
  ['emptied', () => truncateSync(file, 0)],
];

function overwrite(from: number, all: boolean): void {
  const handle = openSync(file, 'r+');
  const { size } = statSync(file);
  for (let at = from; at < (all ? size : 1); at += 8192) writeSync(handle, Buffer.alloc(512, 0xa5), 0, 512, at);
  closeSync(handle);
}

test.each(damages)('a database %s is exchanged by command; it lies aside as it was', async (_what, damage) => {
  note('first');
  const { file: copy } = await qlf.value(Copied, 0, 'backup', '--data', data);
  note('later');
  damage();
  const damaged = readFileSync(file);
  const journal = Buffer.from('what a killed engine had not yet written into it');
  writeFileSync(`${file}-wal`, journal);
  // Neither the engine nor a command builds on it.
  expect((await qlf.run('status', '--data', data)).status).not.toBe(0);
  expect(readFileSync(file).equals(damaged)).toBe(true);
  const { replaced, wasDamaged } = await qlf.value(Restored, 0, 'restore', '--newest', '--data', data);
  expect(wasDamaged).toMatch(/cannot be used/);
  expect(readFileSync(replaced).equals(damaged)).toBe(true);
  expect(readFileSync(`${replaced}-wal`).equals(journal)).toBe(true);
  // At most an empty journal of who has just read the new one.
  if (existsSync(`${file}-wal`)) expect(statSync(`${file}-wal`).size).toBe(0);
  expect(noted(file)).toEqual(['first']);
  expect(readFileSync(copy).length).toBeGreaterThan(0);
  note('again');
  expect(noted(file).sort()).toEqual(['again', 'first']);
});

test('what is whole is put aside, too, each under a name of its own; a bad copy changes nothing', async () => {
  note('first');
  await qlf.ends(0, 'backup', 'copy.db', '--data', data);
  note('later');
  await qlf.ends(0, 'restore', 'copy.db', '--data', data);
  await qlf.ends(0, 'restore', 'copy.db', '--data', data);
  const aside = readdirSync(join(data, 'replaced')).filter((name) => name.endsWith('.db'));
  expect(aside).toHaveLength(2);
  expect(aside.map((name) => noted(join(data, 'replaced', name)).sort())).toContainEqual(['first', 'later']);

  const before = readFileSync(file);
  writeFileSync(join(folder, 'bad.db'), readFileSync(join(folder, 'copy.db')).subarray(0, 30_000));
  for (const [bad, status] of [
    ['bad.db', 5],
    ['nowhere.db', 4],
  ] as const) {
    const { err } = await qlf.ends(status, 'restore', bad, '--data', data);
    expect(err).toContain(bad);
  }
  await qlf.ends(4, 'restore', '--newest', '--data', data);
  expect(readFileSync(file).equals(before)).toBe(true);
  // A copy is never written over something that is there, nor from a database that is damaged.
  await qlf.ends(5, 'backup', 'copy.db', '--data', data);
  truncateSync(file, 20_000);
  const copy = readFileSync(join(folder, 'copy.db'));
  await qlf.ends(5, 'backup', 'copy.db', '--replace', '--data', data);
  expect(readFileSync(join(folder, 'copy.db')).equals(copy)).toBe(true);
  expect(readdirSync(folder).filter((name) => name.includes('partial'))).toEqual([]);
});

test('a folder whose database is gone altogether gets one from a copy', async () => {
  note('first');
  await qlf.ends(0, 'backup', 'copy.db', '--data', data);
  mkdirSync(join(folder, 'elsewhere'));
  renameSync(join(folder, 'copy.db'), join(folder, 'elsewhere', 'copy.db'));
  rmSync(data, { recursive: true });
  const { out } = await qlf.ends(0, 'restore', 'elsewhere/copy.db', '--data', data);
  expect(out).toContain('There was none before');
  expect(noted(file)).toEqual(['first']);
});
