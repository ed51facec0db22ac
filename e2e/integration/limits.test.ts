import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { LimitRule } from '#shared/domain/limits.ts';
import type { Json } from '#shared/domain/measurement.ts';
import { limitsHandlers } from '../../src-main/limits/handlers.ts';
import { openDatabase, type QlfDatabase } from '../../src-main/db/open-database.ts';

let folder: string;
let db: QlfDatabase;
let limits: ReturnType<typeof limitsHandlers>;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qlf-limits-'));
  db = openDatabase({ file: join(folder, 'qlf.db'), origin: 'real', defaultConfiguration: 'science: {}' });
  limits = limitsHandlers({ store: db, events: { log: () => undefined }, now: () => 9 });
});
afterEach(() => {
  db.close();
  rmSync(folder, { recursive: true });
});

const rule = (change: Partial<LimitRule> = {}): LimitRule => ({
  key: 'NOISE_AMP',
  camera: 'r3',
  element: 'C',
  flavor: null,
  program: null,
  from: null,
  until: null,
  reference: 4,
  normal: [-0.5, 0.5],
  warn: [-1, 1],
  ...change,
});
const save = (rules: LimitRule[], basedOn: number) =>
  limits['limits.save']({ rules, author: 'A. Observer', reason: 'a test', basedOn });

/** A post of r3's noise from a pipeline that QLF did not start; the status that it was judged with. */
function post(expid: number, c: number) {
  const value: Json = {
    FLAVOR: 'science',
    PROGRAM: 'dark',
    NIGHT: '20191115',
    METRICS: { NOISE_AMP: [2.6, 2.6, c, 2.6] },
    PARAMS: {
      NOISE_AMP_NORMAL_RANGE: [-1.5, 1.5],
      NOISE_AMP_WARN_RANGE: [-2, 2],
      NOISE_AMP_DARK_REF: [2.6, 2.6, 2.6, 2.6],
    },
  };
  const text = JSON.stringify(value);
  const digest = createHash('md5').update(text).digest();
  const [outcome] = db.recordPosts([
    {
      principal: { kind: 'user', user: 'u' },
      expid,
      camera: 'r3',
      status: 2,
      label: null,
      measurements: [{ name: 'getrms', value, text, digest, nonFinite: null }],
      receivedAt: 5000,
    },
  ]);
  if (!outcome?.ok) throw new Error('refused');
  return { run: outcome.run, status: outcome.measurements[0]?.summary.status };
}

test('limits judge what begins after them; a run that has begun keeps its own, whatever is posted late', async () => {
  expect(post(1, 4.7)).toMatchObject({ status: 'alarm', run: { limitsVersion: null } });
  await save([rule()], 0);
  expect(post(2, 4.7)).toMatchObject({ status: 'warning', run: { limitsVersion: 1 } });
  await save([rule({ normal: [-1, 1] })], 1);
  expect(post(3, 4.7)).toMatchObject({ status: 'normal', run: { limitsVersion: 2 } });
  expect(post(2, 4.6)).toMatchObject({ status: 'warning', run: { limitsVersion: 1 } });
  expect(post(1, 4.65)).toMatchObject({ status: 'alarm', run: { limitsVersion: null } });
  const { versions } = await limits['limits.versions']({ limit: 10, offset: 0 });
  expect(versions.map(({ id, rules, runs, firstExpid }) => [id, rules, runs, firstExpid])).toEqual([
    [2, 1, 1, 3],
    [1, 1, 1, 2],
  ]);
});

test('a version is not saved over a newer one, nor with limits that make no sense', async () => {
  await save([rule()], 0);
  await expect(async () => save([], 0)).rejects.toThrow(/saved version 1 of the limits meanwhile/);
  await expect(async () => save([rule(), rule({ reference: 1 })], 1)).rejects.toThrow(/there are two of them/);
  await expect(async () => save([rule({ normal: [-3, 3] })], 1)).rejects.toThrow(/NOISE_AMP, r3, amplifier C/);
  expect(db.currentLimits()).toMatchObject({ id: 1, author: 'A. Observer', createdAt: 9 });
});

test('samples of the past have what was posted, from under the limits that judged them', async () => {
  post(1, 2.7);
  await save([rule()], 0);
  post(2, 4.1);
  const query = { key: 'NOISE_AMP', camera: 'r' as const, element: 'C', flavor: 'science' as const, program: null };
  const past = await limits['limits.samples']({ ...query, exposures: 10 });
  expect(past.exposures.map(({ expid, program }) => [expid, program])).toEqual([
    [1, 'dark'],
    [2, 'dark'],
  ]);
  expect(past.ranges).toEqual([{ normal: [-1.5, 1.5], warn: [-2, 2] }]);
  expect(
    [...past.samples]
      .sort((a, b) => a.exposure - b.exposure)
      .map(({ value, reference, ranges, status }) => [value, reference, ranges, status]),
  ).toEqual([
    [2.7, 2.6, 0, 'normal'],
    [4.1, 2.6, 0, 'normal'],
  ]);
  expect((await limits['limits.samples']({ ...query, flavor: 'arc', exposures: 10 })).samples).toEqual([]);
  expect((await limits['limits.samples']({ ...query, camera: 'b', exposures: 10 })).samples).toEqual([]);
});
