import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { JudgedKey } from '#shared/domain/measurement.ts';
import { trendElements } from '../../src-main/db/trend-elements.ts';
import { openDatabase, type QlfDatabase } from '../../src-main/db/open-database.ts';
import { dataFolder } from '../../src-main/orchestrator/folders.ts';
import { createNightFiles, type NightFiles } from '../../src-main/storage/night-files.ts';
import { nightDump } from '../support/night-dump.ts';

const NIGHT = '20231114';
const NOW = 1_700_000_000_000;
const { signal } = new AbortController();

interface Place {
  root: string;
  db: QlfDatabase;
  nights: NightFiles;
}
let top: string;
let places: Place[];

function place(name: string, origin: 'real' | 'emulated' = 'real'): Place {
  const folder = dataFolder(join(top, name));
  const db = openDatabase({ file: folder.database, origin, defaultConfiguration: `name: ${name}\n`, now: () => NOW });
  const nights = createNightFiles({
    ...{ store: db, redux: (night, expid, runId) => folder.redux(night, expid, runId), root: folder.root },
    ...{ taken: () => undefined, now: () => NOW },
  });
  places.push({ root: folder.root, db, nights });
  return places.at(-1)!;
}

/** An alarm that is over. */
const alarm = {
  ...{ id: 1, family: 'data', severity: 'alarm', kind: 'amplifier-noise', state: 'cleared', present: false },
  ...{ title: 'b0 amplifier A noise high', value: '4.71 e\u207b', detail: 'limit 4.60', before: '', members: ['b0:A'] },
  ...{
    cameras: ['b0'],
    amplifiers: ['A'],
    keys: ['NOISE_AMP'],
    also: [],
    camera: 'b0',
    night: NIGHT,
    firstExpid: 7,
    expid: 7,
  },
  ...{
    exposures: 1,
    goods: 1,
    goodExpid: null,
    raisedAt: NOW,
    changedAt: NOW,
    clearedAt: NOW + 1,
    by: 'Ada',
    note: 'known',
  },
  shelvedUntil: null,
};

