import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { serious } from './fixtures/axe.ts';
import { guide } from './fixtures/guide.ts';
import { freePort, openQlf, query, type Qlf } from './fixtures/qlf.ts';

test.describe.configure({ mode: 'serial' });

let folder: string;
let qlf: Qlf;

test.beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'qlf-test-environment-'));
  qlf = await openQlf({ folder, ingestPort: await freePort(), args: ['--seed', '5', '--cadence', 'manual'] });
  await qlf.page.getByRole('button', { name: 'Test', exact: true }).click();
});
test.afterAll(async () => {
  await qlf.close();
  rmSync(folder, { recursive: true, force: true });
});
test.afterEach(() => {
  expect(qlf.problems, 'errors on the console of the page').toEqual([]);
});

test('says what the telescope waits for, and takes an exposure of the kind that is chosen', async () => {
  const { page } = qlf;
  const telescope = page.getByRole('region', { name: 'Telescope' });
  await expect(telescope).toContainText('Waits to be asked');
  await expect(telescope).toContainText(/00000001: bias, 0 s/);
  await page.getByRole('combobox', { name: 'Kind of the next exposure' }).selectOption('arc');
  await page.getByRole('button', { name: 'Next exposure now' }).click();
  await expect(telescope).toContainText(/Last: 00000001, made in/, { timeout: 30_000 });
  await expect
    .poll(() => query(qlf.databaseFile, 'SELECT expid, flavor FROM exposure'), { timeout: 20_000 })
    .toEqual([{ expid: 1, flavor: 'arc' }]);
});

test('faults are said in words, narrowed to a camera and amplifier, and are in the next exposure', async () => {
  const { page } = qlf;
  await page.getByRole('checkbox', { name: /Bias jump/ }).check();
  await page.getByRole('combobox', { name: 'Camera of Bias jump' }).selectOption('z7');
  await page.getByRole('combobox', { name: 'Amplifier of Bias jump' }).selectOption('B');
  await page.getByRole('checkbox', { name: /Missing camera/ }).check();
  await expect(page.getByRole('region', { name: 'Faults' })).toContainText('2 are in every exposure from the next on');
  await expect
    .poll(async () => (await qlf.ask('test-environment.get', {}))?.faults)
    .toEqual([
      { name: 'bias-jump', camera: 'z7', amplifier: 'B' },
      { name: 'missing-camera', camera: 'r3' },
    ]);
  expect(await serious(page)).toEqual([]);
  await guide(page, 'test-environment');
  await page.getByRole('combobox', { name: 'Kind of the next exposure' }).selectOption('science-dark');
  await page.getByRole('button', { name: 'Next exposure now' }).click();
  const statuses = (): { camera: string; state: string; status: string | null }[] =>
    query(
      qlf.databaseFile,
      `SELECT j.camera, j.state, m.status FROM job j LEFT JOIN measurement m ON m.job_id = j.id AND m.metric = 'getbias'
       WHERE j.expid = 2 AND (j.state = 'missing' OR m.status = 'alarm')`,
    );
  await expect.poll(statuses, { timeout: 60_000 }).toEqual([
    { camera: 'r3', state: 'missing', status: null },
    { camera: 'z7', state: 'done', status: 'alarm' },
  ]);
  await page.getByRole('button', { name: 'All off' }).click();
  await expect(page.getByRole('region', { name: 'Faults' })).toContainText('a clean night');
});
