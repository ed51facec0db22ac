import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { CAMERAS } from '../src-shared/domain/camera.ts';
import { freePort, openQlf, type Qlf } from './fixtures/qlf.ts';

test.describe.configure({ mode: 'serial' });

let folder: string;
let qlf: Qlf;

test.beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'qlf-night-'));
  qlf = await openQlf({ folder, ingestPort: await freePort(), args: ['--seed', '7'] });
});
test.afterAll(async () => {
  await qlf.close();
  rmSync(folder, { recursive: true, force: true });
});
test.afterEach(async ({}, testInfo) => {
  if (testInfo.status !== testInfo.expectedStatus) await qlf.attachState(testInfo);
  expect(qlf.problems).toEqual([]);
});

test('shows 30 judged cameras of an exposure that was just observed', async () => {
  const { page } = qlf;
  await expect(page.getByRole('grid', { name: 'Cameras' })).toBeVisible();
  await expect.poll(async () => (await qlf.ask('control-room.snapshot', {})).current?.run.state).toBe('done');
  for (const camera of CAMERAS) {
    const cell = page.locator(`[data-camera="${camera}"]`);
    await expect(cell).toHaveAttribute('data-status', /^(normal|warning|alarm)$/);
  }
  await page.screenshot({ path: 'test-results/monitor.png' });
});
