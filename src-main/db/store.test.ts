import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CameraName } from '#shared/domain/camera.ts';
import type { Json } from '#shared/domain/measurement.ts';
import type { DosExposure } from '../domain/ports/dos-client.ts';
import type { Post, PostedMeasurement, Recorded } from '../domain/ports/ingest-store.ts';
import { openDatabase, type QlfDatabase } from './open-database.ts';

let folder: string;
let db: QlfDatabase;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qlf-store-'));
  db = openDatabase({ file: join(folder, 'qlf.db'), origin: 'real', defaultConfiguration: 'science: {}' });
});
afterEach(() => {
  db.close();
  rmSync(folder, { recursive: true });
});

const exposureOf = (expid: number, more: Partial<DosExposure> = {}): DosExposure => ({
  expid,
  night: '20191115',
  flavor: 'science',
  program: 'dark',
  exptime: 900,
  airmass: 1.13,
  seeing: 1.07,
  tileid: 5821,
  mjdObs: 58803.2,
  dateObs: '2019-11-16T05:00:00',
  ra: 180.5,
  dec: -3.25,
  obstype: 'SCIENCE',
  header: { MOONSEP: 40.5, INHERIT: true, COMMENT: null, OBSERVER: 'A. Observer' },
  camerasExpected: ['b0', 'r0'],
  ...more,
});
const register = (expid: number, state: 'waiting' | 'registered' = 'waiting', more: Partial<DosExposure> = {}) =>
  db.registerExposure(exposureOf(expid, more), { state, reason: '', camerasExpected: ['b0', 'r0', 'z9'], at: 77 });
const createRun = (expid: number, startedAt = 1000) =>
  db.createRun({
    expid,
    night: '20191115',
    configurationId: db.currentConfiguration().id,
    configuration: 'frozen: true',
    passwordHash: 'ab',
    startedAt,
  });

const measured = (name: string, value: Json, more: Partial<PostedMeasurement> = {}): PostedMeasurement => {
  const text = JSON.stringify(value);
  return { name, value, text, digest: createHash('md5').update(text).digest(), nonFinite: null, ...more };
};
const noise = (c: number): Json => ({
  METRICS: { NOISE_AMP: [2.6, 2.6, c, 2.6] },
  PARAMS: {
    NOISE_AMP_NORMAL_RANGE: [-1.5, 1.5],
    NOISE_AMP_WARN_RANGE: [-2, 2],
    NOISE_AMP_DARK_REF: [2.6, 2.6, 2.6, 2.6],
  },
});
const posted = (
  expid: number,
  camera: CameraName,
  measurements: PostedMeasurement[],
  more: Partial<Post> = {},
): Post => ({
  principal: { kind: 'user', user: 'u' },
  expid,
  camera,
  status: 0,
  label: 1,
  measurements,
  receivedAt: 5000,
  ...more,
});
const record = (post: Post): Recorded => {
  const [outcome] = db.recordPosts([post]);
  if (!outcome?.ok) throw new Error(outcome?.message ?? 'no outcome');
  return outcome;
};

describe('exposures', () => {
  it('are registered once, with all that the DOS tells', () => {
    const stored = register(101);
    expect(stored).toEqual({
      ...exposureOf(101),
      state: 'waiting',
      reason: '',
      camerasExpected: ['b0', 'r0', 'z9'],
      registeredAt: 77,
      lastRunId: null,
    });
    expect(register(101, 'registered', { night: '20200101' })).toEqual(stored);
    expect(db.exposure(101)).toEqual(stored);
    expect(db.exposure(102)).toBeUndefined();
  });

  it('are listed newest first, by state, and change state', () => {
    for (const expid of [5, 3, 9]) register(expid, expid === 3 ? 'registered' : 'waiting');
    expect(db.listExposures({ limit: 2, offset: 0 })).toMatchObject({
      total: 3,
      exposures: [{ expid: 9 }, { expid: 5 }],
    });
    expect(db.listExposures({ limit: 2, offset: 2 }).exposures.map((e) => e.expid)).toEqual([3]);
    expect(db.exposuresInState('waiting').map((e) => e.expid)).toEqual([9, 5]);
    expect(db.setExposureState(5, 'superseded', 'passed over for 9')).toMatchObject({
      state: 'superseded',
      reason: 'passed over for 9',
    });
    expect(() => db.setExposureState(4, 'failed', '')).toThrow(/not registered/);
    expect(db.highestExpid()).toBe(9);
  });
});

