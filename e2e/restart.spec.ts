import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { CAMERAS, armOf } from '../src-shared/domain/camera.ts';
import { freePort, openQlf, query, untilEnded, type Qlf, type QlfOptions } from './fixtures/qlf.ts';

let folder: string;
let options: QlfOptions;
let qlf: Qlf | undefined;

test.beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'qlf-restart-'));
  options = { folder, ingestPort: await freePort(), args: ['--seed', '11'] };
});
test.afterEach(async () => {
  await qlf?.close();
  rmSync(folder, { recursive: true, force: true });
});

interface StoredMeasurement {
  id: number;
  camera: string;
  metric: string;
  revision: number;
  digest: string;
}

const measurements = (databaseFile: string, runId: number): StoredMeasurement[] =>
  query(
    databaseFile,
    `SELECT measurement.id, camera, metric, revision, hex(digest) AS digest FROM measurement
     JOIN job ON job.id = job_id WHERE run_id = ? ORDER BY measurement.id`,
    runId,
  );

test('killed in mid-run, it finishes the exposure at the next start, with nothing lost and nothing twice', async () => {
  qlf = await openQlf(options);
  const { databaseFile } = qlf;
  const snapshot = async () => (await qlf!.ask('control-room.snapshot', {})).current;
  const countDone = async () => (await snapshot())?.jobs.filter(({ state }) => state === 'done').length ?? 0;
  await expect.poll(countDone, { intervals: [100] }).toBeGreaterThanOrEqual(4);
  const settings = await qlf.ask('test-environment.get', {});
  await qlf.ask('test-environment.set', { settings: { ...settings!, cadence: 'manual' } });
  const run = (await snapshot())!.run;
  const children = await qlf.kill();
  qlf = undefined;

  expect(children.length, 'it was in the middle of its work').toBeGreaterThan(0);
  expect(await untilEnded(children, 20_000), 'processes that outlived it').toEqual([]);
  const before = measurements(databaseFile, run.id);
  expect(before.length).toBeGreaterThan(0);
  const unfinished = `SELECT count(*) AS n FROM job WHERE run_id = ? AND state IN ('waiting', 'running')`;
  expect(query<{ n: number }>(databaseFile, unfinished, run.id)[0]!.n).toBeGreaterThan(0);

  qlf = await openQlf(options);
  await expect.poll(async () => (await qlf!.ask('run.get', { runId: run.id })).run.state).toBe('done');
  const { jobs } = await qlf.ask('run.get', { runId: run.id });
  expect(jobs.map(({ camera, state }) => `${camera} ${state}`).sort()).toEqual(
    CAMERAS.map((camera) => `${camera} done`),
  );
  const runs = query<{ id: number }>(databaseFile, 'SELECT id FROM run WHERE expid = ?', run.expid);
  expect(runs, 'runs of the exposure').toEqual([{ id: run.id }]);

  const after = measurements(databaseFile, run.id);
  expect(after.slice(0, before.length), 'what was measured before is as it was').toEqual(before);
  const names = after.map(({ camera, metric }) => `${camera} ${metric}`);
  expect(new Set(names).size, 'no metric of a camera is there twice').toBe(names.length);
  const metricsOf = (camera: string) =>
    after
      .filter((one) => one.camera === camera)
      .map(({ metric }) => metric)
      .sort();
  for (const camera of CAMERAS) expect(metricsOf(camera), camera).toEqual(metricsOf(`${armOf(camera)}0`));
  expect(metricsOf('r0').length).toBeGreaterThan(3);
  expect(qlf.problems).toEqual([]);
});
