import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { CameraName } from '#shared/domain/camera.ts';
import type { Measurement } from '#shared/domain/measurement.ts';
import type { ExternalPipeline } from '#shared/domain/settings.ts';
import type { RunDetail } from '#shared/state/control-room.ts';
import type { RunningEngine } from '../../src-main/composition.ts';
import { endedRuns, EngineRig, jobOf } from './engine-rig.ts';

const reference = resolve('e2e/data/desispec-reference');
const standIn = [process.execPath, resolve('e2e/integration/original-stand-in.mjs')];

let rig: EngineRig;
beforeEach(() => {
  rig = new EngineRig();
});
afterEach(() => rig.dispose());

/** Sets the pipeline, and a configuration of the reference for science exposures. */
async function setPipeline(
  engine: RunningEngine,
  pipeline: Omit<ExternalPipeline, 'env'> & { env?: Record<string, string> },
  { chain, science }: { chain: 'ql' | 'qp'; science: string },
): Promise<void> {
  const { handlers } = engine;
  const records = { SCRIPT: join(rig.folder, 'script'), RECORDS: join(reference, 'official'), CHAIN: chain };
  const settings = await handlers['settings.get']({});
  await handlers['settings.set']({
    settings: { ...settings, pipeline: { ...pipeline, env: { ...records, ...pipeline.env } } },
  });
  const text = readFileSync(join(reference, 'configs', science), 'utf8').replace(/^(?=.)/gm, '  ');
  const yaml = rig.configuration(5).replace(/^science: .*$/m, () => `science:\n${text}`);
  await handlers['configuration.save']({ yaml, author: 'test', reason: 'as the reference' });
}

const quicklook: Omit<ExternalPipeline, 'env'> = { kind: 'desi_quicklook', argv: standIn };
const qlChain = { chain: 'ql', science: 'qlconfig_science_full.yaml' } as const;

async function measured(engine: RunningEngine, run: RunDetail, camera: CameraName): Promise<Measurement[]> {
  return engine.handlers['job.measurements']({ runId: run.run.id, camera });
}

type Metrics = Record<string, unknown>;
const metricsOf = (measurement: Measurement | undefined): Metrics =>
  (measurement?.value as { METRICS: Metrics } | undefined)?.METRICS ?? {};

it('follows desi_quicklook step by step and takes its merged QA, once', async () => {
  rig.deliver(110);
  const engine = await rig.open();
  await setPipeline(engine, quicklook, qlChain);
  const ended = endedRuns(engine);
  await engine.start();
  const run = await ended.of(110);
  const job = jobOf(run, 'r0');
  expect(job).toMatchObject({ state: 'done', reason: '', exitCode: 0 });
  expect(job.plan).toEqual(['initialize', 'preproc', 'extract', 'fiberflat', 'sky']);
  expect(job.steps.map(({ step, endedAt }) => [step, endedAt !== null])).toEqual(job.plan.map((step) => [step, true]));
  const measurements = await measured(engine, run, 'r0');
  // The original forgets integ, skycont, skypeak and snr of this chain.
  expect(measurements.map(({ metric }) => metric).sort()).toEqual([
    'countbins',
    'countpix',
    'getbias',
    'getrms',
    'xwsigma',
  ]);
  const truth = JSON.parse(readFileSync(join(reference, 'metrics/ql-r0-110.json'), 'utf8')) as {
    steps: { QAs: Record<string, { METRICS: Metrics }> }[];
  };
  const qas = Object.assign({}, ...truth.steps.map(({ QAs }) => QAs)) as (typeof truth.steps)[number]['QAs'];
  const bias = measurements.find(({ metric }) => metric === 'getbias');
  expect(metricsOf(bias)).toEqual(qas['Bias_From_Overscan']?.METRICS);
  // Judged by ourselves: one amplifier is 45.9 ADU off, as the original says too.
  expect(bias?.status).toBe('warning');
  expect(bias?.keys[0]?.elements.map(({ label, status }) => [label, status])).toEqual([
    ['A', 'warning'],
    ['B', 'normal'],
    ['C', 'normal'],
    ['D', 'normal'],
  ]);

  await engine.handlers['job.retry']({ runId: run.run.id, camera: 'r0' });
  const again = await ended.of(110, 2);
  expect(jobOf(again, 'r0')).toMatchObject({ state: 'done', attempt: 2 });
  expect(again.measurements.map(({ revision }) => revision)).toEqual([1, 1, 1, 1, 1]);
});

it('takes all metrics of the later chain', async () => {
  rig.deliver(110);
  const engine = await rig.open();
  await setPipeline(engine, quicklook, { chain: 'qp', science: 'qlconfig_science_qp_full.yaml' });
  const ended = endedRuns(engine);
  await engine.start();
  const run = await ended.of(110);
  expect(jobOf(run, 'r0')).toMatchObject({ state: 'done', reason: '' });
  expect(run.measurements.map(({ metric }) => metric).sort()).toEqual(
    ['countbins', 'countpix', 'getbias', 'getrms', 'integ', 'skycont', 'skypeak', 'skyrband', 'snr', 'xwsigma'].concat(
      'xyshifts',
    ),
  );
  expect(run.measurements.find(({ metric }) => metric === 'skycont')?.status).toBe('warning');
});