/** A night of two exposures, one processed twice and one passed over, with everything that a night may have. */
function observed(): Place {
  const from = place('from');
  const { db, root } = from;
  const metadata = {
    ...{ expid: 7, night: NIGHT, flavor: 'science', program: 'dark', exptime: 900, airmass: 1.1, seeing: null },
    ...{
      tileid: 3,
      mjdObs: 58800.5,
      dateObs: null,
      ra: 10,
      dec: 20,
      obstype: null,
      header: { A: 1 },
      camerasExpected: [],
    },
  };
  db.registerExposure(metadata, { state: 'waiting', reason: '', camerasExpected: ['b0'], at: NOW });
  db.registerExposure(
    { ...metadata, expid: 8, header: { A: 2 } },
    { state: 'superseded', reason: 'passed over for 00000009', camerasExpected: ['b0'], at: NOW },
  );
  const first = db.createRun({
    ...{ expid: 7, night: NIGHT, configurationId: 1, configuration: 'first: 1\n', limitsVersion: null },
    ...{ passwordHash: 'secret-hash', startedAt: NOW - 5000 },
  });
  db.endRun(first.id, 'cancelled', 'reset by the operator', NOW - 4000);
  const limits = db.saveLimits({ rules: [], author: 'Ada', reason: 'first', createdAt: NOW });
  const run = db.createRun({
    ...{ expid: 7, night: NIGHT, configurationId: 1, configuration: 'frozen: 1\n', limitsVersion: limits.id },
    ...{ passwordHash: 'secret-hash', startedAt: NOW },
  });
  const [job] = db.createJobs(run.id, [{ camera: 'b0', state: 'waiting', reason: '' }]);
  const sql = new Sqlite(join(root, 'qlf.db'));
  const keys: JudgedKey[] = [
    {
      ...{ key: 'NOISE_AMP', normalRange: [-1, 1], warnRange: [-2, 2], status: 'alarm' },
      elements: [{ label: 'A', value: 4.7, reference: 3.5, status: 'alarm' }],
    },
  ];
  sql
    .prepare("INSERT INTO measurement VALUES (1, ?, 'getrms', 'getrms', 1, 'alarm', ?, x'ab01', NULL, ?)")
    .run(job!.id, JSON.stringify(keys), NOW);
  sql.prepare('INSERT INTO measurement_value VALUES (1, ?)').run('{"METRICS":{"NOISE_AMP":[4.7]}}');
  trendElements(sql).keep({ ...job!, runId: run.id, expid: 7 }, 1, 'getrms', keys);
  sql.prepare("UPDATE job SET posted_status = 1, posted_label = '17' WHERE id = ?").run(job!.id);
  sql
    .prepare(
      `INSERT INTO alarm (state, severity, kind, title, night, raised_at, cleared_at, record)
       VALUES ('cleared', 'alarm', 'amplifier-noise', 'b0 amplifier A noise high', ?, ?, ?, ?)`,
    )
    .run(NIGHT, NOW, NOW + 1, JSON.stringify({ ...alarm, runId: run.id }));
  sql
    .prepare(
      "INSERT INTO alarm_event VALUES (1, 1, ?, 'raised', '', 'C 4.7', 7), (2, 1, ?, 'noted', 'Ada', 'known', 7)",
    )
    .run(NOW, NOW);
  sql.close();
  db.addJournal({ at: NOW, kind: 'run-done', expid: 7, camera: null, text: 'exposure 00000007 done' });
  db.saveLostReason(
    { night: NIGHT, after: 7, from: NOW, to: NOW + 60_000 },
    { cause: 'weather', words: 'fog', author: 'Ada', at: NOW },
  );
  for (const runId of [null, run.id])
    db.addCleaned({
      at: NOW,
      expid: 7,
      runId,
      kind: runId === null ? 'raw' : 'preproc',
      files: 2,
      bytes: 7,
      why: 'daily',
      by: '',
    });
  db.updateJob(job!.id, { state: 'done', logFile: `redux/exposures/${NIGHT}/00000007/run-${run.id}/run-b0.log` });
  db.enterStage(run.id, 'verdict', NOW);
  db.endRun(run.id, 'done', '', NOW + 1000);
  db.setExposureState(7, 'processed', '');
  const { id } = db.addComment({ expid: 7, camera: 'b0', fiber: 12, author: 'Ada', text: 'moon', at: NOW });
  db.editComment(id, { author: 'Ada', text: 'Moon', at: NOW + 5 });
  db.setFlag(7, { flag: 'questionable', author: 'Ada', reason: 'moon', at: NOW });
  db.saveNightNote(NIGHT, { author: 'Ada', text: 'windy', at: NOW });
  const folder = join(root, 'redux', 'exposures', NIGHT, '00000007', `run-${run.id}`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'run-b0.log'), 'all well\n');
  writeFileSync(join(folder, 'ql-mergedQA-b0-00000007.json'), '{}');
  writeFileSync(join(folder, 'spectra-b0-00000007.fits'), 'spectra');
  const raw = join(root, 'raw', NIGHT, '00000007');
  mkdirSync(raw, { recursive: true });
  for (const name of ['desi-00000007.fits.fz', 'fibermap-00000007.fits', 'telemetry-00000007.json'])
    writeFileSync(join(raw, name), name);
  mkdirSync(join(root, 'logs'), { recursive: true });
  writeFileSync(join(root, 'logs', `engine-${NIGHT}.log`), '{"text":"a line"}\n');
  writeFileSync(join(root, 'logs', 'engine-20191231.log'), '{"text":"of another night"}\n');
  db.summariseStale(10);
  return from;
}

beforeEach(() => {
  top = mkdtempSync(join(tmpdir(), 'qlf-night-'));
  places = [];
});
afterEach(() => {
  for (const { db } of places) db.close();
  rmSync(top, { recursive: true });
});

const quiet = (): undefined => undefined;
const exported = (name = ''): string => join(top, 'out', name, `qlf-night-${NIGHT}`);
async function write(products = false, name = ''): Promise<void> {
  mkdirSync(join(top, 'out', name), { recursive: true });
  await places[0]!.nights.write(NIGHT, products, join(top, 'out', name), signal, quiet);
}

