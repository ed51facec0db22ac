import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@playwright/test';
import { CAMERAS } from '../src-shared/domain/camera.ts';
import type { JudgedKey } from '../src-shared/domain/measurement.ts';
import type { RunDetail } from '../src-shared/state/control-room.ts';
import { freePort, openQlf, query, type Qlf } from './fixtures/qlf.ts';

test.describe.configure({ mode: 'serial' });

const USER = 'observer';
const PASSWORD = 'a password of this test';

let folder: string;
let qlf: Qlf;

test.beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'qlf-night-'));
  const env = { QLF_USER: USER, QLF_PASSWD: PASSWORD };
  qlf = await openQlf({ folder, ingestPort: await freePort(), args: ['--seed', '7'], env });
});
test.afterAll(async () => {
  await qlf.close();
  rmSync(folder, { recursive: true, force: true });
});
test.afterEach(async () => {
  const info = test.info();
  if (info.status !== info.expectedStatus) await qlf.attachState(info);
  expect(qlf.problems, 'errors on the console of the page').toEqual([]);
});

const current = async (): Promise<RunDetail | null> => (await qlf.ask('control-room.snapshot', {})).current;
const activity = async (): Promise<string> => (await qlf.ask('control-room.snapshot', {})).engine.activity;

/** From here on the telescope waits for the tests: what it had begun is delivered and processed, and nothing follows. */
async function untilTelescopeWaits(): Promise<void> {
  const settings = await qlf.ask('test-environment.get', {});
  await qlf.ask('test-environment.set', { settings: { ...settings!, cadence: 'manual' } });
  let seen = '';
  let quiet = 0;
  const secondsOfQuiet = async (): Promise<number> => {
    const { engine, exposures } = await qlf.ask('control-room.snapshot', {});
    const now = `${engine.activity} ${String(exposures[0]?.expid)}`;
    quiet = engine.activity === 'idle' && now === seen ? quiet + 1 : 0;
    seen = now;
    return quiet;
  };
  await expect.poll(secondsOfQuiet, { intervals: [1000] }).toBeGreaterThan(12);
}

test('shows 30 judged cameras of an exposure that was just observed', async () => {
  const { page } = qlf;
  await expect(page.getByRole('grid', { name: 'Cameras' })).toBeVisible();
  await expect.poll(async () => (await current())?.run.state).toBe('done');
  await untilTelescopeWaits();
  for (const camera of CAMERAS)
    await expect(page.locator(`[data-camera="${camera}"]`)).toHaveAttribute('data-status', /^(normal|warning|alarm)$/);
  await page.screenshot({ path: 'test-results/monitor.png' });
});

/** The number that a text of the interface stands for, and how much rounding may have changed it. */
function readNumber(text: string): { value: number; tolerance: number } {
  const plain = text.replace(/\u2212/g, '-').trim();
  const [mantissa = '', exponent = '0'] = plain.split('e');
  const decimals = mantissa.includes('.') ? mantissa.length - mantissa.indexOf('.') - 1 : 0;
  return { value: Number(plain), tolerance: 0.501 * 10 ** (Number(exponent) - decimals) };
}

test('shows for a clicked camera exactly what the database has', async () => {
  const { page, databaseFile } = qlf;
  const camera = 'r4';
  const { run } = (await current())!;
  const stored = query<{ id: number; metric: string; keys: string; value: string }>(
    databaseFile,
    `SELECT measurement.id, metric, keys, value FROM measurement
     JOIN measurement_value ON measurement_id = measurement.id JOIN job ON job.id = job_id
     WHERE run_id = ? AND camera = ? AND revision =
       (SELECT max(revision) FROM measurement newer WHERE newer.job_id = job.id AND newer.metric = measurement.metric)`,
    run.id,
    camera,
  );
  expect(stored.length).toBeGreaterThan(3);

  await page.locator(`[data-camera="${camera}"]`).click();
  const table = page.getByRole('table', { name: `Measurements of ${camera}` });
  await expect(table).toBeVisible();
  for (const { metric, keys } of stored)
    for (const { key, elements } of JSON.parse(keys) as JudgedKey[]) {
      const rows = table.locator(`[data-metric="${metric}"][data-key="${key}"]`);
      const texts = await rows.locator('b[role=cell]').allTextContents();
      expect(texts.length, `rows of ${metric} ${key}`).toBeGreaterThan(0);
      for (const text of texts) {
        if (text === 'n/a') continue;
        const { value, tolerance } = readNumber(text);
        const near = elements.some((element) => element.value !== null && Math.abs(element.value - value) <= tolerance);
        expect(near, `${metric} ${key} shows ${text}, stored: ${JSON.stringify(elements)}`).toBe(true);
      }
    }
  const shown = await table
    .locator('[data-metric]')
    .evaluateAll((rows) => rows.map((row) => row.getAttribute('data-metric')));
  expect(new Set(shown)).toEqual(new Set(stored.map(({ metric }) => metric)));

  const pulled = await qlf.ask('job.measurements', { runId: run.id, camera });
  const byId = new Map(pulled.map(({ id, value }) => [id, value]));
  expect(byId.size).toBe(stored.length);
  for (const { id, value } of stored) expect(byId.get(id)).toEqual(JSON.parse(value));

  await expect(page.locator('.js-plotly-plot .main-svg').first()).toBeVisible();
  await page.screenshot({ path: 'test-results/camera.png' });
});

