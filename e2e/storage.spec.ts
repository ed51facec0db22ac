import { mkdtempSync, rmSync, existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { serious } from './fixtures/axe.ts';
import { guide } from './fixtures/guide.ts';
import { freePort, openQlf, query, type Qlf } from './fixtures/qlf.ts';

let folder = '';
let qlf: Qlf;
test.beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'qlf-storage-'));
  qlf = await openQlf({ folder, ingestPort: await freePort(), args: ['--cadence', 'manual'] });
});
test.afterAll(async () => {
  await qlf.close();
  rmSync(folder, { recursive: true, force: true });
});

test('storage is set, the database copied and restored in the running application', async () => {
  const { page } = qlf;
  await expect(page.getByRole('button', { name: 'Settings' }).first()).toBeVisible();
  await page.getByRole('button', { name: 'Settings' }).first().click();
  await page.getByRole('button', { name: 'Storage and cleaning' }).click();
  await page.getByRole('textbox', { name: 'Raw copies: days' }).fill('45');
  await page.keyboard.press('Enter');
  await expect.poll(async () => (await qlf.ask('storage.get', {})).settings.keepDays.raw).toBe(45);
  await page.getByRole('button', { name: 'What would go now' }).click();
  await expect(page.getByText('Nothing is old enough to go.')).toBeVisible();
  expect(await serious(page)).toEqual([]);
  await guide(page, 'settings-storage');
  const copy = join(folder, 'copy.db');
  await qlf.electron.evaluate(({ dialog }, path) => {
    dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath: path });
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [path] });
  }, copy);
  await page.getByRole('button', { name: 'Copy now' }).click();
  await expect.poll(() => existsSync(copy)).toBe(true);
  await page.getByRole('textbox', { name: 'Raw copies: days' }).fill('50');
  await page.keyboard.press('Enter');
  await expect.poll(async () => (await qlf.ask('storage.get', {})).settings.keepDays.raw).toBe(50);
  await page.getByRole('button', { name: 'Restore a file' }).click();
  await expect(page.getByText('The database that was in use lies in')).toBeVisible({ timeout: 60_000 });
  expect((await qlf.ask('storage.get', {})).settings.keepDays.raw).toBe(45);
  expect(query<{ n: number }>(qlf.databaseFile, 'SELECT count(*) AS n FROM cleaned')[0]?.n).toBe(0);
  expect(qlf.problems).toEqual([]);
});
