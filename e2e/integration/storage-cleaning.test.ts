import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DEFAULT_STORAGE_SETTINGS, type StorageSettings } from '../../src-shared/domain/storage.ts';
import { openDatabase, type QlfDatabase } from '../../src-main/db/open-database.ts';
import { dataFolder, type DataFolder } from '../../src-main/orchestrator/folders.ts';
import { prepareExchange } from '../../src-main/db/restore.ts';
import { createCleaner, type Cleaner, type CleanerParts } from '../../src-main/storage/cleaner.ts';
import { StorageService } from '../../src-main/storage/storage-service.ts';

const DAY = 24 * 3_600_000;
const NOW = 1_700_000_000_000;
const NIGHT = '20231114';

let root: string;
let folder: DataFolder;
let db: QlfDatabase;
let log: string[];
let now: number;
const settings: StorageSettings = {
  ...DEFAULT_STORAGE_SETTINGS,
  keepDays: { ...DEFAULT_STORAGE_SETTINGS.keepDays, logs: 100, spectra: 60, emulated: 20 },
};

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'qlf-clean-'));
  folder = dataFolder(root);
  log = [];
  now = NOW;
  const file = folder.database;
  db = openDatabase({ file, origin: 'real', defaultConfiguration: 'x: 1\n', now: () => now });
});
afterEach(() => {
  db.close();
  rmSync(root, { recursive: true });
});

function put(path: string, bytes = 1000): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, Buffer.alloc(bytes));
}

/** An exposure that was processed so many days ago, with all its files. @returns its run */
function processed(expid: number, daysAgo: number): number {
  const at = NOW - daysAgo * DAY;
  const metadata = {
    ...{ expid, night: NIGHT, flavor: 'science', program: null, exptime: 900, airmass: 1, seeing: 1, tileid: 1 },
    ...{ mjdObs: null, dateObs: null, ra: null, dec: null, obstype: null, header: {}, camerasExpected: [] },
  };
  db.registerExposure(metadata, { state: 'waiting', reason: '', camerasExpected: ['b0'], at });
  const run = db.createRun({
    ...{ expid, night: NIGHT, configurationId: 1, configuration: 'x: 1\n', passwordHash: 'x', startedAt: at },
  });
  db.enterStage(run.id, 'verdict', at);
  db.endRun(run.id, 'done', '', at);
  db.setExposureState(expid, 'processed', '');
  const id = String(expid).padStart(8, '0');
  put(join(folder.raw(NIGHT, expid), `desi-${id}.fits.fz`), 5000);
  put(join(folder.raw(NIGHT, expid), `fibermap-${id}.fits`));
  put(join(folder.split(NIGHT, expid), `desi-b0-${id}.fits.fz`), 3000);
  for (const name of [
    `preproc-binned-b0-${id}.fits`,
    `spectra-b0-${id}.fits`,
    'run-b0.log',
    `ql-mergedQA-b0-${id}.json`,
  ])
    put(join(folder.redux(NIGHT, expid, run.id), name));
  put(join(folder.redux(NIGHT, expid, run.id), `qlconfig-b0-${id}.yaml`));
  return run.id;
}

function cleanerWith(changes: Partial<CleanerParts> = {}): Cleaner {
  return createCleaner({
    ...{ root, store: db, settings: () => settings, source: null, now: () => now },
    around: () => ({ catchUp: true, requested: false, onScreen: false }),
    canFetchAgain: () => Promise.resolve(true),
    events: { log: (_source, _level, text) => void log.push(text) },
    ...changes,
  });
}
const raw = (expid: number): boolean =>
  existsSync(join(folder.raw(NIGHT, expid), `desi-${String(expid).padStart(8, '0')}.fits.fz`));
const byHand = { why: 'by hand', by: 'Ada', signal: new AbortController().signal };

test('a preview says what would go, and cleaning does just that, by age and kind, oldest first', async () => {
  const [old] = [processed(1, 40), processed(2, 20), processed(3, 5)];
  const cleaner = cleanerWith();
  const preview = await cleaner.preview(byHand.signal);
  expect(preview).toEqual({
    ...{ exposures: 2, files: 3, bytes: 5000 + 3000 + 3000, kept: [] },
    kinds: [
      { kind: 'raw', exposures: 1, files: 1, bytes: 5000 },
      { kind: 'split', exposures: 2, files: 2, bytes: 6000 },
    ],
  });
  expect(raw(1)).toBe(true);
  expect(await cleaner.clean(byHand)).toEqual(preview);
  expect([raw(1), raw(2), raw(3)]).toEqual([false, true, true]);
  expect(existsSync(folder.split(NIGHT, 1))).toBe(false);
  expect(existsSync(join(folder.raw(NIGHT, 1), 'fibermap-00000001.fits'))).toBe(true);
  expect(existsSync(join(folder.redux(NIGHT, 1, old), 'run-b0.log'))).toBe(true);
  expect(existsSync(join(root, 'trash', String(process.pid)))).toBe(false);
  // The audit, and the log, name every deletion; the rows stay.
  expect(db.listCleaned(10).map(({ expid, kind, why, by }) => [expid, kind, why, by])).toEqual([
    [2, 'split', 'by hand', 'Ada'],
    [1, 'split', 'by hand', 'Ada'],
    [1, 'raw', 'by hand', 'Ada'],
  ]);
  expect(log).toHaveLength(3);
  expect(log[0]).toMatch(/exposure 00000001: raw cleaned away, 1 files, 0\.0 MB \(by hand, Ada\)/);
  expect(db.cleanedAt({ expid: 1, runId: old, kinds: ['raw', 'split'] })).toBe(NOW);
  expect(db.cleanedAt({ expid: 1, runId: old, kinds: ['spectra'] })).toBeNull();
  expect(db.run(old)?.state).toBe('done');
  expect((await cleaner.clean(byHand)).files).toBe(0);
});

