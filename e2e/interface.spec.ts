import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { serious } from './fixtures/axe.ts';
import { freePort, openQlf, type Qlf } from './fixtures/qlf.ts';

test.describe.configure({ mode: 'serial' });

let folder: string;
let qlf: Qlf;

test.beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'qlf-interface-'));
  qlf = await openQlf({ folder, ingestPort: await freePort(), args: ['--seed', '11'] });
  const settings = await qlf.ask('test-environment.get', {});
  const faults = [
    { name: 'noisy-amplifier', camera: 'r3', amplifier: 'C' },
    { name: 'missing-camera', camera: 'b9' },
  ] as const;
  await qlf.ask('test-environment.set', { settings: { ...settings!, faults: [...faults] } });
  await expect
    .poll(async () => {
      const { current } = await qlf.ask('control-room.snapshot', {});
      return current?.run.state === 'done' && current.jobs.some(({ state }) => state === 'missing');
    })
    .toBe(true);
  await qlf.ask('test-environment.set', { settings: { ...settings!, faults: [], cadence: 'manual' } });
  // What was under way when the telescope was told to wait still comes.
  await expect.poll(async () => (await qlf.ask('control-room.snapshot', {})).engine.activity).toBe('idle');
});
test.afterAll(async () => {
  await qlf.close();
  rmSync(folder, { recursive: true, force: true });
});
test.afterEach(() => {
  expect(qlf.problems, 'errors on the console of the page').toEqual([]);
});

/** The screens, and how the keyboard gets there. */
const SCREENS = [
  ['monitor', 'm'],
  ['camera', 'c'],
  ['across the room', 'w'],
  ['history', 'h'],
  ['night report', 'o'],
] as const;

test('says what is wrong and where, first in words', async () => {
  const { page } = qlf;
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('r3: amplifier C noise high');
  await expect(page.locator('[data-camera="r3"]')).toHaveAttribute('data-status', 'alarm');
  await expect(page.locator('[data-camera="b9"]')).toHaveAttribute('data-status', 'missing');
});

test('leads by keyboard from the verdict to its evidence and back', async () => {
  const { page } = qlf;
  await page.keyboard.press('Enter');
  const table = page.getByRole('table', { name: 'Measurements of r3' });
  await expect(table.locator('[aria-selected=true]')).toHaveAttribute('data-key', 'NOISE_AMP');
  await expect(page.locator('.js-plotly-plot .main-svg').first()).toBeVisible();
  await page.keyboard.press('ArrowRight');
  await expect(page.getByRole('table', { name: 'Measurements of r4' })).toBeVisible();
  await page.keyboard.press('z');
  await expect(page.getByRole('table', { name: 'Measurements of z4' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('grid', { name: 'Cameras' })).toBeVisible();
  await page.keyboard.press('ArrowRight');
  await expect(page.locator('[data-camera="z4"]')).toBeFocused();
  await page.keyboard.press('ArrowUp');
  await expect(page.locator('[data-camera="r4"]')).toBeFocused();
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
});

test('has nothing that axe finds serious, on any screen in any theme', async () => {
  const { page } = qlf;
  // Colours are judged at rest.
  await page.emulateMedia({ reducedMotion: 'reduce' });
  for (const theme of ['dark', 'light', 'red']) {
    while ((await page.locator('html').getAttribute('data-theme')) !== theme) await page.keyboard.press('t');
    for (const [screen, key] of SCREENS) {
      await page.keyboard.press(key);
      expect(await serious(page), `${screen}, ${theme}`).toEqual([]);
      if (key === 'w') await page.keyboard.press('w');
    }
  }
  await page.getByRole('button', { name: 'Test', exact: true }).click();
  expect(await serious(page), 'test environment').toEqual([]);
  await page.keyboard.press('m');
});

test('takes settings at once', async () => {
  const { page } = qlf;
  await page.getByRole('button', { name: 'Settings' }).click();
  await page.getByRole('button', { name: 'What is processed' }).click();
  await page.getByRole('checkbox', { name: 'Arcs' }).check();
  await page.getByText('Wait', { exact: true }).click();
  await expect
    .poll(() => qlf.ask('settings.get', {}))
    .toMatchObject({ flavors: ['science', 'object', 'arc'], catchUp: false });
  expect(await serious(page), 'settings').toEqual([]);
  await page.keyboard.press('m');
});

test('shows the whole monitor at 1366 by 768', async () => {
  const { page, electron } = qlf;
  await electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.setContentSize(1366, 768));
  await expect.poll(() => page.evaluate(() => [innerWidth, innerHeight])).toEqual([1366, 768]);
  for (const selector of ['.hero', '.ribbon', '.log', '.disk', '[data-camera="b0"]', '[data-camera="z9"]']) {
    const box = (await page.locator(selector).boundingBox())!;
    expect(box.x >= 0 && box.y >= 0 && box.x + box.width <= 1366 && box.y + box.height <= 768, selector).toBe(true);
  }
  const rows = page.locator('[data-camera="r3"] .group');
  await expect(rows).toHaveCount(3);
  for (const row of await rows.all()) expect((await row.boundingBox())!.height).toBeGreaterThan(13);
});
