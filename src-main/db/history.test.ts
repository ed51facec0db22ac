import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHash } from 'node:crypto';
import Sqlite from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CameraName } from '#shared/domain/camera.ts';
import type { HistoryFilter, HistorySort } from '#shared/domain/history.ts';
import type { Json } from '#shared/domain/measurement.ts';
import { nightAfter } from '#shared/domain/night.ts';
import type { PostedMeasurement } from '../domain/ports/ingest-store.ts';
import type { HistoryQuery } from '../domain/ports/history-store.ts';
import { historyOrder, historySource } from './history-where.ts';
import { openDatabase, type QlfDatabase } from './open-database.ts';

let folder: string;
let db: QlfDatabase;

const measured = (name: string, value: Json): PostedMeasurement => {
  const text = JSON.stringify(value);
  return { name, value, text, digest: createHash('md5').update(text).digest(), nonFinite: null };
};
const noise = (c: number): PostedMeasurement =>
  measured('rms', {
    METRICS: { NOISE_AMP: [2.6, 2.6, c, 2.6] },
    PARAMS: {
      NOISE_AMP_NORMAL_RANGE: [-1.5, 1.5],
      NOISE_AMP_WARN_RANGE: [-2, 2],
      NOISE_AMP_DARK_REF: [2.6, 2.6, 2.6, 2.6],
    },
  });

const FIRST_NIGHT = '20191101';
const START = Date.UTC(2019, 10, 2, 2);

interface Told {
  expid: number;
  night?: string;
  flavor?: string;
  program?: string | null;
  state?: 'waiting' | 'registered';
  minutes?: number;
}

function register({ expid, night = FIRST_NIGHT, flavor = 'science', program = 'dark', state, minutes }: Told): void {
  const at = START + (minutes ?? expid * 20) * 60_000;
  db.registerExposure(
    {
      expid,
      night,
      flavor,
      program,
      exptime: 900,
      airmass: 1 + (expid % 10) / 10,
      seeing: 1,
      tileid: 1000 + (expid % 7),
      mjdObs: at / 86_400_000 + 40_587,
      dateObs: new Date(at).toISOString().slice(0, -1),
      ra: 10,
      dec: 20,
      obstype: 'SCIENCE',
      // As long as a real one.
      header: Object.fromEntries(
        Array.from({ length: 160 }, (_, i) => [`CARD${String(i)}`, `value of card ${String(i)}`]),
      ),
      camerasExpected: [],
    },
    { state: state ?? 'waiting', reason: '', camerasExpected: ['b0', 'r3'], at },
  );
}

/** A run with two cameras, of which r3 measured `r3`; it ends done unless said otherwise. */
function process(expid: number, r3: number | 'missing' | 'failed', startedAt = 1000): number {
  const run = db.createRun({
    expid,
    night: FIRST_NIGHT,
    configurationId: 1,
    configuration: 'x'.repeat(8000),
    passwordHash: 'ab',
    startedAt,
  });
  db.setExposureState(expid, 'processing', '');
  const jobs = db.createJobs(run.id, [
    { camera: 'b0', state: 'running', reason: '' },
    { camera: 'r3', state: r3 === 'missing' ? 'missing' : 'running', reason: '' },
  ]);
  const post = (camera: CameraName, value: number) =>
    db.recordPosts([
      {
        principal: { kind: 'run', runId: run.id },
        expid,
        camera,
        status: 0,
        label: null,
        measurements: [noise(value)],
        receivedAt: 2000,
      },
    ]);
  post('b0', 2.61);
  if (typeof r3 === 'number') post('r3', r3);
  for (const job of jobs)
    if (job.state === 'running')
      db.updateJob(job.id, {
        state: job.camera === 'r3' && r3 === 'failed' ? 'failed' : 'done',
        plan: ['preproc'],
        endedAt: 2500,
      });
  db.endRun(run.id, 'done', '', startedAt + 60_000);
  db.setExposureState(expid, 'processed', '');
  return run.id;
}

