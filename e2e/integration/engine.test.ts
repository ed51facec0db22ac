import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { endedRuns, EngineRig, jobOf, until } from './engine-rig.ts';

let rig: EngineRig;
beforeEach(() => {
  rig = new EngineRig();
});
afterEach(() => rig.dispose());

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

it('takes the newest exposure first, shows what it passed over, and catches up when idle', async () => {
  for (const expid of [101, 102, 103, 110]) rig.deliver(expid);
  const engine = await rig.open({ catchUp: true });
  const ended = endedRuns(engine);
  const lines: string[] = [];
  engine.onLine((line) => lines.push(line.text));
  await engine.start();
  await until('three runs', () => ended.all.length === 3);
  expect(ended.all.map((run) => [run.expid, run.state])).toEqual([
    [110, 'done'],
    [102, 'done'],
    [101, 'done'],
  ]);
  expect(lines.filter((line) => line.includes('superseded'))).toHaveLength(2);
  const { exposures } = await engine.handlers['exposure.list']({ limit: 10, offset: 0 });
  expect(exposures.map((exposure) => [exposure.expid, exposure.flavor, exposure.state])).toEqual([
    [110, 'science', 'processed'],
    [103, 'bias', 'registered'],
    [102, 'science', 'processed'],
    [101, 'science', 'processed'],
  ]);
  const states = (await ended.of(101)).jobs.map((job) => job.state);
  expect(states.filter((state) => state === 'done')).toHaveLength(6);
  expect(states.filter((state) => state === 'not-expected')).toHaveLength(24);
});

it('leaves gaps as they are when catching up is off', async () => {
  for (const expid of [101, 102]) rig.deliver(expid);
  const engine = await rig.open({ catchUp: false });
  const ended = endedRuns(engine);
  await engine.start();
  await ended.of(102);
  await until('idle', () => ended.all.length === 1);
  const { exposures } = await engine.handlers['exposure.list']({ limit: 10, offset: 0 });
  expect(exposures.find((exposure) => exposure.expid === 101)?.state).toBe('superseded');
});

it('fails a camera alone, with its reason, and retries it on its own', async () => {
  rig.deliver(101);
  rig.script('b0', 'exit 1');
  rig.script('r1', 'silent');
  rig.script('z1', 'signal');
  const engine = await rig.open();
  const ended = endedRuns(engine);
  await engine.start();
  const first = await ended.of(101);
  expect(first.run.state).toBe('done');
  expect(jobOf(first, 'b0')).toMatchObject({ state: 'failed', exitCode: 1 });
  expect(jobOf(first, 'b0').reason).toContain('no bias');
  expect(jobOf(first, 'r1')).toMatchObject({ state: 'failed', exitCode: 0, reason: 'no result of countpix' });
  expect(jobOf(first, 'z1')).toMatchObject({ state: 'failed', signal: 'SIGSEGV' });
  expect(jobOf(first, 'z0').state).toBe('done');

  rig.script('b0', 'good');
  const before = first.measurements.length;
  await engine.handlers['job.retry']({ runId: first.run.id, camera: 'b0' });
  const again = await ended.of(101, 2);
  expect(again.run.id).toBe(first.run.id);
  expect(jobOf(again, 'b0')).toMatchObject({ state: 'done', attempt: 2, reason: '' });
  expect(again.measurements).toHaveLength(before + 1);
  expect(() => engine.handlers['job.retry']({ runId: first.run.id, camera: 'b5' })).toThrow('is not in the file');
});

it('does not double a measurement that a repeated camera posts again', async () => {
  rig.deliver(102);
  const engine = await rig.open();
  const ended = endedRuns(engine);
  await engine.start();
  const first = await ended.of(102);
  await engine.handlers['job.retry']({ runId: first.run.id, camera: 'r0' });
  const again = await ended.of(102, 2);
  expect(again.measurements.map(({ metric, revision }) => [metric, revision])).toEqual([['countpix', 1]]);
});

it('stops with no child left and takes the run up again where it was', async () => {
  rig.deliver(101);
  rig.script('z0', 'hang');
  const engine = await rig.open();
  const ended = endedRuns(engine);
  await engine.start();
  await until('five cameras done', () => {
    const detail = engine.runDetail(1);
    return detail?.jobs.filter((job) => job.state === 'done').length === 5;
  });
  await engine.handlers['engine.stop']({});
  expect(rig.pids.filter(isAlive)).toEqual([]);
  expect(ended.all).toEqual([]);
  expect(engine.runDetail(1)?.run.state).toBe('running');
  rig.script('z0', 'good');
  await engine.handlers['engine.start']({});
  const detail = await ended.of(101);
  expect(detail.run.id).toBe(1);
  expect(jobOf(detail, 'z0')).toMatchObject({ state: 'done', attempt: 2 });
  expect(jobOf(detail, 'b0').attempt).toBe(1);
  expect(detail.measurements).toHaveLength(6);
});

