import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { serious } from './fixtures/axe.ts';
import { guide } from './fixtures/guide.ts';
import { onObservedNight } from './fixtures/on-observed-night.ts';
import { freePort, query, type Qlf } from './fixtures/qlf.ts';

const night = onObservedNight('settings');
let qlf: Qlf;

test.beforeAll(async () => {
  ({ qlf } = night);
  await qlf.page.getByRole('button', { name: 'Settings' }).click();
});

const section = (name: string) => qlf.page.getByRole('navigation', { name: 'Settings' }).getByRole('button', { name });
const choose = (group: string, name: string) =>
  qlf.page.getByRole('group', { name: group, exact: true }).getByText(name, { exact: true }).click();

test('a value is changed in the form, seen in the text and the differences, and saved as a version with a reason', async () => {
  const { page } = qlf;
  await expect(page.getByRole('heading', { level: 1, name: 'QL configuration' })).toBeVisible();
  const field = page.getByLabel('Heartbeat', { exact: true });
  await expect(field).toHaveValue('5');
  await field.fill('soon');
  await field.press('Enter');
  await expect(page.getByText('must be a number')).toBeVisible();
  await field.fill('0');
  await field.press('Enter');
  await expect(page.getByText('1 error to mend')).toBeVisible();
  await expect(page.getByRole('list', { name: 'What is wrong' })).toContainText(/Line \d+, Period/);
  await expect(page.getByRole('button', { name: 'Save as v2' })).toBeDisabled();
  await field.fill('4');
  await field.press('Enter');
  await expect(page.getByRole('textbox', { name: 'Configuration of science as YAML' })).toHaveValue(/^Period: 4$/m);
  await expect(page.getByText('1 error to mend')).toBeHidden();
  await choose('Text', 'Diff');
  await expect(page.getByRole('region', { name: 'Differences' }).locator('li.added')).toHaveText(/Period: 4/);
  expect(await serious(page)).toEqual([]);
  await guide(page, 'settings-configuration');
  await page.getByRole('textbox', { name: 'Reason for the change' }).fill('Beats were lost at 5 s');
  await expect(page.getByRole('button', { name: 'Save as v2' })).toBeDisabled();
  await page.getByRole('textbox', { name: 'Your name' }).fill('A. Observer');
  await page.getByRole('button', { name: 'Save as v2' }).click();
  await expect(page.getByRole('region', { name: 'Versions' })).toContainText('Beats were lost at 5 s');
  expect(query(qlf.databaseFile, 'SELECT id, author, reason, scopes FROM configuration ORDER BY id')).toEqual([
    { id: 1, author: 'QLF', reason: 'first configuration', scopes: null },
    { id: 2, author: 'A. Observer', reason: 'Beats were lost at 5 s', scopes: '["science"]' },
  ]);
});

test('a program has its own part, laid over what all science exposures have', async () => {
  const { page } = qlf;
  await choose('Program', 'Bright');
  await choose('Text', 'YAML');
  const text = page.getByRole('textbox', { name: 'Configuration of science/bright as YAML' });
  await expect(text).toHaveValue('');
  await page.getByLabel('Fiducial magnitude').fill('21');
  await page.getByLabel('Fiducial magnitude').press('Enter');
  await expect(text).toHaveValue(
    /^Algorithms:\n {2}SkySub_QP:\n {4}QA:\n {6}Calculate_SNR:\n {8}PARAMS:\n {10}FIDMAG: 21/,
  );
  await choose('Text', 'Result');
  await expect(page.getByRole('textbox', { name: 'What jobs of this program read' })).toHaveValue(/FIDMAG: 21/);
  await page.getByRole('textbox', { name: 'Reason for the change' }).fill('Bright targets');
  await page.getByRole('button', { name: 'Save as v3' }).click();
  await expect(page.getByText('Nothing is edited.')).toBeVisible();
  const [saved] = query<{ yaml: string }>(qlf.databaseFile, 'SELECT yaml FROM configuration WHERE id = 3');
  expect(saved?.yaml).toMatch(/\nprograms:\n {2}bright:\n/);
});

test('an older version is looked at and restored', async () => {
  const { page } = qlf;
  await choose('Program', 'All programs');
  const versions = page.getByRole('region', { name: 'Versions' });
  await expect(versions.getByRole('button')).toHaveCount(3);
  await expect(versions.getByRole('button', { name: /^v1/ })).toContainText(/\d+ runs, \d{8} to \d{8}/);
  await versions.getByRole('button', { name: /^v1/ }).click();
  await choose('Text', 'Diff');
  await expect(page.getByRole('region', { name: 'Differences' }).locator('li.removed')).toHaveText(/Period: 4/);
  await guide(page, 'settings-versions');
  await page.getByRole('button', { name: 'Restore v1' }).click();
  await expect(page.getByLabel('Heartbeat', { exact: true })).toHaveValue('5');
  await page.getByRole('button', { name: 'Save as v4' }).click();
  await expect(versions.getByRole('button', { name: /^v4/ })).toContainText('back to v1');
  expect(query(qlf.databaseFile, 'SELECT reason, scopes FROM configuration WHERE id = 4')).toEqual([
    { reason: 'back to v1', scopes: '["science"]' },
  ]);
});

