import { expect, test } from '@playwright/test';
import { guide } from './fixtures/guide.ts';
import { onObservedNight } from './fixtures/on-observed-night.ts';
import { query } from './fixtures/qlf.ts';

const night = onObservedNight('monitor');

test('shows the exposure with faults as the database has it, as a grid and as petals', async () => {
  const { page } = night.qlf;
  const [faulty] = query<{ expid: number; exptime: number; airmass: number }>(
    night.qlf.databaseFile,
    'SELECT expid, exptime, airmass FROM exposure ORDER BY expid LIMIT 1 OFFSET 2',
  );
  await page
    .getByRole('button', { name: new RegExp(`^Show exposure ${String(faulty!.expid).padStart(8, '0')}`) })
    .click();
  await expect(page.getByText('an earlier one, not live')).toBeVisible();
  const facts = page.locator('.facts');
  await expect(facts).toContainText(faulty!.exptime.toFixed(1));
  await expect(facts).toContainText(faulty!.airmass.toFixed(2));
  await expect(page.locator('[data-camera="b9"]')).toHaveAttribute('data-status', 'missing');
  await expect(page.locator('[data-camera="r3"]')).toHaveAttribute('data-status', /^(alarm|warning)$/);
  // The newest one is as good as it was, whatever is on screen.
  await expect(page.getByRole('button', { name: 'Show exposure 00000007, normal' })).toBeVisible();
  await guide(page, 'monitor');
  await page.keyboard.press('v');
  await expect(page.getByRole('button', { name: 'b9 missing' }).first()).toBeVisible();
  await guide(page, 'monitor-wedge');
  await page.keyboard.press('v');
  await page.keyboard.press('Escape');
});

test('takes the limits of the disk from the settings at once', async () => {
  const { page } = night.qlf;
  await expect(page.locator('.disk')).toContainText('limits 80, 92%');
  const settings = await night.qlf.ask('alarm-settings.get', {});
  await night.qlf.ask('alarm-settings.set', { settings: { ...settings, diskWarning: 0.7, diskFault: 0.955 } });
  await expect(page.locator('.disk')).toContainText('limits 70, 95.5%');
});

test('says when the engine is silent, and comes back by itself', async () => {
  const { page, electron } = night.qlf;
  await night.qlf.ask('engine.stop', {});
  // What the page says while nobody can look: the engine holds the whole main process.
  await page.evaluate(() => {
    const seen: string[] = [];
    Object.assign(window, { seen });
    new MutationObserver(() => {
      const words = document.querySelector('.verdict-region')?.textContent ?? '';
      if (words.startsWith('No contact with the engine') && seen.length === 0) seen.push(words);
    }).observe(document.body, { subtree: true, childList: true, characterData: true });
  });
  await electron.evaluate(() => {
    const end = Date.now() + 34_000;
    while (Date.now() < end);
  });
  await expect.poll(() => page.evaluate(() => (window as unknown as { seen: string[] }).seen)).toHaveLength(1);
  const [words] = await page.evaluate(() => (window as unknown as { seen: string[] }).seen);
  expect(words).toContain('This screen stands still');
  await expect(page.locator('.verdict-region')).not.toContainText('No contact with the engine');
  await expect(page.getByRole('list', { name: 'Connections' })).toContainText('Enginestopped');
  await night.qlf.ask('engine.start', {});
});