it('cancels a run for good, and processes it anew only on request', async () => {
  rig.deliver(102);
  rig.script('r0', 'hang');
  const engine = await rig.open();
  const ended = endedRuns(engine);
  await engine.start();
  await until('running', () => engine.runDetail(1)?.jobs.some((job) => job.state === 'running'));
  await engine.handlers['run.cancel']({ runId: 1 });
  const cancelled = await ended.of(102);
  expect(cancelled.run.state).toBe('cancelled');
  expect(jobOf(cancelled, 'r0').state).toBe('cancelled');
  await until('no child', () => !rig.pids.some(isAlive));
  rig.script('r0', 'good');
  await engine.handlers['exposure.process']({ expid: 102 });
  const anew = await ended.of(102, 2);
  expect(anew.run).toMatchObject({ id: 2, state: 'done' });
});

it('waits for a person in manual mode', async () => {
  const engine = await rig.open();
  const ended = endedRuns(engine);
  await engine.handlers['engine.set-mode']({ mode: 'manual' });
  await engine.start();
  rig.deliver(101);
  rig.deliver(102);
  await until('two registered', () => exposuresOf(engine).length === 2);
  expect(exposuresOf(engine).map((exposure) => exposure.state)).toEqual(['waiting', 'waiting']);
  await engine.handlers['exposure.process']({ expid: 101 });
  await ended.of(101);
  expect(exposuresOf(engine).map((exposure) => exposure.state)).toEqual(['waiting', 'processed']);
  await engine.handlers['engine.set-mode']({ mode: 'auto' });
  await ended.of(102);
});

it('empties the table at a reset, and loses nothing', async () => {
  rig.deliver(102);
  rig.script('r0', 'hang');
  const engine = await rig.open();
  const ended = endedRuns(engine);
  await engine.start();
  await until('posted', () => engine.runDetail(1)?.measurements.length === 1);
  await engine.handlers['engine.set-mode']({ mode: 'manual' });
  await engine.handlers['engine.reset']({});
  expect(engine.runDetail(1)?.run.state).toBe('cancelled');
  expect(engine.runDetail(1)?.measurements).toHaveLength(1);
  expect(snapshotOf(engine).current).toBeNull();
  expect(ended.all).toEqual([]);
});

it('gives a changed configuration to the next exposure, and each run keeps its own', async () => {
  rig.deliver(101);
  const engine = await rig.open();
  const ended = endedRuns(engine);
  await engine.start();
  const first = await ended.of(101);
  await engine.handlers['configuration.save']({ yaml: rig.configuration(7), author: 'engineer', reason: 'test' });
  rig.deliver(102);
  const second = await ended.of(102);
  const cut = (run: { night: string; expid: number; id: number }, camera: string): string | undefined => {
    const folder = join(
      rig.data,
      'redux',
      'exposures',
      run.night,
      `00000${String(run.expid)}`,
      `run-${String(run.id)}`,
    );
    return /CUTPIX: (\d+)/.exec(
      readFileSync(join(folder, `qlconfig-${camera}-00000${String(run.expid)}.yaml`), 'utf8'),
    )?.[1];
  };
  expect(cut(first.run, 'r0')).toBe('5');
  expect(cut(second.run, 'r0')).toBe('7');
  expect(second.run.configurationId).not.toBe(first.run.configurationId);
  expect(() => engine.handlers['configuration.save']({ yaml: 'science: 3', author: 'x', reason: '' })).toThrow();
});

it('lets one engine work in a data folder', async () => {
  await rig.open();
  await expect(rig.open()).rejects.toThrow('another QLF');
});

function snapshotOf(engine: Awaited<ReturnType<EngineRig['open']>>) {
  const snapshot = engine.handlers['control-room.snapshot']({});
  if (snapshot instanceof Promise) throw new Error('the snapshot is there at once');
  return snapshot;
}

function exposuresOf(engine: Awaited<ReturnType<EngineRig['open']>>) {
  return snapshotOf(engine).exposures;
}