describe('several things at once', () => {
  it('are there together, or none of them is', () => {
    register(101);
    const run = createRun(101);
    const half = (): void =>
      db.atOnce(() => {
        db.endRun(run.id, 'done', '', 2000);
        db.setExposureState(404, 'processed', '');
      });
    expect(half).toThrow(/not registered/);
    expect(db.run(run.id)?.state).toBe('running');
    db.atOnce(() => {
      db.endRun(run.id, 'done', '', 2000);
      db.setExposureState(101, 'processed', '');
    });
    expect([db.run(run.id)?.state, db.exposure(101)?.state]).toEqual(['done', 'processed']);
  });
});

describe('runs and jobs', () => {
  it('go through their stages with times, and end', () => {
    register(101);
    const run = createRun(101);
    expect(run).toMatchObject({ kind: 'qlf', state: 'running', stage: 'detect', endedAt: null });
    expect(db.exposure(101)?.lastRunId).toBe(run.id);
    db.enterStage(run.id, 'transfer', 1100);
    db.enterStage(run.id, 'split', 1300);
    expect(db.enterStage(run.id, 'process', 1600).stages).toEqual([
      { stage: 'detect', startedAt: 1000, endedAt: 1100 },
      { stage: 'transfer', startedAt: 1100, endedAt: 1300 },
      { stage: 'split', startedAt: 1300, endedAt: 1600 },
      { stage: 'process', startedAt: 1600, endedAt: null },
    ]);
    expect(db.openRuns().map((r) => r.id)).toEqual([run.id]);
    db.enterStage(run.id, 'verdict', 3000);
    expect(db.endRun(run.id, 'done', '1 failed', 3001)).toMatchObject({
      state: 'done',
      reason: '1 failed',
      endedAt: 3001,
    });
    expect(db.openRuns()).toEqual([]);
    expect(db.lastRun()?.id).toBe(run.id);
    expect(db.runConfiguration(run.id)).toBe('frozen: true');
    expect(() => db.enterStage(99, 'split', 1)).toThrow(/no run 99/);
  });

  it('are reopened in stage process; typical times are medians over runs that were not', () => {
    for (const [expid, split] of [
      [1, 100],
      [2, 300],
      [3, 110],
    ] as const) {
      register(expid);
      const { id } = createRun(expid, 0);
      db.enterStage(id, 'split', 50);
      db.enterStage(id, 'process', 50 + split);
      db.enterStage(id, 'verdict', 1000);
      db.endRun(id, 'done', '', 1001);
    }
    expect(db.typicalStageMs(10)).toMatchObject({ detect: 50, split: 110, verdict: 1 });
    const reopened = db.reopenRun(2, 9000);
    expect(reopened).toMatchObject({ state: 'running', stage: 'process', endedAt: null });
    expect(reopened.stages.map((s) => s.stage)).toEqual(['detect', 'split', 'process']);
    expect(reopened.stages.at(-1)).toEqual({ stage: 'process', startedAt: 9000, endedAt: null });
    expect(db.typicalStageMs(10).split).toBe(105);
    expect(db.typicalStageMs(1).split).toBe(110);
    expect(db.typicalStageMs(0)).toEqual({});
  });

  it('have each camera once, change by patches, and remember their process', () => {
    register(101);
    const run = createRun(101);
    const [b0, r0] = db.createJobs(run.id, [
      { camera: 'b0', state: 'waiting', reason: '' },
      { camera: 'r0', state: 'missing', reason: 'expected, not in the file' },
    ]);
    expect(db.createJobs(run.id, [{ camera: 'b0', state: 'failed', reason: 'x' }])).toEqual([b0, r0]);
    expect(r0).toMatchObject({ camera: 'r0', state: 'missing', attempt: 0, steps: [], plan: [], expid: 101 });
    const steps = [{ step: 'preproc' as const, startedAt: 1, endedAt: null }];
    const changed = db.updateJob(b0!.id, { state: 'running', attempt: 1, steps, plan: ['preproc'], startedAt: 1 });
    expect(changed).toEqual({ ...b0, state: 'running', attempt: 1, steps, plan: ['preproc'], startedAt: 1 });
    expect(db.jobOf(run.id, 'b0')).toEqual(changed);
    expect(db.jobOf(run.id, 'z9')).toBeUndefined();
    expect(() => db.updateJob(999, { state: 'done' })).toThrow(/no job 999/);
    db.setJobProcess({ jobId: b0!.id, pid: 12, startTime: '345' });
    db.setJobProcess({ jobId: b0!.id, pid: 13, startTime: null });
    expect(db.jobProcesses()).toEqual([{ jobId: b0!.id, pid: 13, startTime: null }]);
    db.clearJobProcess(b0!.id);
    expect(db.jobProcesses()).toEqual([]);
    expect(db.listJobs({ camera: 'r0', limit: 5, offset: 0 })).toEqual({ total: 1, jobs: [r0] });
    expect(() => db.createJobs(run.id, [{ camera: 'q7' as CameraName, state: 'waiting', reason: '' }])).toThrow(
      /FOREIGN/,
    );
  });
});