it('fails each camera with its own reason, however desi_quicklook ends, and keeps what it measured', async () => {
  rig.deliver(101);
  rig.script('z1', 'nan');
  rig.script('b0', 'fail');
  rig.script('r1', 'killed');
  rig.script('z0', 'without');
  rig.script('b1', 'partial');
  const engine = await rig.open();
  await setPipeline(engine, quicklook, qlChain);
  const ended = endedRuns(engine);
  await engine.start();
  const run = await ended.of(101);
  const ends = (['r0', 'z1', 'b0', 'r1', 'z0', 'b1'] as const).map((camera) => {
    const { state, reason, exitCode, signal } = jobOf(run, camera);
    return [camera, state, reason, exitCode, signal];
  });
  expect(ends).toEqual([
    // The real one lost this QA to an exception on cameras of 50 fibers, and ended well.
    ['r0', 'failed', 'no result of xwsigma', 0, null],
    ['z1', 'failed', 'no result of xwsigma', 0, null],
    ['b0', 'failed', 'exit 1: Failed to run PA BoxcarExtract', 1, null],
    ['r1', 'failed', 'killed by SIGKILL', null, 'SIGKILL'],
    ['z0', 'failed', 'it ended without ql-mergedQA-z0-00000101.json', 0, null],
    ['b1', 'failed', 'ql-mergedQA-b1-00000101.json cannot be taken: it is cut off or no JSON', 0, null],
  ]);
  const rms = (await measured(engine, run, 'z1')).find(({ metric }) => metric === 'getrms');
  expect(metricsOf(rms)).toMatchObject({ DIFF1SIG: null, DIFF2SIG: null, DATA5SIG: 1 });
  expect(run.measurements.filter(({ camera }) => camera === 'r0')).toHaveLength(4);
  expect(run.measurements.filter(({ camera }) => !['r0', 'z1'].includes(camera))).toEqual([]);
});

it('takes a changed pipeline at the next exposure, with no restart', async () => {
  rig.deliver(102);
  const engine = await rig.open();
  const ended = endedRuns(engine);
  await engine.start();
  expect(jobOf(await ended.of(102), 'r0').plan).toEqual(['preproc']);
  await setPipeline(engine, quicklook, qlChain);
  rig.deliver(110);
  const changed = jobOf(await ended.of(110), 'r0');
  expect(changed.state).toBe('done');
  expect(changed.plan).toContain('extract');
});

it('runs desi_qproc, which makes spectra and no QA', async () => {
  rig.deliver(101);
  rig.script('z0', 'without');
  rig.script('b1', 'no-flat');
  const engine = await rig.open();
  await setPipeline(engine, { kind: 'desi_qproc', argv: [...standIn, 'qproc'] }, qlChain);
  const ended = endedRuns(engine);
  await engine.start();
  const run = await ended.of(101);
  expect(run.run.state).toBe('done');
  expect(jobOf(run, 'r0')).toMatchObject({ state: 'done', plan: ['extract', 'fiberflat', 'sky', 'fluxcal'] });
  expect(jobOf(run, 'r0').steps.map(({ step }) => step)).toEqual(['extract', 'fiberflat', 'sky', 'fluxcal']);
  expect(jobOf(run, 'z0').reason).toBe('it ended without preproc-z0-00000101.fits');
  expect(jobOf(run, 'b1').reason).toContain('exit 12: ');
  expect(jobOf(run, 'b1').reason).toContain('no FIBERFLAT for this spectro config');
  expect(run.measurements).toEqual([]);
});

it('runs any command that posts', async () => {
  rig.deliver(102);
  const engine = await rig.open();
  const { handlers } = engine;
  const settings = await handlers['settings.get']({});
  const argv = [process.execPath, resolve('e2e/integration/scripted-pipeline.mjs'), '--config', '{config}'];
  const env = { SCRIPT: join(rig.folder, 'script') };
  await handlers['settings.set']({ settings: { ...settings, pipeline: { kind: 'command', argv, env } } });
  const ended = endedRuns(engine);
  await engine.start();
  const run = await ended.of(102);
  expect(jobOf(run, 'r0')).toMatchObject({ state: 'done', reason: '' });
  expect(run.measurements.map(({ metric }) => metric)).toEqual(['countpix']);
});

it('refuses a command that cannot be filled in, and says of each camera when a program is not there', async () => {
  rig.deliver(102);
  const engine = await rig.open();
  const { handlers } = engine;
  const settings = await handlers['settings.get']({});
  const wrong = { kind: 'command' as const, argv: ['run', '{kamera}'], env: {} };
  const setting = async () => handlers['settings.set']({ settings: { ...settings, pipeline: wrong } });
  await expect(setting()).rejects.toThrow('{kamera}');
  expect(await handlers['settings.get']({})).toEqual(settings);
  await setPipeline(engine, { kind: 'desi_quicklook', argv: ['/no/such/desi_quicklook'] }, qlChain);
  const ended = endedRuns(engine);
  await engine.start();
  const job = jobOf(await ended.of(102), 'r0');
  expect(job.state).toBe('failed');
  expect(job.reason).toMatch(/^could not start: .*\/no\/such\/desi_quicklook/);
});
