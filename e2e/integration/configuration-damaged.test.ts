import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { endedRuns, EngineRig, jobOf, until } from './engine-rig.ts';

let rig: EngineRig;
beforeEach(() => {
  rig = new EngineRig();
});
afterEach(() => rig.dispose());

it('a configuration that cannot be used fails the exposure with the reason, and nothing else', async () => {
  rig.deliver(101);
  const engine = await rig.open();
  const ended = endedRuns(engine);
  const lines: string[] = [];
  engine.onLine((line) => lines.push(line.text));
  // What no editor would save: written by somebody with another program.
  const other = new Database(engine.databaseFile);
  other.prepare('UPDATE configuration SET yaml = ?').run('science: {Pipeline: [Preproc');
  other.close();
  await engine.start();
  await until('it is said', () => lines.some((line) => /00000101: .*configuration/.test(line)));
  const list = await engine.handlers['exposure.list']({ limit: 10, offset: 0 });
  expect(list.exposures).toMatchObject([{ expid: 101, state: 'failed' }]);
  expect(list.exposures[0]?.reason).toMatch(/configuration/);
  expect(ended.all).toEqual([]);

  await engine.handlers['configuration.save']({ yaml: rig.configuration(5), author: 'engineer', reason: 'mended' });
  await engine.handlers['exposure.process']({ expid: 101 });
  expect((await ended.of(101)).run.state).toBe('done');
});

it('a full disk under the configuration of a camera fails that camera alone, with the reason; it is retried when there is room', async () => {
  rig.deliver(101);
  const engine = await rig.open();
  const ended = endedRuns(engine);
  const folder = join(rig.data, 'redux/exposures/20191115/00000101/run-1');
  mkdirSync(folder, { recursive: true });
  const full = join(folder, 'qlconfig-r0-00000101.yaml.part');
  symlinkSync('/dev/full', full);
  await engine.start();
  const first = await ended.of(101);
  expect(jobOf(first, 'r0')).toMatchObject({ state: 'failed' });
  expect(jobOf(first, 'r0').reason).toMatch(/ENOSPC/);
  expect(first.jobs.filter(({ state }) => state === 'done')).toHaveLength(5);
  rmSync(full);
  await engine.handlers['job.retry']({ runId: 1, camera: 'r0' });
  expect(jobOf(await ended.of(101, 2), 'r0')).toMatchObject({ state: 'done', reason: '' });
});