test('the next exposure is judged by the new version, and keeps it', async () => {
  await qlf.ask('test-environment.expose-now', { kind: 'science-bright' });
  const runs = (): { configuration_id: number; configuration: string; state: string }[] =>
    query(qlf.databaseFile, 'SELECT configuration_id, configuration, state FROM run ORDER BY id DESC LIMIT 1');
  await expect.poll(() => runs()[0]?.configuration_id, { timeout: 60_000 }).toBe(4);
  expect(runs()[0]?.configuration).toMatch(/^science:\n/);
  expect(runs()[0]?.configuration).toContain('FIDMAG: 21');
  expect(runs()[0]?.configuration).not.toContain('programs:');
  await expect.poll(() => runs()[0]?.state, { timeout: 60_000 }).toBe('done');
});

test('a limit is tried on the past, dragged, saved, and judges the next exposure', async () => {
  const { page } = qlf;
  await section('Thresholds').click();
  await page.getByRole('group', { name: 'Cameras', exact: true }).getByText('Camera', { exact: true }).click();
  await page.getByRole('combobox', { name: 'Camera' }).selectOption('r3');
  await choose('Element', 'C');
  await expect(page.getByRole('region', { name: 'Preview' })).toContainText(/3 exposures, 3 values/);
  const fare = page.getByRole('region', { name: 'How the past would have fared' });
  await expect(fare.locator('[data-status=alarm] b')).toHaveText('1');
  const warning = page.getByRole('textbox', { name: 'Warning outside' });
  await warning.fill('x');
  await warning.press('Enter');
  await expect(warning).toHaveAttribute('aria-invalid', 'true');
  await warning.fill('12');
  await warning.press('Enter');
  await expect(page.getByText('1 error to mend')).toBeVisible();
  await page.getByRole('textbox', { name: 'Alarm outside' }).fill('14');
  await page.getByRole('textbox', { name: 'Alarm outside' }).press('Enter');
  await expect(fare.locator('[data-status=alarm]').first()).toContainText('0 from 1');
  await expect(page.getByRole('region', { name: 'Would change' }).getByRole('row')).toHaveCount(2);
  const upper = page.getByRole('slider', { name: 'Upper warning limit' });
  const before = Number(await upper.getAttribute('aria-valuenow'));
  await upper.press('ArrowDown');
  await expect.poll(async () => Number(await upper.getAttribute('aria-valuenow'))).toBeLessThan(before);
  const box = (await upper.boundingBox())!;
  await page.mouse.move(box.x + 10, box.y + 10);
  await page.mouse.down();
  await page.mouse.move(box.x + 10, box.y + 40, { steps: 4 });
  await page.mouse.up();
  await expect.poll(async () => Number(await upper.getAttribute('aria-valuenow'))).toBeLessThan(before - 0.5);
  expect(await serious(page)).toEqual([]);
  await guide(page, 'settings-thresholds');
  await page.getByRole('textbox', { name: 'Reason for the change' }).fill('Known pick-up of r3 C');
  await page.getByRole('button', { name: 'Save as v1' }).click();
  await expect(page.getByText(/limits v1, in use since/)).toBeVisible();
  const [stored] = query<{ rules: string; author: string }>(
    qlf.databaseFile,
    'SELECT rules, author FROM limits_version',
  );
  expect(stored?.author).toBe('A. Observer');
  expect(JSON.parse(stored!.rules)).toMatchObject([{ key: 'NOISE_AMP', camera: 'r3', element: 'C', program: 'dark' }]);

  const environment = await qlf.ask('test-environment.get', {});
  const noisy = { ...environment!, faults: [{ name: 'noisy-amplifier', camera: 'r3', amplifier: 'C' } as const] };
  await qlf.ask('test-environment.set', { settings: noisy });
  await qlf.ask('test-environment.expose-now', { kind: 'science-dark' });
  const judged = (): { status: string; keys: string; limits_id: number }[] =>
    query(
      qlf.databaseFile,
      `SELECT m.status, m.keys, r.limits_id FROM run r JOIN job j ON j.run_id = r.id JOIN measurement m ON m.job_id = j.id
       WHERE r.limits_id IS NOT NULL AND j.camera = 'r3' AND m.metric = 'getrms'`,
    );
  await expect.poll(() => judged().length, { timeout: 60_000 }).toBe(1);
  const [key] = JSON.parse(judged()[0]!.keys) as { elements: { status: string; rule?: { warnRange: number[] } }[] }[];
  expect(key?.elements[2]?.rule?.warnRange).toEqual([-14, 14]);
  expect(key?.elements[2]?.status).not.toBe('alarm');
  expect(key?.elements[0]?.rule).toBeUndefined();
  await qlf.ask('test-environment.set', { settings: environment! });

  // What is drawn is what judged: the row names the own limits, the patch is coloured by them.
  const [{ run: runId } = { run: 0 }] = query<{ run: number }>(
    qlf.databaseFile,
    'SELECT id AS run FROM run WHERE limits_id IS NOT NULL',
  );
  const measured = await qlf.ask('job.measurements', { runId, camera: 'r3' });
  const noise = measured.find(({ metric }) => metric === 'getrms')!.keys[0]!;
  const { value, reference, rule } = noise.elements[2]!;
  await page.getByRole('navigation', { name: 'Screens' }).getByRole('button', { name: 'Camera' }).click();
  await page.getByRole('navigation', { name: 'Cameras' }).getByRole('button', { name: /^r3 / }).click();
  const rows = page.getByRole('table', { name: 'Measurements of r3' }).locator('[data-key="NOISE_AMP"]');
  await rows.first().click();
  await expect(rows.filter({ hasText: 'own' })).not.toHaveCount(0);
  const drawn = (): Promise<number | null> =>
    page
      .locator('.js-plotly-plot')
      .evaluateAll(
        (plots) => (plots[0] as unknown as { data: { z?: number[][] }[] } | undefined)?.data[0]?.z?.[1]?.[0] ?? null,
      );
  await expect.poll(drawn).toBeCloseTo((value! - reference!) / rule!.warnRange[1], 9);
  await page.getByRole('button', { name: 'Settings' }).click();
});