test('a night goes into another database whole, once, and over nothing', async () => {
  const from = observed();
  await write(true);
  expect(readFileSync(join(exported(), 'data.jsonl'), 'utf8')).not.toContain('secret-hash');
  const to = place('to');
  // Its own runs come first: the night's get other numbers.
  const own = {
    ...{
      expid: 2,
      night: '20231101',
      flavor: 'dark',
      program: null,
      exptime: 1,
      airmass: null,
      seeing: null,
      tileid: null,
    },
    ...{ mjdObs: null, dateObs: null, ra: null, dec: null, obstype: null, header: {}, camerasExpected: [] },
  };
  to.db.registerExposure(own, { state: 'registered', reason: '', camerasExpected: [], at: NOW });
  for (const startedAt of [1, 2])
    to.db.createRun({
      ...{ expid: 2, night: '20231101', configurationId: 1, configuration: '', passwordHash: 'x', startedAt },
    });
  const current = to.db.currentConfiguration().id;
  const words = await to.nights.read(exported(), signal, quiet);
  expect(words).toMatch(/2 exposures, 2 runs, 1 jobs, 1 measurements, 1 comments, 1 flags, 1 notes, 1 alarms, 6 files/);
  to.db.summariseStale(10);
  expect(nightDump(join(to.root, 'qlf.db'), NIGHT)).toEqual(nightDump(join(from.root, 'qlf.db'), NIGHT));
  const there = from.db.exposure(7)!;
  const here = to.db.exposure(7)!;
  expect(here).toEqual({ ...there, lastRunId: 4 });
  const detail = to.db.runDetail(4)!;
  // The limits that judged it came along; they are not those that judge what is processed here.
  const limits = to.db.limitsVersion(detail.run.limitsVersion!);
  expect(limits).toMatchObject({ author: 'Ada', reason: 'first' });
  expect(to.db.currentLimits()).toBeUndefined();
  expect([
    to.db.listLimits({ limit: 9, offset: 0 }).total,
    to.db.listConfigurations({ limit: 9, offset: 0 }).total,
  ]).toEqual([0, 1]);
  expect(to.db.configuration(detail.run.configurationId!)?.yaml).toBe('name: from\n');
  expect(to.db.runConfiguration(4)).toBe('frozen: 1\n');
  expect(detail.jobs[0]).toMatchObject({
    state: 'done',
    logFile: `redux/exposures/${NIGHT}/00000007/run-4/run-b0.log`,
  });
  expect(readFileSync(join(to.root, detail.jobs[0]!.logFile!), 'utf8')).toBe('all well\n');
  expect(to.db.measurements(detail.jobs[0]!.id)[0]).toMatchObject({
    ...{ metric: 'getrms', status: 'alarm', value: { METRICS: { NOISE_AMP: [4.7] } } },
  });
  expect(to.db.notes(7)).toMatchObject({
    comments: [{ text: 'Moon', versions: [{ text: 'moon' }] }],
    flags: [{ flag: 'questionable' }],
  });
  expect(to.db.nightNote(NIGHT)).toMatchObject({ text: 'windy' });
  expect(to.db.currentConfiguration().id).toBe(current);
  // What came from elsewhere is neither the newest that the DOS told of, nor judged for alarms, nor processed.
  expect(to.db.highestExpid()).toBe(2);
  expect(to.db.runsToJudge(10)).toEqual([]);
  expect([to.db.exposuresInState('waiting'), to.db.exposuresInState('superseded')]).toEqual([[], []]);
  const lies = (...place: string[]): boolean => existsSync(join(to.root, ...place));
  expect(lies('raw', NIGHT, '00000007', 'fibermap-00000007.fits')).toBe(true);
  expect(lies('raw', NIGHT, '00000007', 'desi-00000007.fits.fz')).toBe(false);
  expect([lies('logs', `engine-${NIGHT}.log`), lies('logs', 'engine-20191231.log')]).toEqual([true, false]);

  writeFileSync(join(to.root, detail.jobs[0]!.logFile!), 'mine\n');
  expect(await to.nights.read(exported(), signal, quiet)).toMatch(/0 runs \(2 were here\).*0 files \(6 were here\)/);
  expect(to.db.runDetail(5)).toBeUndefined();
  expect(nightDump(join(to.root, 'qlf.db'), NIGHT)).toEqual(nightDump(join(from.root, 'qlf.db'), NIGHT));
  expect(to.db.notes(7).comments).toHaveLength(1);
  expect(readFileSync(join(to.root, detail.jobs[0]!.logFile!), 'utf8')).toBe('mine\n');
  const check = new Sqlite(join(to.root, 'qlf.db'), { readonly: true });
  expect(check.pragma('integrity_check', { simple: true })).toBe('ok');
  expect(check.pragma('foreign_key_check')).toEqual([]);
  check.close();
});

test('products are left out unless asked for; a night that is not here, or a folder that is there, is told', async () => {
  observed();
  await write();
  expect(existsSync(join(exported(), 'files', '00000007', 'run-2', 'run-b0.log'))).toBe(true);
  expect(existsSync(join(exported(), 'files', '00000007', 'run-2', 'spectra-b0-00000007.fits'))).toBe(false);
  await expect(write()).rejects.toThrow(/is there already/);
  await expect(places[0]!.nights.write('20200101', false, top, signal, quiet)).rejects.toThrow(/nothing of night/);
  expect(existsSync(join(top, 'qlf-night-20200101.partial'))).toBe(false);
});