const newest: HistorySort = { column: 'expid', descending: true };
const list = (filter: HistoryFilter = {}, more: Partial<HistoryQuery> = {}) =>
  db.listHistory({ view: 'exposures', filter, sort: newest, limit: 100, offset: 0, ...more });
const expids = (filter: HistoryFilter, more: Partial<HistoryQuery> = {}) =>
  list(filter, more).rows.map(({ expid }) => expid);

function open(): void {
  // Every exposure is a transaction of its own; in memory they do not wait for a disk.
  folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'qlf-history-'));
  db = openDatabase({ file: join(folder, 'qlf.db'), origin: 'real', defaultConfiguration: 'science: {}' });
}
function close(): void {
  db.close();
  rmSync(folder, { recursive: true });
}

describe('history of a short night', () => {
  let normalRun: number;
  beforeAll(() => {
    open();
    register({ expid: 1, flavor: 'bias', program: null, state: 'registered' });
    for (const expid of [2, 3, 4, 5, 6, 7]) register({ expid, program: expid === 6 ? 'bright' : 'dark' });
    register({ expid: 8, night: '20191102', minutes: 24 * 60 });
    normalRun = process(2, 2.6);
    process(3, 4.3);
    process(4, 6.1);
    process(5, 'missing');
    process(6, 'failed');
    db.setExposureState(7, 'superseded', 'passed over for 8');
  });
  afterAll(close);

  it('tells what became of each exposure, worst number first', () => {
    const { total, rows } = list();
    expect(total).toBe(8);
    expect(rows.map(({ expid, status, run }) => [expid, status, run?.finding ?? null])).toEqual([
      [8, 'waiting', null],
      [7, 'superseded', null],
      [6, 'failed', 'r3 failed'],
      [5, 'missing', 'r3 missing'],
      [4, 'alarm', 'r3 Read noise C 6.1 e\u2212'],
      [3, 'warning', 'r3 Read noise C 4.3 e\u2212'],
      [2, 'normal', ''],
      [1, 'not-expected', null],
    ]);
    const alarm = rows[4]!;
    expect(alarm.run).toMatchObject({
      status: 'alarm',
      ccd: { status: 'alarm', camera: 'r3' },
      fibers: { status: 'not-expected' },
      worst: 'r3',
      done: 2,
      cameras: 2,
      startedAt: 1000,
      endedAt: 61_000,
    });
    expect(rows[3]!.run).toMatchObject({ ccd: { status: 'missing', camera: 'r3' }, done: 1, cameras: 2 });
  });

  it('knows the gaps between the exposures of a night', () => {
    // 20 min from begin to begin, of which the shutter is open for 15.
    expect(list().rows.map(({ gap }) => (gap === null ? null : Math.round(gap)))).toEqual([
      ...[null, 300, 300, 300, 300, 300, 300],
      null,
    ]);
  });

  it('finds by night, flavor, program, tile, number, state and outcome', () => {
    expect(expids({ from: '20191102' })).toEqual([8]);
    expect(expids({ to: '20191101', flavors: ['science'] })).toEqual([7, 6, 5, 4, 3, 2]);
    expect(expids({ programs: ['bright'] })).toEqual([6]);
    expect(expids({ tile: 1003 })).toEqual([3]);
    expect(expids({ expidFrom: 3, expidTo: 4 })).toEqual([4, 3]);
    expect(expids({ states: ['superseded', 'waiting'] })).toEqual([8, 7]);
    expect(expids({ outcomes: ['alarm', 'warning'] })).toEqual([4, 3]);
    expect(expids({ outcomes: ['not-expected'] })).toEqual([1]);
    expect(expids({ flavors: [] })).toEqual([]);
  });

  it('sorts by any column, rows without a value last', () => {
    const by = (column: HistorySort['column'], descending: boolean) => expids({}, { sort: { column, descending } });
    expect(by('status', true).slice(0, 4)).toEqual([4, 6, 5, 3]);
    expect(by('run', false)).toEqual([2, 3, 4, 5, 6, 8, 7, 1]);
    expect(by('program', false)[0]).toBe(6);
    expect(by('airmass', true)[0]).toBe(8);
    expect(by('night', true)[0]).toBe(8);
    expect(list({}, { limit: 2, offset: 2 }).rows.map(({ expid }) => expid)).toEqual([6, 5]);
  });

  it('shows every run in the view of runs', () => {
    const again = process(2, 6.2, 5000);
    const runs = list({ expidTo: 2 }, { view: 'runs' });
    expect(runs.rows.map(({ run, status }) => [run?.id, status])).toEqual([
      [again, 'alarm'],
      [normalRun, 'normal'],
    ]);
    expect(list({ expidTo: 2 }).rows[0]).toMatchObject({ status: 'alarm', runs: 2, run: { id: again } });
    expect(list({}, { view: 'runs' }).total).toBe(6);
  });

  it('counts nights for the calendar, and knows what there is to choose from', () => {
    expect(db.listNights({ from: '20191101', to: '20191130' })).toEqual([
      {
        night: '20191101',
        exposures: 7,
        science: 6,
        judged: 5,
        normal: 0,
        warning: 1,
        alarm: 2,
        failed: 2,
        superseded: 1,
        exptime: 5400,
      },
      expect.objectContaining({ night: '20191102', exposures: 1, judged: 0 }),
    ]);
    expect(db.historyChoices()).toEqual({
      flavors: ['bias', 'science'],
      programs: ['bright', 'dark'],
      firstNight: '20191101',
      lastNight: '20191102',
    });
  });

  it('keeps comments with their versions and deletions, and finds by their text', () => {
    const comment = db.addComment({ expid: 3, camera: 'r3', fiber: null, author: 'Ana', text: '50% cloud', at: 10 });
    const edited = db.editComment(comment.id, { author: 'Bo', text: '60% cloud_', at: 20 });
    expect(edited).toMatchObject({
      text: '60% cloud_',
      author: 'Ana',
      editedBy: 'Bo',
      editedAt: 20,
      versions: [{ text: '50% cloud', author: 'Ana', until: 20 }],
    });
    const other = db.addComment({ expid: 4, camera: null, fiber: 1700, author: 'Bo', text: '600 clouds', at: 30 });
    expect(expids({ comment: '0% CLOUD' })).toEqual([3]);
    expect(expids({ comment: 'cloud' })).toEqual([4, 3]);
    expect(list({ expidFrom: 3, expidTo: 3 }).rows[0]).toMatchObject({ comments: 1, comment: '60% cloud_' });
    db.deleteComment(other.id, { author: 'Ana', at: 40 });
    expect(expids({ comment: 'cloud' })).toEqual([3]);
    expect(db.notes(4).comments).toMatchObject([{ text: '600 clouds', deletedAt: 40, deletedBy: 'Ana' }]);
    expect(() => db.editComment(other.id, { author: 'Bo', text: 'x', at: 50 })).toThrow(/deleted by Ana/);
    expect(() => db.addComment({ ...comment, expid: 99, at: 1 })).toThrow(/not registered/);
  });

  it('keeps every flag; the newest holds', () => {
    db.setFlag(3, { flag: 'bad', author: 'Ana', reason: 'cloud', at: 10 });
    db.setFlag(3, { flag: 'questionable', author: 'Bo', reason: '', at: 20 });
    db.setFlag(4, { flag: 'bad', author: 'Ana', reason: '', at: 30 });
    db.setFlag(4, { flag: null, author: 'Ana', reason: 'mistaken', at: 40 });
    expect(expids({ flags: ['questionable'] })).toEqual([3]);
    expect(expids({ flags: ['bad'] })).toEqual([]);
    expect(expids({ flags: ['none', 'questionable'], expidTo: 4 })).toEqual([4, 3, 2, 1]);
    expect(list({ expidFrom: 3, expidTo: 3 }).rows[0]!.flag).toEqual({
      flag: 'questionable',
      author: 'Bo',
      reason: '',
      at: 20,
    });
    expect(db.notes(4).flags.map(({ flag }) => flag)).toEqual([null, 'bad']);
  });

  it('sums up again what changed after a run had ended', () => {
    const [row] = list({ expidFrom: 5, expidTo: 5 }).rows;
    expect(row).toMatchObject({ status: 'missing', run: { ccd: { status: 'missing' } } });
    const job = db.jobOf(row!.run!.id, 'b0')!;
    db.recordPosts([
      {
        principal: { kind: 'run', runId: row!.run!.id },
        expid: 5,
        camera: job.camera,
        status: 0,
        label: null,
        measurements: [noise(7)],
        receivedAt: 9000,
      },
    ]);
    expect(list({ expidFrom: 5, expidTo: 5 }).rows[0]).toMatchObject({ status: 'alarm', run: { worst: 'b0' } });
  });
});

