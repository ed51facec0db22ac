import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'rolldown';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Alarm, AlarmKind } from '#shared/domain/alarm.ts';
import { CAMERAS, type CameraName } from '#shared/domain/camera.ts';
import { FAULTS, type Fault } from '#shared/domain/test-environment.ts';
import { createEngine, type RunningEngine } from '../../src-main/composition.ts';
import { createNodeLauncher } from '../../src-main/pipeline/node-launcher.ts';
import { endedRuns } from './engine-rig.ts';

/** What an exposure's faults must raise, and nothing else. */
interface Expected {
  kind: AlarmKind;
  cameras: readonly CameraName[];
  amplifiers?: readonly string[];
  /** METRICS key that it is named by; absent for machinery. */
  key?: string;
  title: RegExp;
}

/** A seeded night in the order of the test environment's short nights; what each exposure is does not depend on its faults. */
const NIGHT: readonly { flavor: string; program?: string; faults: readonly Fault[]; raises: readonly Expected[] }[] = [
  { flavor: 'bias', faults: [], raises: [] },
  { flavor: 'science', program: 'dark', faults: [], raises: [] },
  {
    flavor: 'science',
    program: 'dark',
    faults: [
      { name: 'missing-camera', camera: 'b9' },
      { name: 'dead-amplifier', camera: 'r3', amplifier: 'C' },
      { name: 'noisy-amplifier', camera: 'r5', amplifier: 'A' },
      { name: 'bias-jump', camera: 'b2', amplifier: 'B' },
      { name: 'saturated', camera: 'z1', amplifier: 'D' },
      { name: 'defocus', camera: 'b6' },
      { name: 'shifted-traces', camera: 'z7' },
      { name: 'dead-fibers', camera: 'z4' },
      // One damaged bundle is dark in all three arms, and one alarm.
      ...(['b8', 'r8', 'z8'] as const).map((camera) => ({ name: 'dead-fibers' as const, camera })),
    ],
    raises: [
      { kind: 'missing-camera', cameras: ['b9'], title: /^b9 missing from the file$/ },
      { kind: 'amplifier-dead', cameras: ['r3'], amplifiers: ['C'], key: 'NOISE_AMP', title: /^r3 amplifier C dead$/ },
      {
        kind: 'amplifier-noise',
        cameras: ['r5'],
        amplifiers: ['A'],
        key: 'NOISE_AMP',
        title: /^r5 amplifier A noise high$/,
      },
      {
        kind: 'amplifier-bias',
        cameras: ['b2'],
        amplifiers: ['B'],
        key: 'BIAS_AMP',
        title: /^b2 amplifier B bias high$/,
      },
      {
        kind: 'amplifier-saturated',
        cameras: ['z1'],
        amplifiers: ['D'],
        key: 'LITFRAC_AMP',
        title: /^z1 amplifier D saturated$/,
      },
      { kind: 'focus', cameras: ['b6'], key: 'XWSIGMA', title: /^b6 .*lines too wide$/ },
      { kind: 'traces', cameras: ['z7'], key: 'XYSHIFTS', title: /^z7 traces shifted$/ },
      { kind: 'fibers', cameras: ['z4'], key: 'NGOODFIB', title: /^z4 fibers lost$/ },
      { kind: 'fibers', cameras: ['b8', 'r8', 'z8'], key: 'NGOODFIB', title: /^Spectrograph 8: fibers lost$/ },
    ],
  },
  { flavor: 'arc', faults: [], raises: [] },
  {
    flavor: 'science',
    program: 'dark',
    faults: [{ name: 'cloud' }],
    raises: [{ kind: 'cloud', cameras: CAMERAS, key: 'DELTAMAG_TGT', title: /^All cameras: targets too faint$/ }],
  },
  { flavor: 'flat', faults: [], raises: [] },
  {
    flavor: 'science',
    program: 'gray',
    faults: [{ name: 'bright-sky' }],
    raises: [{ kind: 'bright-sky', cameras: CAMERAS, key: 'SKYCONT', title: /^All cameras: sky continuum high$/ }],
  },
  { flavor: 'science', program: 'bright', faults: [], raises: [] },
  {
    flavor: 'science',
    program: 'bright',
    faults: [{ name: 'truncated-file', camera: 'r5' }],
    raises: [
      {
        kind: 'damaged-file',
        cameras: CAMERAS.slice(CAMERAS.indexOf('r5')),
        title: /^Damaged file: r5 cut off$/,
      },
    ],
  },
  { flavor: 'dark', faults: [], raises: [] },
  {
    flavor: 'science',
    program: 'dark',
    faults: [{ name: 'wrong-expid' }],
    raises: [
      { kind: 'wrong-exposure', cameras: [], key: 'EXPNUM', title: /^File of another exposure: exposure \d{8}$/ },
    ],
  },
  { flavor: 'science', program: 'gray', faults: [], raises: [] },
];

let folder: string;
let engine: RunningEngine;

async function open(): Promise<RunningEngine> {
  process.env['XDG_CONFIG_HOME'] = join(folder, 'config');
  return createEngine({
    source: null,
    data: join(folder, 'data'),
    calibration: null,
    ingestPort: 0,
    parallel: availableParallelism(),
    catchUp: true,
    compatibility: 'none',
    seed: 20,
    size: 'compact',
    period: null,
    cadence: 'manual',
    resourcesDir: resolve('resources'),
    assetsDir: resolve('out/renderer'),
    launcher: createNodeLauncher({ programsDir: folder }),
    version: 'test',
    electron: '',
    documents: null,
  });
}