test('a folder that is damaged, incomplete or hostile is refused, and nothing of it is taken in', async () => {
  observed();
  await write();
  const to = place('to');
  const other = place('other', 'emulated');
  await expect(other.nights.read(exported(), signal, quiet)).rejects.toThrow(/of real nights/);
  let n = 0;
  const refused = async (why: RegExp, harm: (folder: string) => void): Promise<void> => {
    n += 1;
    const folder = join(top, `bad-${n}`);
    cpSync(exported(), folder, { recursive: true });
    harm(folder);
    await expect(to.nights.read(folder, signal, quiet)).rejects.toThrow(why);
    expect(to.db.listExposures({ limit: 10, offset: 0 }).total).toBe(0);
    expect(existsSync(join(to.root, 'redux'))).toBe(false);
  };
  type Manifest = { version: number; files: { name: string; bytes: number; sha256: string }[] };
  const manifest = (folder: string, change: (manifest: Manifest) => void): void => {
    const file = join(folder, 'night.qlfnight');
    const content = JSON.parse(readFileSync(file, 'utf8')) as Manifest;
    change(content);
    writeFileSync(file, JSON.stringify(content));
  };
  const data = (folder: string, change: (text: string) => string): void => {
    const text = change(readFileSync(join(folder, 'data.jsonl'), 'utf8'));
    writeFileSync(join(folder, 'data.jsonl'), text);
    const sha256 = createHash('sha256').update(text).digest('hex');
    manifest(folder, ({ files }) => Object.assign(files[0]!, { bytes: Buffer.byteLength(text), sha256 }));
  };
  await refused(/has no night\.qlfnight/, (folder) => rmSync(join(folder, 'night.qlfnight')));
  await refused(/is damaged/, (folder) => writeFileSync(join(folder, 'night.qlfnight'), '{"format":'));
  await refused(/newer QLF/, (folder) => manifest(folder, (content) => (content.version = 99)));
  await refused(/has \d+ bytes, not/, (folder) => writeFileSync(join(folder, 'data.jsonl'), '{}\n'));
  await refused(/is not what was written/, (folder) => {
    const text = readFileSync(join(folder, 'data.jsonl'), 'utf8');
    writeFileSync(join(folder, 'data.jsonl'), text.replace('moon', 'noon'));
  });
  const evil = [
    'files/00000007/run-1/../../../evil',
    'files/00000007/run-1/.ssh',
    'beside/00000007/desi.fits',
    'logs/../qlf.db',
  ];
  for (const name of ['../../evil', '/etc/passwd', ...evil])
    await refused(/it names/, (folder) => manifest(folder, ({ files }) => (files[1]!.name = name)));
  await refused(/missing, or a link/, (folder) => {
    rmSync(join(folder, 'data.jsonl'));
    symlinkSync('/etc/passwd', join(folder, 'data.jsonl'));
  });
  await refused(/missing, or a link/, (folder) => {
    rmSync(join(folder, 'files'), { recursive: true });
    symlinkSync(join(exported(), 'files'), join(folder, 'files'));
  });
  await refused(/line 2 of data\.jsonl cannot be read/, (folder) => data(folder, (text) => text.replace('\n', '\n{')));
  await refused(/line 1 of data\.jsonl is no part/, (folder) => data(folder, (text) => text.replace('"b0"', '"q7"')));
  // Lines that are whole by themselves, and make no night together.
  const without = (type: string) => (text: string) =>
    text
      .split('\n')
      .filter((line) => !line.startsWith(`{"type":"${type}"`))
      .join('\n');
  await refused(/exposure 7 is named before/, (folder) => data(folder, without('exposure')));
  await refused(/run 2 is named before/, (folder) => data(folder, without('run')));
  await refused(/measurement of b0, and no such job/, (folder) => data(folder, without('job')));
  await refused(/value of getrms of b0 in run 2 cannot be read/, (folder) =>
    data(folder, (text) => text.replace('"value":"{\\"', '"value":"{')),
  );
  to.db.registerExposure(
    { ...places[0]!.db.exposure(8)!, night: '20231113' },
    { state: 'registered', reason: '', camerasExpected: [], at: NOW },
  );
  await expect(to.nights.read(exported(), signal, quiet)).rejects.toThrow(/exposure 8 is here, and of night 20231113/);
  expect(to.db.exposure(7)).toBeUndefined();
});
