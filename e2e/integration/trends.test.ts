import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CAMERAS, type CameraName } from '#shared/domain/camera.ts';
import type { Json } from '#shared/domain/measurement.ts';
import type { ExposureFilter, TrendQuery } from '#shared/domain/trend.ts';
// Written by the real database and read through the real thread: the pair is what is tested.
import { openDatabase, type QlfDatabase } from '../../src-main/db/open-database.ts';
import { TREND_SCHEMA } from '../../src-main/db/trend-schema.ts';
import type { TrendReader } from '../../src-main/domain/ports/trends.ts';
import { createTrendReader } from '../../src-main/trends/trend-reader.ts';

let folder: string;
let file: string;
let db: QlfDatabase;
let reader: TrendReader;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qlf-trends-'));
  file = join(folder, 'qlf.db');
  db = openDatabase({ file, origin: 'real', defaultConfiguration: 'science: {}' });
  reader = createTrendReader(new URL('../../src-main/trend-worker.ts', import.meta.url), file);
});
afterEach(async () => {
  await reader.close();
  db.close();
  rmSync(folder, { recursive: true });
});

const MJD = 59_000;

function observe(
  expid: number,
  night: string,
  more: { program?: string; airmass?: number; tileid?: number } = {},
): void {
  db.registerExposure(
    {
      expid,
      night,
      flavor: 'science',
      program: more.program ?? 'dark',
      exptime: 900,
      airmass: more.airmass ?? null,
      seeing: 1,
      tileid: more.tileid ?? null,
      mjdObs: MJD + expid / 100,
      dateObs: null,
      ra: 359.5,
      dec: 10,
      obstype: null,
      header: {},
      camerasExpected: [],
    },
    { state: 'registered', reason: '', camerasExpected: [], at: expid },
  );
}

function post(expid: number, camera: CameraName, name: string, METRICS: Json, PARAMS: Json): void {
  const value: Json = { METRICS, PARAMS };
  const text = JSON.stringify(value);
  const digest = createHash('md5').update(text).digest();
  const measurements = [{ name, value, text, digest, nonFinite: null }];
  const principal = { kind: 'user' as const, user: 'u' };
  db.recordPosts([{ principal, expid, camera, status: 0, label: null, measurements, receivedAt: 5 }]);
}
const noise = (expid: number, camera: CameraName, values: number[], half = 1): void =>
  post(
    expid,
    camera,
    'getrms',
    { NOISE_AMP: values },
    { NOISE_AMP_REF: [2, 2, 2, 2], NOISE_AMP_NORMAL_RANGE: [-half, half], NOISE_AMP_WARN_RANGE: [-2 * half, 2 * half] },
  );

const ALL: ExposureFilter = { period: { kind: 'all' }, flavor: null, program: null };
const query = (more: Partial<TrendQuery> = {}): TrendQuery => ({
  metric: 'getrms',
  key: 'NOISE_AMP',
  cameras: ['r3', 'b0'],
  labels: null,
  filter: ALL,
  points: 1000,
  ...more,
});