async function program(name: string, input: string): Promise<void> {
  await build({
    input,
    platform: 'node',
    transform: { target: 'node18' },
    output: { file: join(folder, `${name}.cjs`), format: 'cjs', codeSplitting: false },
  });
}

const all = async (): Promise<Alarm[]> =>
  (await engine.handlers['alarm.list']({ view: 'all', limit: 500, offset: 0 })).alarms;

/** An alarm as far as the night says what it must be. */
const told = ({ kind, cameras, amplifiers, keys, title }: Alarm) => ({
  kind,
  cameras,
  amplifiers,
  key: keys[0],
  title,
});

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'qlf-alarms-'));
  await program('ql-pipeline', 'src-pipeline/cli.ts');
  await program('dos-test-environment', 'src-main/dos/test-environment/program.ts');
  engine = await open();
  const settings = await engine.handlers['settings.get']({});
  const flavors = ['science', 'object', 'arc', 'flat', 'bias', 'dark'];
  await engine.handlers['settings.set']({ settings: { ...settings, flavors } });
  await engine.start();
}, 120_000);
afterAll(async () => {
  await engine.close();
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

describe('a seeded night', () => {
  it('has every fault that there is', () => {
    const used = new Set(NIGHT.flatMap(({ faults }) => faults.map(({ name }) => name)));
    expect([...used].sort()).toEqual([...FAULTS].sort());
  });

  it.each(NIGHT.map((exposure, i) => ({ ...exposure, expid: i + 1, name: exposure.program ?? exposure.flavor })))(
    'exposure $expid, $name: $faults.length faults, as many causes, as many alarms',
    async ({ expid, flavor, program: observed, faults, raises }) => {
      const before = new Set((await all()).map(({ id }) => id));
      const environment = await engine.handlers['test-environment.get']({});
      await engine.handlers['test-environment.set']({ settings: { ...environment!, faults: [...faults] } });
      const ended = endedRuns(engine);
      await engine.handlers['test-environment.expose-now']({});
      const { run } = await ended.of(expid);
      // The end of a run is told with a batch of events, at most a thirtieth of a second later.
      await expect
        .poll(async () => (await all()).filter((alarm) => alarm.runId === run.id && alarm.present).length)
        .toBeGreaterThanOrEqual(raises.length);
      await new Promise((done) => setTimeout(done, 200));
      const { exposures } = await engine.handlers['exposure.list']({ limit: 1, offset: 0 });
      expect(exposures[0]).toMatchObject({ expid, flavor, ...(observed === undefined ? {} : { program: observed }) });

      const raised = (await all()).filter(({ id }) => !before.has(id));
      const byTitle = (a: { title: string }, b: { title: string }): number => a.title.localeCompare(b.title);
      expect(raised.map(told).sort(byTitle)).toEqual(
        raises
          .map(({ kind, cameras, amplifiers = [], key, title }) => ({
            kind,
            cameras: [...cameras],
            amplifiers: [...amplifiers],
            key,
            title: expect.stringMatching(title) as string,
          }))
          .sort((a, b) => byTitle(raised.find(same(a)) ?? { title: '' }, raised.find(same(b)) ?? { title: '' })),
      );
      for (const alarm of raised) expect(alarm).toMatchObject({ state: 'new', present: true, expid, runId: run.id });
    },
    180_000,
  );

  it('is over for what has been good again, latched until somebody has seen it', async () => {
    const alarms = await all();
    expect(alarms.every(({ state }) => state === 'new')).toBe(true);
    // One good exposure has come after the last fault; an alarm needs two.
    const present = alarms.filter((alarm) => alarm.present);
    expect(present).toMatchObject([{ kind: 'wrong-exposure', goods: 1 }]);
    const [noise] = alarms.filter(({ kind }) => kind === 'amplifier-noise');
    const seen = await engine.handlers['alarm.acknowledge']({ id: noise!.id, name: 'An observer', note: 'cable' });
    expect(seen).toMatchObject({ state: 'cleared', by: 'An observer', note: 'cable' });
    const { history } = await engine.handlers['alarm.get']({ id: noise!.id });
    expect(history.map(({ kind }) => kind).reverse()).toEqual(
      expect.arrayContaining(['raised', 'good', 'acknowledged', 'cleared']),
    );
  });

  it('makes no second alarm of a job that is retried, or after a restart', async () => {
    const before = await all();
    const ended = endedRuns(engine);
    const { runId, expid } = before.find(({ kind }) => kind === 'amplifier-noise')!;
    await engine.handlers['job.retry']({ runId: runId!, camera: 'r5' });
    await ended.of(expid!);
    await engine.close();
    engine = await open();
    expect(await all()).toEqual(before);
    await engine.start();
    await new Promise((done) => setTimeout(done, 1500));
    expect(await all()).toEqual(before);
  }, 120_000);
});

/** The alarm that an expected one is about: its kind, in the same cameras. */
function same(wanted: { kind: AlarmKind; cameras: readonly CameraName[] }): (alarm: Alarm) => boolean {
  return ({ kind, cameras }) => kind === wanted.kind && cameras.join() === wanted.cameras.join();
}
