import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { CAMERAS } from '../src-shared/domain/camera.ts';
import { alive, killAll, treeOf } from './fixtures/process-tree.ts';
import { query, untilEnded } from './fixtures/qlf.ts';

const ROOT = join(import.meta.dirname, '..');
const REFERENCE = join(ROOT, 'e2e/data/desispec-reference');

interface Summary {
  exposures: number;
  jobs: { done: number; failed: number };
  measurements: number;
  database: string;
  ingest: string;
}

let folder: string;
const started: ChildProcess[] = [];
test.beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qlf-headless-'));
});
test.afterEach(() => {
  killAll(started.splice(0).flatMap(({ pid }) => treeOf(pid ?? 0)));
  rmSync(folder, { recursive: true, force: true });
});

/** `npm start -- --headless` as a person types it, in a home of its own. */
function start(...args: string[]) {
  const child = spawn('npm', ['start', '--', '--headless', '--ingest-port', '0', ...args], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, XDG_CONFIG_HOME: join(folder, 'config'), XDG_DATA_HOME: join(folder, 'share') },
  });
  started.push(child);
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (output.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output.stderr += chunk.toString()));
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  return { child, output, ended };
}

const lastLine = (text: string): string => text.trimEnd().split('\n').at(-1) ?? '';

test('three exposures of the emulated night: 90 jobs done, every measurement in the database, one JSON line', async () => {
  const { output, ended } = start('--exposures', '3', '--data', join(folder, 'data'), '--period', '5');
  const code = await ended;
  await test.info().attach('stderr', { body: output.stderr, contentType: 'text/plain' });
  expect(code, output.stderr.slice(-2000)).toBe(0);
  const summary = JSON.parse(lastLine(output.stdout)) as Summary;
  expect(summary).toMatchObject({ exposures: 3, jobs: { done: 90, failed: 0 }, database: join(folder, 'data/qlf.db') });
  expect(summary.ingest).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/dashboard\/api\/$/);
  const [counts] = query<{ runs: number; jobs: number; cameras: number; measurements: number }>(
    summary.database,
    `SELECT count(DISTINCT run_id) AS runs, count(DISTINCT job.id) AS jobs, count(DISTINCT camera) AS cameras,
            count(DISTINCT job.id || ' ' || metric) AS measurements
     FROM job JOIN run ON run.id = run_id JOIN measurement ON job_id = job.id WHERE run.state = 'done'`,
  );
  expect(counts).toEqual({ runs: 3, jobs: 90, cameras: 30, measurements: summary.measurements });
  for (const stage of ['transfer', 'split', 'process', 'verdict']) expect(output.stderr).toContain(stage);
  expect(output.stdout.split('\n').filter((line) => line.startsWith('{'))).toHaveLength(1);
});

test('the reference exposures: 8 jobs done, the bias registered only, absent cameras not expected', async () => {
  const data = join(folder, 'data');
  const source = ['--source', join(REFERENCE, 'raw'), '--data', data, '--catch-up', '--exposures', '3'];
  const { output, ended } = start(...source);
  const code = await ended;
  await test.info().attach('stderr', { body: output.stderr, contentType: 'text/plain' });
  expect(code, output.stderr.slice(-2000)).toBe(0);
  const summary = JSON.parse(lastLine(output.stdout)) as Summary;
  expect(summary).toMatchObject({ exposures: 3, jobs: { done: 8, failed: 0 } });

  const exposures = query<{ expid: number; state: string }>(summary.database, 'SELECT expid, state FROM exposure');
  expect(Object.fromEntries(exposures.map(({ expid, state }) => [expid, state]))).toEqual({
    101: 'processed',
    102: 'processed',
    103: 'registered',
    110: 'processed',
  });
  const jobs = query<{ expid: number; camera: string; state: string }>(
    summary.database,
    'SELECT expid, camera, state FROM job',
  );
  const camerasOf = (expid: number, state: string) =>
    jobs
      .filter((job) => job.expid === expid && job.state === state)
      .map(({ camera }) => camera)
      .sort();
  expect(camerasOf(101, 'done')).toEqual(['b0', 'b1', 'r0', 'r1', 'z0', 'z1']);
  expect(camerasOf(102, 'done')).toEqual(['r0']);
  expect(camerasOf(110, 'done')).toEqual(['r0']);
  expect(camerasOf(110, 'not-expected')).toEqual(CAMERAS.filter((camera) => camera !== 'r0').sort());
  expect(jobs.filter(({ expid }) => expid === 103)).toEqual([]);
});

test('a signal ends it and all its children; what it was at is taken up by the next start', async () => {
  const data = join(folder, 'data');
  const first = start('--data', data);
  await expect.poll(() => / process$/m.test(first.output.stderr), { message: 'jobs run' }).toBe(true);
  const tree = treeOf(first.child.pid!);
  expect(tree.length).toBeGreaterThan(3);
  first.child.kill('SIGTERM');
  expect(await first.ended).toBe(0);
  expect(await untilEnded(tree, 20_000)).toEqual([]);
  expect(JSON.parse(lastLine(first.output.stdout))).toMatchObject({ exposures: 0 });

  const second = start('--data', data, '--exposures', '1');
  expect(await second.ended, second.output.stderr.slice(-2000)).toBe(0);
  expect(JSON.parse(lastLine(second.output.stdout))).toMatchObject({ exposures: 1, jobs: { done: 30, failed: 0 } });
});

test('a wrong option is said in one line, with an exit status', async () => {
  const { output, ended } = start('--exposures', 'many');
  expect(await ended).not.toBe(0);
  expect(output.stderr).toMatch(/--exposures takes a whole number/);
  expect(existsSync(join(folder, 'share'))).toBe(false);
});

test('two engines never work in one data folder', async () => {
  const data = join(folder, 'data');
  const first = start('--data', data);
  await expect.poll(() => first.output.stderr.includes('engine started')).toBe(true);
  const tree = treeOf(first.child.pid!);
  const second = start('--data', data);
  expect(await second.ended).not.toBe(0);
  expect(second.output.stderr).toMatch(/another QLF/);
  expect(alive(tree).length).toBeGreaterThan(0);
  first.child.kill('SIGTERM');
  expect(await first.ended).toBe(0);
  expect(alive(tree)).toEqual([]);
});