describe('lines', () => {
  it('has each number with its reference, status and the limits of its own exposure', async () => {
    observe(1, '20200101');
    observe(2, '20200102');
    noise(1, 'r3', [2, 2.5, 3.5, 9]);
    noise(2, 'r3', [2, 2.5, 3.5, 9], 10);
    noise(2, 'z0', [2, 2, 2, 2]);
    const answer = await reader.lines(query());
    expect(answer.labels).toEqual(['A', 'B', 'C', 'D']);
    expect(answer.exposures).toMatchObject({
      expid: [1, 2],
      night: ['20200101', '20200102'],
      flavor: ['science', 'science'],
    });
    expect(answer.exposures.at[0]).toBeCloseTo((MJD + 0.01 - 40_587) * 86_400_000, 3);
    expect(answer.lines.map(({ camera, label }) => camera + label)).toEqual(['r3A', 'r3B', 'r3C', 'r3D']);
    const d = answer.lines[3]!;
    expect(d).toMatchObject({ exposure: [0, 1], value: [9, 9], reference: [2, 2], status: [2, 0] });
    expect(d.limits.map((place) => answer.limits[place])).toEqual([
      { normal: [-1, 1], warn: [-2, 2] },
      { normal: [-10, 10], warn: [-20, 20] },
    ]);
    expect(d.summary).toMatchObject({ count: 2, median: 9, alarms: 1, warnings: 0 });
    expect((await reader.lines(query({ labels: ['C'] }))).lines.map(({ label }) => label)).toEqual(['C']);
  });

  it('takes the newest revision, and the newest run whatever comes late', async () => {
    observe(1, '20200101');
    noise(1, 'b0', [1, 1, 1, 1]);
    noise(1, 'b0', [2, 2, 2]);
    const [line] = (await reader.lines(query())).lines;
    expect(line).toMatchObject({ value: [2], run: [expect.any(Number)] });
    expect((await reader.lines(query())).lines).toHaveLength(3);
    const [first] = db.listRuns({ limit: 1, offset: 0 }).runs;
    const newer = db.createRun({
      expid: 1,
      night: '20200101',
      configurationId: db.currentConfiguration().id,
      configuration: '',
      passwordHash: 'x',
      startedAt: 1,
    });
    db.createJobs(newer.id, [{ camera: 'b0', state: 'running', reason: '' }]);
    noise(1, 'b0', [5, 5, 5, 5]);
    db.endRun(newer.id, 'done', '', 2);
    noise(1, 'b0', [7, 7, 7, 7, 7]);
    const late = (await reader.lines(query())).lines;
    expect(late.map(({ value }) => value)).toEqual([[5], [5], [5], [5]]);
    expect(late[0]?.run).toEqual([newer.id]);
    expect(newer.id).toBeGreaterThan(first!.id);
  });

  it('chooses by period, flavor and program', async () => {
    observe(1, '20191220');
    observe(2, '20200101', { program: 'bright' });
    observe(3, '20200107');
    for (const expid of [1, 2, 3]) noise(expid, 'b0', [2, 2, 2, 2]);
    const expids = async (filter: Partial<ExposureFilter>) =>
      (await reader.lines(query({ filter: { ...ALL, ...filter } }))).exposures.expid;
    expect(await expids({ period: { kind: 'last-night' } })).toEqual([3]);
    expect(await expids({ period: { kind: 'week' } })).toEqual([2, 3]);
    expect(await expids({ period: { kind: 'month' } })).toEqual([1, 2, 3]);
    expect(await expids({ period: { kind: 'nights', from: '20191201', to: '20200101' } })).toEqual([1, 2]);
    expect(await expids({ program: 'bright' })).toEqual([2]);
    expect(await expids({ flavor: 'arc' })).toEqual([]);
  });

  it('keeps the extremes and the alarms of what is too much', async () => {
    for (let expid = 1; expid <= 600; expid++) {
      observe(expid, '20200101');
      noise(expid, 'b0', [2, 2, expid === 333 ? 50 : expid === 400 ? -20 : 2 + (expid % 7) / 10, 2]);
    }
    const { lines, total, kept } = await reader.lines(query({ points: 100, labels: ['C'] }));
    expect(total).toBe(600);
    expect(kept).toBeLessThanOrEqual(100);
    expect(lines[0]?.value).toEqual(expect.arrayContaining([50, -20]));
    expect(lines[0]?.summary).toMatchObject({ count: 600, low: -20, high: 50, alarms: 2 });
    expect(lines[0]?.exposure.slice(0, 1)).toEqual([0]);
    expect(lines[0]?.exposure.at(-1)).toBe(599);
  });
});

it('fills its table from measurements that were there before it', async () => {
  observe(1, '20200101');
  noise(1, 'b0', [1, 1, 1, 1]);
  noise(1, 'b0', [2, 2, 2.5, 9]);
  noise(1, 'r3', [2, 2, 2, 2], 3);
  post(1, 'z0', 'guidestars', { N: 3 }, {});
  const rows = (read: Sqlite.Database) =>
    read
      .prepare(
        'SELECT expid, camera, label, value, reference, status, run_id, measurement_id, normal_low, warn_high FROM trend_element JOIN trend_limits l ON l.id = limits_id',
      )
      .all();
  const raw = new Sqlite(file);
  try {
    const live = rows(raw);
    expect(live).toHaveLength(8);
    raw.exec('DROP TABLE trend_element; DROP TABLE trend_series; DROP TABLE trend_limits; DROP TABLE planned_tile;');
    raw.exec('DROP INDEX exposure_conditions; DROP INDEX exposure_tile;');
    raw.exec(TREND_SCHEMA);
    expect(rows(raw)).toEqual(live);
  } finally {
    raw.close();
  }
});