describe('posts', () => {
  const asRun = (runId: number): Partial<Post> => ({ principal: { kind: 'run', runId } });

  it('of a run go to its job, judged; the same value is stored once, a different one is a new revision', () => {
    register(101);
    const run = createRun(101);
    const [job] = db.createJobs(run.id, [{ camera: 'r0', state: 'running', reason: '' }]);
    const first = record(posted(101, 'r0', [measured('NOISE_AMP', noise(2.7))], { ...asRun(run.id), status: 2 }));
    expect(first.changed).toEqual({});
    expect(first.job).toEqual(job);
    expect(first.measurements[0]).toMatchObject({
      stored: true,
      summary: { metric: 'getrms', revision: 1, status: 'normal', runId: run.id, jobId: job!.id, camera: 'r0' },
    });
    const again = record(posted(101, 'r0', [measured('getrms', noise(2.7))], { ...asRun(run.id), receivedAt: 9 }));
    expect(again.measurements).toEqual([{ stored: false, summary: first.measurements[0]!.summary }]);
    const other = record(posted(101, 'r0', [measured('getrms', noise(9))], asRun(run.id)));
    expect(other.measurements[0]).toMatchObject({ stored: true, summary: { revision: 2, status: 'alarm' } });
    // A late copy of an earlier value changes nothing.
    expect(record(posted(101, 'r0', [measured('getrms', noise(2.7))], asRun(run.id))).measurements[0]?.stored).toBe(
      false,
    );
    expect(db.measurements(job!.id).map((m) => [m.metric, m.revision, m.value])).toEqual([['getrms', 2, noise(9)]]);
    expect(db.runDetail(run.id)?.measurements).toEqual([other.measurements[0]!.summary]);
    // Nothing of it has changed but what its sender says.
    expect(db.job(job!.id)).toEqual({ ...job, posted: 'ok' });
    const all = db.listMeasurements({ jobId: job!.id, metric: 'Get_RMS', revisions: true }, { limit: 9, offset: 0 });
    expect(all.measurements.map((m) => m.revision)).toEqual([2, 1]);
  });

  it('of a run are refused for other exposures, cameras and runs; nothing is stored', () => {
    register(101);
    register(102);
    const run = createRun(101);
    db.createJobs(run.id, [{ camera: 'r0', state: 'running', reason: '' }]);
    const outcomes = db.recordPosts([
      posted(102, 'r0', [measured('snr', 1)], asRun(run.id)),
      posted(101, 'b0', [measured('snr', 1)], asRun(run.id)),
      posted(101, 'r0', [measured('snr', 1)], asRun(77)),
    ]);
    expect(outcomes.map((o) => (o.ok ? '' : o.message))).toEqual([
      `this credential is for run ${run.id}, which is not of exposure 102`,
      `run ${run.id} has no camera b0`,
      'this credential is for run 77, which is not of exposure 101',
    ]);
    expect(db.listMeasurements({ expid: 101 }, { limit: 1, offset: 0 }).total).toBe(0);
  });

  it('of a general user go to the running run; late ones of a run are stored too', () => {
    register(101);
    const run = createRun(101);
    db.createJobs(run.id, [
      { camera: 'r0', state: 'running', reason: '' },
      { camera: 'z0', state: 'missing', reason: '' },
    ]);
    expect(record(posted(101, 'r0', [measured('snr', 1)], { status: 1 }))).toMatchObject({
      run: { id: run.id },
      job: { state: 'running' },
      changed: {},
    });
    // QLF did not find this camera in the file: whoever did posts for himself.
    expect(record(posted(101, 'z0', [measured('snr', 1)])).run.kind).toBe('external');
    db.endRun(run.id, 'done', '', 6000);
    expect(record(posted(101, 'r0', [measured('snr', 2)], asRun(run.id))).measurements[0]?.summary.revision).toBe(2);
    expect(record(posted(101, 'r0', [measured('snr', 2)])).run.kind).toBe('external');
    expect(db.exposure(101)?.lastRunId).toBe(run.id);
  });

  it('of somebody else\u2019s pipeline make an external run, and an exposure when nobody knows it', () => {
    const value = { METRICS: {}, NIGHT: '20200101', FLAVOR: 'Science', PROGRAM: 'BRIGHT', EXPTIME: 300 };
    const first = record(posted(7, 'r0', [measured('snr', value)], { status: 2 }));
    expect(first.changed.exposure).toMatchObject({
      expid: 7,
      night: '20200101',
      flavor: 'science',
      program: 'bright',
      exptime: 300,
      airmass: null,
      state: 'registered',
      lastRunId: first.run.id,
    });
    expect(first.run).toMatchObject({ kind: 'external', state: 'running', stage: 'process', configurationId: null });
    expect(first.job).toMatchObject({ camera: 'r0', state: 'running', startedAt: 5000, endedAt: null, attempt: 1 });
    expect(db.openRuns()).toEqual([]);
    const failed = record(posted(7, 'b0', [], { status: 1, receivedAt: 6000 }));
    expect(failed.job).toMatchObject({ state: 'failed', endedAt: 6000, reason: 'its pipeline reports a failure' });
    const done = record(posted(7, 'r0', [], { status: 0, receivedAt: 7000 }));
    expect(done.changed).toMatchObject({
      job: { state: 'done', startedAt: 5000, endedAt: 7000 },
      run: { state: 'done', stage: 'verdict', endedAt: 7000 },
    });
    const more = record(posted(7, 'r0', [measured('integ', 3)], { status: 0, receivedAt: 8000 }));
    expect(more.changed).toEqual({});
    expect(more.job.endedAt).toBe(7000);
    expect(record(posted(7, 'r0', [], { status: 2 })).changed).toMatchObject({
      job: { state: 'running', endedAt: null },
      run: { state: 'running', endedAt: null },
    });
  });

  it('do not hide an exposure from the DOS monitor that they told about first', () => {
    record(posted(90_000_000, 'r0', [measured('snr', 1)], { receivedAt: Date.UTC(2026, 0, 2, 18) }));
    expect(db.exposure(90_000_000)).toMatchObject({ night: '20260101', flavor: 'unknown' });
    expect(db.isRegistered(90_000_000)).toBe(false);
    expect(db.highestExpid()).toBeNull();
    const complete = register(90_000_000);
    expect(complete).toMatchObject({ night: '20191115', flavor: 'science', state: 'waiting', tileid: 5821 });
    expect(complete.lastRunId).not.toBeNull();
    expect(db.isRegistered(90_000_000)).toBe(true);
  });

  it('keep unknown metrics, any JSON, the sender\u2019s spelling and notes of what was no number', () => {
    const values: Json[] = [null, true, 3, 'x', [], {}, { __proto__: 1 }];
    const outcome = record(
      posted(
        7,
        'r0',
        values.map((value, i) => measured(` mine ${i} `, value, i === 0 ? { nonFinite: { '': 'NaN' } } : {})),
      ),
    );
    expect(outcome.measurements.map(({ summary }) => [summary.metric, summary.status])).toEqual(
      values.map((_, i) => [`mine ${i}`, 'unknown']),
    );
    const stored = outcome.measurements.map(({ summary }) => db.measurement(summary.id));
    expect(stored.map((m) => m?.value)).toEqual(values);
    expect(stored[0]?.nonFinite).toEqual({ '': 'NaN' });
    expect(stored[1]?.nonFinite).toBeNull();
    expect(db.measurement(9999)).toBeUndefined();
  });

  it('are one transaction: a batch that fails leaves nothing', () => {
    register(101);
    const good = posted(8, 'r0', [measured('snr', 1)]);
    const bad = posted(9, 'r0', [{ ...measured('snr', 1), text: null as unknown as string }]);
    expect(() => db.recordPosts([good, bad])).toThrow();
    expect(db.exposure(8)).toBeUndefined();
    expect(db.listExposures({ limit: 9, offset: 0 }).total).toBe(1);
  });
});