test('what is unprocessed, running, to be caught up, asked for, commented, flagged or alarming stays', async () => {
  for (let expid = 1; expid <= 9; expid += 1) processed(expid, 200);
  db.setExposureState(1, 'waiting', '');
  db.setExposureState(2, 'processing', '');
  db.setExposureState(3, 'superseded', '');
  db.addComment({ expid: 4, camera: null, fiber: null, author: 'Ada', text: 'look', at: NOW });
  db.setFlag(5, { flag: 'bad', author: 'Ada', reason: 'moon', at: NOW });
  db.setFlag(6, { flag: 'bad', author: 'Ada', reason: 'moon', at: NOW });
  db.setFlag(6, { flag: null, author: 'Ada', reason: 'no', at: NOW });
  put(join(folder.raw('20231115', 77), 'desi-00000077.fits.fz'));
  const around = (expid: number) => ({ catchUp: true, requested: expid === 7, onScreen: expid === 8 });
  const none = cleanerWith({ around, canFetchAgain: (expid) => Promise.resolve(expid !== 9) });
  const done = await none.clean(byHand);
  const reasons = Object.fromEntries(done.kept.map(({ reason, exposures }) => [reason, exposures]));
  expect(reasons).toEqual({
    ...{ unprocessed: 1, running: 1, 'to catch up': 1, commented: 1, flagged: 1, requested: 1, 'on screen': 1 },
    'source does not have it': 1,
  });
  expect([1, 2, 3, 4, 5, 6, 7, 8, 9].map(raw)).toEqual([true, true, true, true, true, false, true, true, true]);
  expect(existsSync(join(folder.raw('20231115', 77), 'desi-00000077.fits.fz'))).toBe(true);
  // Superseded ones that nobody will catch up are gaps, and go.
  await cleanerWith({ around: () => ({ catchUp: false, requested: false, onScreen: false }) }).clean(byHand);
  expect(raw(3)).toBe(false);
});

test('what begins to be used while a cleaning goes on stays', async () => {
  processed(1, 300);
  processed(2, 200);
  const canFetchAgain = (): Promise<boolean> => {
    db.setExposureState(2, 'waiting', 'again');
    return Promise.resolve(true);
  };
  const done = await cleanerWith({ canFetchAgain }).clean(byHand);
  expect([raw(1), raw(2)]).toEqual([false, true]);
  expect(done.kept).toMatchObject([{ reason: 'unprocessed', exposures: 1 }]);
});

test('nothing outside the folder is touched, whatever links lead there, and nothing of the source', async () => {
  const outside = mkdtempSync(join(tmpdir(), 'qlf-outside-'));
  processed(1, 300);
  rmSync(folder.split(NIGHT, 1), { recursive: true });
  put(join(outside, 'split', 'desi-b0-00000001.fits.fz'));
  symlinkSync(join(outside, 'split'), folder.split(NIGHT, 1));
  put(join(outside, 'original.fits.fz'));
  rmSync(join(folder.raw(NIGHT, 1), 'desi-00000001.fits.fz'));
  symlinkSync(join(outside, 'original.fits.fz'), join(folder.raw(NIGHT, 1), 'desi-00000001.fits.fz'));
  await cleanerWith().clean(byHand);
  expect(existsSync(join(outside, 'split', 'desi-b0-00000001.fits.fz'))).toBe(true);
  expect(readFileSync(join(outside, 'original.fits.fz'))).toHaveLength(1000);
  rmSync(outside, { recursive: true });
  processed(2, 300);
  const done = await cleanerWith({ source: join(root, 'raw') }).clean(byHand);
  expect(raw(2)).toBe(true);
  expect(done.kept).toMatchObject([{ reason: 'belongs to the source', exposures: 1 }]);
});