test('the search finds a section by what it is about; values are taken at once', async () => {
  const { page } = qlf;
  await page.getByRole('searchbox', { name: 'Search settings' }).fill('heartbeat');
  await expect(section('Executor')).toBeVisible();
  await expect(section('Appearance')).toBeHidden();
  await page.keyboard.press('Enter');
  await page.getByRole('spinbutton', { name: 'Jobs at once' }).fill('2');
  await page.keyboard.press('Enter');
  await expect.poll(async () => (await qlf.ask('settings.get', {})).parallel).toBe(2);
  await page.getByRole('searchbox', { name: 'Search settings' }).fill('');
  await section('Cameras expected').click();
  await choose('Who says which cameras are expected', 'Chosen here');
  await page.getByRole('checkbox', { name: 'b9' }).uncheck();
  await expect.poll(async () => (await qlf.ask('settings.get', {})).camerasExpected).toHaveLength(29);
  await guide(page, 'settings');
  await section('Ingest').click();
  await page.getByRole('textbox', { name: 'User' }).fill('night-crew');
  await page.getByLabel('Password, at least 8 characters').fill('a long password');
  await page.getByRole('button', { name: 'Add user' }).click();
  await expect(page.getByRole('list', { name: 'Ingest users' })).toContainText('night-crew');
  const post = (url: string): Promise<number> =>
    fetch(`${url}configuration/`, {
      headers: { authorization: `Basic ${Buffer.from('night-crew:a long password').toString('base64')}` },
    }).then(({ status }) => status);
  expect(await post(qlf.ingestUrl)).toBe(200);
  const port = await freePort();
  await page.getByRole('spinbutton', { name: 'Port' }).fill(String(port));
  await page.keyboard.press('Enter');
  await expect.poll(() => post(`http://127.0.0.1:${port}/dashboard/api/`).catch(() => 0)).toBe(200);
  await expect.poll(() => post(qlf.ingestUrl).catch(() => 0)).toBe(0);
  expect(await serious(page)).toEqual([]);
});

test('another data folder is opened in the running application, and one that cannot be opened is refused', async () => {
  const { page } = qlf;
  await section('DOS and folders').click();
  const data = page.getByRole('textbox', { name: 'Data folder' });
  await data.fill('nights');
  await data.press('Enter');
  await page.getByRole('button', { name: 'Change over now' }).click();
  await expect(page.getByText('is no absolute path')).toBeVisible();
  const other = join(night.folder, 'other');
  await data.fill(other);
  await data.press('Enter');
  await page.getByRole('button', { name: 'Change over now' }).click();
  await expect.poll(async () => (await qlf.ask('control-room.snapshot', {})).engine.dataDir).toBe(other);
  expect(existsSync(join(other, 'qlf.db'))).toBe(true);
  await expect(page.getByRole('grid', { name: 'Cameras' })).toBeVisible();
  // The page follows the engine of the new folder.
  await qlf.ask('engine.set-mode', { mode: 'manual' });
  await expect(page.getByRole('radio', { name: 'Manual' })).toBeChecked();
  await qlf.ask('folders.set', { folders: { source: null, data: join(night.folder, 'data') } });
  await expect.poll(async () => (await qlf.ask('control-room.snapshot', {})).exposures.length).toBeGreaterThan(7);
  await expect(page.getByRole('radio', { name: 'Auto' })).toBeChecked();
});