describe('history of many exposures', () => {
  const COUNT = 10_000;
  beforeAll(() => {
    open();
    for (let expid = 1; expid <= COUNT; expid++) {
      const night = nightAfter(FIRST_NIGHT, Math.floor(expid / 60));
      register({
        expid,
        night,
        flavor: expid % 5 === 0 ? 'arc' : 'science',
        program: expid % 3 === 0 ? 'bright' : 'dark',
      });
      if (expid % 5 === 1) {
        const run = db.createRun({
          expid,
          night,
          configurationId: 1,
          configuration: 'x'.repeat(8000),
          passwordHash: 'ab',
          startedAt: expid,
        });
        db.endRun(run.id, expid % 2 === 0 ? 'failed' : 'done', '', expid + 1000);
        db.setExposureState(expid, 'processed', '');
      }
    }
    while (db.summariseStale(500) > 0);
  }, 240_000);
  afterAll(close);

  const QUERIES: readonly [string, HistoryFilter, HistorySort][] = [
    ['all', {}, newest],
    ['a flavor and a program', { flavors: ['science'], programs: ['dark'] }, newest],
    ['nights', { from: '20191201', to: '20191210' }, newest],
    ['failed ones', { outcomes: ['failed'] }, newest],
    ['by airmass', {}, { column: 'airmass', descending: true }],
    ['by status', {}, { column: 'status', descending: true }],
    ['by duration', { flavors: ['science'] }, { column: 'duration', descending: true }],
  ];

  it.each(QUERIES)('reads no exposure as a whole to find a page: %s', (_name, filter, sort) => {
    const raw = new Sqlite(join(folder, 'qlf.db'), { readonly: true });
    try {
      for (const view of ['exposures', 'runs'] as const) {
        const { sql, values } = historySource(view, filter);
        const count = raw.prepare(`EXPLAIN QUERY PLAN SELECT count(*) ${sql}`).all(values) as { detail: string }[];
        const scans = count.map(({ detail }) => detail).filter((detail) => /\bSCAN\b/.test(detail));
        expect(scans.filter((detail) => !/COVERING INDEX|json_each|VIRTUAL|SCAN q\b/.test(detail))).toEqual([]);
        raw.prepare(`EXPLAIN SELECT 1 ${sql} ${historyOrder(view, sort.column, sort.descending)}`).all(values);
      }
    } finally {
      raw.close();
    }
  });

  it('pages through all of them', () => {
    const pages = [0, 4000, 9900].map((offset) => list({}, { offset }));
    expect(pages.map(({ total, rows }) => [total, rows.length, rows[0]?.expid])).toEqual([
      [COUNT, 100, 10_000],
      [COUNT, 100, 6000],
      [COUNT, 100, 100],
    ]);
  });
});