test('a full disk takes younger ones, too, the oldest first, until it is no longer full; a cancel ends it', async () => {
  for (const [expid, days] of [
    [1, 9],
    [2, 8],
    [3, 7],
    [4, 1],
  ] as const)
    processed(expid, days);
  let asked = 0;
  const done = await cleanerWith().clean({
    ...byHand,
    why: 'disk full',
    stillFull: () => Promise.resolve(++asked <= 6),
  });
  expect(done.exposures).toBe(2);
  expect([1, 2, 3, 4].map(raw)).toEqual([false, false, true, true]);
  const abort = new AbortController();
  const stillFull = (): Promise<boolean> => {
    abort.abort();
    return Promise.resolve(true);
  };
  const cancelled = await cleanerWith().clean({ ...byHand, why: 'disk full', signal: abort.signal, stillFull });
  expect(cancelled.files).toBeLessThanOrEqual(1);
});

test('the newest emulated exposure stays, as its number is gone on from', async () => {
  processed(1, 50);
  processed(2, 50);
  const emulated = (expid: number): string => join(root, 'test-environment', 'raw', NIGHT, `0000000${expid}`);
  for (const expid of [1, 2]) put(join(emulated(expid), 'truth.json'));
  await cleanerWith().clean(byHand);
  expect([existsSync(emulated(1)), existsSync(emulated(2))]).toEqual([false, true]);
});

test('what is long is one at a time, is seen, and is cancelled: all is as it was then', async () => {
  db.saveSetting('large', 'x'.repeat(8_000_000));
  let seen: string[] = [];
  const service: StorageService = new StorageService({
    ...{
      root,
      store: db,
      events: { log: (_s, _l, text) => void log.push(text) },
      cleaner: cleanerWith(),
      now: () => now,
    },
    ...{ fullAt: () => 1, used: () => Promise.resolve(0) },
    backup: (file, signal, onProgress) =>
      db.backup(file, {
        signal,
        onProgress: (share, text) => {
          onProgress(share, text);
          seen.push(service.desk.shown?.text ?? '');
          if (share !== null && share > 0.2) service.desk.cancel();
        },
      }),
    prepareExchange: (copy, signal, onProgress) =>
      prepareExchange(folder.database, copy, 'real', {
        signal,
        onProgress: (share, text) => {
          onProgress(share, text);
          if (seen.length === 0 && share !== null) service.desk.cancel();
        },
      }),
  });
  const file = join(root, 'copy.db');
  const copied = service.copyTo(file);
  expect(service.desk.shown).toMatchObject({ kind: 'backup', state: 'running' });
  await expect(service.preview()).rejects.toThrow(/the copy of the database is under way; wait for it, or cancel it/);
  await copied;
  expect(seen.length).toBeGreaterThan(0);
  expect(seen[0]).toBe(`writing ${file}`);
  expect(service.desk.shown).toMatchObject({ kind: 'backup', state: 'cancelled', text: 'all is as it was' });
  expect(existsSync(file)).toBe(false);
  // A daily copy that is cancelled is told, and not begun again the same day.
  await service.tick();
  expect(log).toContain('the daily copy of the database was cancelled; the next is due tomorrow');
  expect(await service.backups()).toEqual([]);
  await db.backup(file);
  seen = [];
  expect(await service.prepareExchange(file)).toBeNull();
  expect(service.desk.shown).toMatchObject({ kind: 'restore', state: 'cancelled' });
  expect(existsSync(`${folder.database}.restoring`)).toBe(false);
  seen = ['go on'];
  expect(await service.prepareExchange(file)).toBe(`${folder.database}.restoring`);
  await expect(service.prepareExchange(join(root, 'none.db'))).rejects.toThrow(/cannot be used/);
  expect(service.desk.shown).toMatchObject({ kind: 'restore', state: 'failed' });
  expect(await service.preview()).toMatchObject({ files: 0 });
  await service.close();
});

test('cleaning and copying are done once a day, and when the disk is full', async () => {
  processed(1, 40);
  let used = 0.5;
  const service = new StorageService({
    ...{
      root,
      store: db,
      events: { log: (_s, _l, text) => void log.push(text) },
      cleaner: cleanerWith(),
      now: () => now,
    },
    backup: (file, signal, onProgress) => db.backup(file, { signal, onProgress }),
    prepareExchange: (copy, signal, onProgress) =>
      prepareExchange(folder.database, copy, 'real', { signal, onProgress }),
    fullAt: () => 0.8,
    used: () => Promise.resolve(used),
  });
  await service.tick();
  expect(raw(1)).toBe(false);
  expect(await service.backups()).toHaveLength(1);
  expect(service.desk.shown).toMatchObject({ kind: 'cleaning', state: 'done' });
  processed(2, 40);
  await service.tick();
  expect(raw(2)).toBe(true);
  used = 0.85;
  await service.tick();
  expect(raw(2)).toBe(false);
  expect(log.some((text) => text.startsWith('the disk is still too full'))).toBe(true);
  used = 0.5;
  for (let day = 1; day <= 8; day += 1) {
    now += DAY;
    await service.tick();
  }
  expect(await service.backups()).toHaveLength(DEFAULT_STORAGE_SETTINGS.backupKeep);
  await service.close();
});