test('retries one camera, and stores nothing twice', async () => {
  const { databaseFile } = qlf;
  const { run } = (await current())!;
  const count = (): number => query<{ n: number }>(databaseFile, 'SELECT count(*) AS n FROM measurement')[0]!.n;
  const before = count();
  await qlf.ask('job.retry', { runId: run.id, camera: 'z3' });
  const job = async () => (await qlf.ask('run.get', { runId: run.id })).jobs.find(({ camera }) => camera === 'z3');
  await expect.poll(job).toMatchObject({ attempt: 2, state: 'done' });
  await expect.poll(async () => (await qlf.ask('run.get', { runId: run.id })).run.state).toBe('done');
  expect(count()).toBe(before);
  expect((await qlf.ask('run.get', { runId: run.id })).jobs.filter(({ attempt }) => attempt !== 1)).toHaveLength(1);
});

test('stops, starts, processes by hand and resets at the click of a button', async () => {
  const { page } = qlf;
  await page.getByRole('button', { name: 'Monitor' }).click();
  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  await expect.poll(activity).toBe('off');
  await page.getByRole('button', { name: 'Start', exact: true }).click();
  await expect.poll(activity).toBe('idle');

  const before = (await current())!.run;
  await page
    .getByRole('button', { name: /^Process again/ })
    .first()
    .click();
  await expect.poll(async () => (await current())?.jobs.some(({ state }) => state === 'done')).toBe(true);
  const again = (await current())!.run;
  expect(again).toMatchObject({ expid: before.expid, state: 'running' });
  expect(again.id).toBeGreaterThan(before.id);

  await page.getByRole('button', { name: 'Reset' }).click();
  await page.getByRole('button', { name: 'Really reset?' }).click();
  await expect.poll(async () => (await qlf.ask('run.get', { runId: again.id })).run.state).toBe('cancelled');
  await expect.poll(activity).toBe('idle');
  const { jobs } = await qlf.ask('run.get', { runId: again.id });
  expect(jobs.filter(({ state }) => state === 'running' || state === 'waiting')).toEqual([]);
});

/** The example of the founding document; address and credential come by environment. */
const EXAMPLE = `
import json, os, requests
TEST_USER, TEST_PASSWD = os.environ['QLF_USER'], os.environ['QLF_PASSWD']
response = requests.get(os.environ['QLF_API_URL'])
first = response.status_code
api = response.json()
job = {
    "id": 1,
    "expid": 4711,
    "camera": "r0",
    "status": 0,
    "measurements": [
        {
            "metric": "SNR",
            "value": json.loads(os.environ['VALUE'])
        }
    ]
}
response = requests.post(api['job'], json=job, auth=(TEST_USER, TEST_PASSWD))
print(first, response.status_code)
`;

test('puts on the screen what a pipeline elsewhere posts with Python', async () => {
  const { page } = qlf;
  const METRICS = { FIDSNR_TGT: [7.25, 7.5, 7.75, 8], FIDSNR_TGT_STATUS: 'NORMAL' };
  const VALUE = JSON.stringify({ METRICS, PARAMS: {} });
  const QLF_API_URL = qlf.ingestUrl.replace('127.0.0.1', 'localhost');
  const env = { ...process.env, QLF_API_URL, QLF_USER: USER, QLF_PASSWD: PASSWORD, VALUE };
  const { stdout } = await promisify(execFile)('/usr/bin/python3', ['-c', EXAMPLE], { env });
  expect(stdout.trim()).toBe('200 201');
  await expect(page.getByText('Exposure 00004711', { exact: true })).toBeVisible();
  await expect(page.locator('[data-camera="r0"]')).toContainText('7.25');
  expect(await current()).toMatchObject({ run: { kind: 'external', expid: 4711 } });
});