describe('regression', () => {
  it('pairs by exposure and camera, never by row', async () => {
    for (let expid = 1; expid <= 6; expid++) observe(expid, '20200101', { airmass: 1 + expid / 10 });
    // b0 lacks exposure 3, r3 comes in another order; y = 10 − 2 × airmass for each camera where it was measured.
    for (const [camera, expids] of [
      ['b0', [1, 2, 4, 5, 6]],
      ['r3', [6, 5, 3, 1]],
    ] as const)
      for (const expid of expids) noise(expid, camera, [10 - 2 * (1 + expid / 10), 0, 0, 0]);
    const answer = await reader.regression({
      x: { kind: 'exposure', name: 'airmass' },
      y: { kind: 'metric', metric: 'getrms', key: 'NOISE_AMP', label: 'A' },
      cameras: ['b0', 'r3'],
      filter: ALL,
      points: 1000,
    });
    expect(answer.total).toBe(9);
    expect(answer.fit).toMatchObject({ n: 9 });
    expect(answer.fit!.slope).toBeCloseTo(-2, 9);
    expect(answer.fit!.intercept).toBeCloseTo(10, 9);
    expect(answer.fit!.r).toBeCloseTo(-1, 9);
    const own = answer.expid.map((expid, i) => `${String(expid)} ${String(answer.camera[i])}`);
    expect(own).toEqual(['1 b0', '1 r3', '2 b0', '3 r3', '4 b0', '5 b0', '5 r3', '6 b0', '6 r3']);
  });

  it('takes the sky of an exposure from the median of its r cameras', async () => {
    observe(1, '20200101', { airmass: 1.1 });
    for (const [camera, sky] of [
      ['r0', 20],
      ['r1', 21],
      ['r2', 25],
      ['r3', 0],
    ] as const)
      post(1, camera, 'skyrband', { SKYRBAND: sky, SKYRBAND_STATUS: 'NORMAL' }, {});
    expect(await reader.conditions(ALL)).toMatchObject({ expid: [1], airmass: [1.1], sky: [21], total: 1 });
  });
});

it('has the footprint: planned tiles, and what was observed of each', async () => {
  db.savePlannedTiles({ name: 'tiles.csv', tiles: [{ tileid: 5, ra: 10, dec: -3, program: 'dark' }] }, 77);
  db.savePlannedTiles({ name: 'new.csv', tiles: [{ tileid: 8, ra: 10, dec: -3, program: null }] }, 78);
  observe(1, '20200101', { tileid: 8 });
  observe(2, '20200103', { tileid: 8 });
  observe(3, '20200103', { tileid: -1 });
  const answer = await reader.footprint(ALL);
  expect(answer.list).toEqual({ name: 'new.csv', count: 1, importedAt: 78 });
  expect(answer.planned).toEqual([{ tileid: 8, ra: 10, dec: -3, program: null }]);
  expect(answer.observed).toEqual([
    {
      tileid: 8,
      ra: 359.5,
      dec: 10,
      program: 'dark',
      exposures: 2,
      exptime: 1800,
      firstNight: '20200101',
      lastNight: '20200103',
    },
  ]);
  expect((await reader.tileExposures(8)).map(({ expid }) => expid)).toEqual([2, 1]);
  expect(await reader.catalogue()).toMatchObject({ firstNight: '20200101', lastNight: '20200103', exposures: 3 });
  expect(CAMERAS).toHaveLength(30);
});

it('says what failed, and answers again after its thread was lost', async () => {
  const broken = createTrendReader(new URL('../../src-main/trend-worker.ts', import.meta.url), join(folder, 'none.db'));
  await expect(broken.catalogue()).rejects.toThrow('could not be read');
  await expect(broken.catalogue()).rejects.toThrow('none.db');
  await broken.close();
});
