import { readFile, stat } from 'node:fs/promises';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CameraName } from '#shared/domain/camera.ts';
import type { LogLine, RunDetail } from '#shared/state/control-room.ts';
import type { RunningEngine } from '../../src-main/composition.ts';
import { alarmAbout } from '../support/alarm-about.ts';
import { until as untilAnswer } from '../support/wait.ts';
import { endedRuns, EngineRig, jobOf } from './engine-rig.ts';

/** One exposure whose cameras are processed by pipelines of which each does something else wrong. */
let rig: EngineRig;
let engine: RunningEngine;
let ended: ReturnType<typeof endedRuns>;
let run: RunDetail;
const lines: LogLine[] = [];
beforeAll(async () => {
  rig = new EngineRig();
  rig.deliver(101);
  const behaviours: [CameraName, string][] = [
    ['b0', 'exit 3'],
    ['r0', 'flood 20000000'],
    ['z0', 'silent'],
    ['b1', 'twice'],
    ['r1', 'nonsense'],
    ['z1', 'secret'],
  ];
  for (const [camera, behaviour] of behaviours) rig.script(camera, behaviour);
  engine = await rig.open();
  engine.onLine((line) => lines.push(line));
  ended = endedRuns(engine);
  await engine.start();
  run = await ended.of(101);
}, 300_000);
afterAll(() => rig.dispose());

const said = (words: string): LogLine[] => lines.filter(({ text }) => text.includes(words));
const detail = (): RunDetail => {
  const now = engine.runDetail(run.run.id);
  if (!now) throw new Error('the run is gone');
  return now;
};
const of = (camera: CameraName) => detail().measurements.filter((measurement) => measurement.camera === camera);

describe('a pipeline', () => {
  it('that crashes fails its camera alone, with its exit status and its last words', async () => {
    expect(run.run).toMatchObject({ state: 'done', reason: '4 failed' });
    expect(jobOf(run, 'b0')).toMatchObject({ state: 'failed', exitCode: 3 });
    expect(jobOf(run, 'b0').reason).toContain('no bias');
    expect(said('b0 of 00000101 failed: exit 3')).toHaveLength(1);
    expect(await alarmAbout(engine, 'failed-job', 'b0')).toMatchObject({ firstExpid: 101, present: true });
  });

  it('that floods its log is read to its end; what is kept of it is bounded, and says so', async () => {
    expect(jobOf(run, 'r0').state).toBe('done');
    const log = join(rig.data, jobOf(run, 'r0').logFile ?? '');
    expect((await stat(log)).size).toBeLessThan(17_000_000);
    expect((await readFile(log, 'utf8')).split('this log is full')).toHaveLength(2);
    expect(lines.filter(({ camera }) => camera === 'r0').length).toBeLessThan(20_000);
    const { log: shown } = await engine.handlers['control-room.snapshot']({});
    expect(shown.length).toBeLessThanOrEqual(1000);
  });

  it('that never posts has failed, though it ended well', async () => {
    expect(jobOf(run, 'z0')).toMatchObject({ state: 'failed', exitCode: 0, reason: 'no result of countpix' });
    await alarmAbout(engine, 'failed-job', 'z0');
  });

  it('that posts twice has its values once', () => {
    expect(jobOf(run, 'b1').state).toBe('done');
    expect(of('b1').map(({ metric, revision }) => [metric, revision])).toEqual([['countpix', 1]]);
  });

  it('that posts nonsense is refused in words, stores nothing, and its camera fails', async () => {
    expect(jobOf(run, 'r1')).toMatchObject({ state: 'failed', reason: 'no result of countpix' });
    expect(of('r1')).toEqual([]);
    expect(said(`a post of a pipeline of run ${String(run.run.id)} was refused: the body is no JSON`)).toHaveLength(1);
    expect(lines.filter(({ camera, text }) => camera === 'r1' && text.includes('POST answered 4'))).toHaveLength(4);
    await alarmAbout(engine, 'failed-job', 'r1');
  });

  it('that posts after its run ended: what it measured is kept and judged, the verdict stays, and it is told', async () => {
    expect(jobOf(run, 'z1')).toMatchObject({ state: 'failed', reason: 'no result of countpix' });
    const file = join(rig.folder, 'script', 'secret-z1');
    const environment = JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>;
    const credential = Buffer.from(`${environment['QLF_USER'] ?? ''}:${environment['QLF_PASSWD'] ?? ''}`);
    const value = {
      METRICS: { LITFRAC_AMP: [5, 5, 5, 5] },
      PARAMS: {
        LITFRAC_AMP_NORMAL_RANGE: [-0.1, 0.1],
        LITFRAC_AMP_WARN_RANGE: [-0.2, 0.2],
        LITFRAC_AMP_DARK_REF: [0.1, 0.1, 0.1, 0.1],
        LITFRAC_AMP_BRIGHT_REF: [0.1, 0.1, 0.1, 0.1],
      },
    };
    const response = await fetch(`${engine.ingestUrl}job/`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Basic ${credential.toString('base64')}` },
      body: JSON.stringify({
        ...{ id: 1, expid: 101, camera: 'z1', status: 0 },
        measurements: [{ metric: 'Count_Pixels', value }],
      }),
    });
    expect(response.status).toBe(201);
    expect(of('z1')).toMatchObject([{ metric: 'countpix', status: 'alarm' }]);
    expect(jobOf(detail(), 'z1').state).toBe('failed');
    expect(detail().run).toMatchObject({ state: 'done', reason: '4 failed' });
    expect(said('z1 of exposure 00000101: countpix came after its run had ended')).toHaveLength(1);
    const late = await untilAnswer(
      async () => (await engine.handlers['control-room.snapshot']({})).alarms,
      (alarms) => alarms.some(({ kind, cameras }) => kind !== 'failed-job' && cameras.includes('z1')),
    );
    expect(late.find(({ kind }) => kind !== 'failed-job')?.keys).toEqual(['LITFRAC_AMP']);
  });

  it('that hangs is ended when its time is over, and its run ends', async () => {
    const settings = await engine.handlers['settings.get']({});
    await engine.handlers['settings.set']({ settings: { ...settings, jobTimeout: 1 } });
    rig.script('r0', 'hang');
    rig.deliver(102);
    const hung = await ended.of(102);
    expect(hung.run).toMatchObject({ state: 'failed', reason: '1 failed' });
    expect(jobOf(hung, 'r0')).toMatchObject({ state: 'failed', reason: 'not finished after 1 s' });
    await alarmAbout(engine, 'failed-job', 'r0');
    expect(rig.pids.filter((pid) => existsSync(`/proc/${String(pid)}`))).toEqual([]);
  });
});