describe('history', () => {
  it('gives one value an exposure, of its newest run and revision, oldest first', () => {
    for (const expid of [11, 12, 13]) {
      register(expid);
      for (const c of [2.5, 2 + expid / 10]) {
        const run = createRun(expid);
        db.createJobs(run.id, [{ camera: 'r0', state: 'running', reason: '' }]);
        const principal = { kind: 'run', runId: run.id } as const;
        record(posted(expid, 'r0', [measured('getrms', noise(9))], { principal }));
        record(posted(expid, 'r0', [measured('getrms', noise(c))], { principal }));
      }
    }
    const query = { camera: 'r0', metric: 'GETRMS', key: 'NOISE_AMP' } as const;
    expect(db.metricHistory({ ...query, limit: 10 })).toEqual([
      { expid: 11, status: 'normal', values: [2.6, 2.6, 3.1, 2.6] },
      { expid: 12, status: 'normal', values: [2.6, 2.6, 3.2, 2.6] },
      { expid: 13, status: 'normal', values: [2.6, 2.6, 3.3, 2.6] },
    ]);
    expect(db.metricHistory({ ...query, limit: 2 }).map((h) => h.expid)).toEqual([12, 13]);
    expect(db.metricHistory({ ...query, key: 'OTHER', limit: 2 })).toEqual([]);
    expect(db.metricHistory({ ...query, camera: 'b0', limit: 2 })).toEqual([]);
  });
});

describe('the rest', () => {
  it('keeps settings, journal and users', () => {
    expect(db.setting('mode')).toBeUndefined();
    db.saveSetting('mode', { a: [1, null] });
    db.saveSetting('none', null);
    expect([db.setting('mode'), db.setting('none')]).toEqual([{ a: [1, null] }, null]);
    db.addJournal({ at: 1, kind: 'engine-stopped', expid: null, camera: null, text: 'stopped' });
    expect(db.userPasswordHash('u')).toBeUndefined();
    db.saveUser('u', 'aa');
    db.saveUser('u', 'bb');
    expect(db.userPasswordHash('u')).toBe('bb');
    register(102);
    const run = createRun(102);
    expect(db.runPasswordHash(run.id)).toBe('ab');
    db.setRunPassword(run.id, 'cd');
    expect(db.runPasswordHash(run.id)).toBe('cd');
    expect(db.runPasswordHash(404)).toBeUndefined();
  });
});
