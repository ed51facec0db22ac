import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { serious } from './fixtures/axe.ts';
import { guide } from './fixtures/guide.ts';
import { onObservedNight } from './fixtures/on-observed-night.ts';
import { query } from './fixtures/qlf.ts';

const LINES = 1_000_000;
/** Of the long log: one error in a hundred thousand lines, from line 4243 on. */
const lineOf = (row: number): string =>
  `${row % 100_000 === 4242 ? 'ERROR' : row % 1000 === 7 ? 'WARNING' : 'INFO'}:extract.py:${row % 500}:bundle ${row % 20}, row ${row}`;

const night = onObservedNight('logs', (folder) => {
  const [last] = query<{ log_file: string }>(
    join(folder, 'data', 'qlf.db'),
    "SELECT log_file FROM job WHERE camera = 'b4' AND log_file IS NOT NULL ORDER BY run_id DESC LIMIT 1",
  );
  const parts = Array.from({ length: 20 }, (_, part) =>
    Array.from({ length: LINES / 20 }, (__, i) => lineOf((part * LINES) / 20 + i)).join('\n'),
  );
  writeFileSync(join(folder, 'data', last!.log_file), `${parts.join('\n')}\n`);
});

test('shows what the engine and the DOS monitor write, as they write it', async () => {
  const { page } = night.qlf;
  await page.keyboard.press('g');
  const logs = join(night.folder, 'data', 'logs');
  const written = (): { source: string; text: string }[] => {
    const [name] = readdirSync(logs)
      .filter((own) => own.startsWith('engine'))
      .sort()
      .reverse();
    return readFileSync(join(logs, name!), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { source: string; text: string });
  };
  const rows = page.locator('.log-line');
  await expect(rows.last()).toContainText(written().at(-1)!.text);
  await page.getByRole('button', { name: 'DOS monitor', exact: true }).click();
  await expect(rows.first()).toContainText('dos');
  const own = written().filter(({ source }) => source === 'monitor');
  await expect(page.locator('.log-file-panel .note')).toContainText(`${own.length} line`);
  await page.getByRole('button', { name: 'Engine and DOS monitor' }).click();
  const before = written().length;
  await night.qlf.ask('engine.stop', {});
  await night.qlf.ask('engine.start', {});
  await expect.poll(() => written().length).toBeGreaterThan(before);
  await expect(rows.last()).toContainText(written().at(-1)!.text);
});

test('reads a log of a million lines: to its end, its first error, and any match', async () => {
  const { page } = night.qlf;
  await page.getByRole('button', { name: /^Log of b4/ }).click();
  const note = page.locator('.log-file-panel .note');
  await expect(note).toHaveText('1\u2009000\u2009000 lines, 1\u2009000 warnings, 10 errors');
  await expect(page.locator(`[data-row="${LINES - 1}"]`)).toContainText(lineOf(LINES - 1));
  await page.keyboard.press('e');
  const first = page.locator('[data-row="4242"]');
  await expect(first).toContainText(lineOf(4242));
  await expect(first).toHaveClass(/found/);
  await expect(page.getByText('error 1 of 10')).toBeVisible();

  await page.keyboard.press('/');
  await page.keyboard.type('ROW 765432');
  await expect(page.getByText('1 of 1', { exact: true })).toBeVisible();
  await expect(page.locator('[data-row="765432"]')).toContainText(lineOf(765_432));
  await expect(page.locator('[data-row="765432"] mark')).toHaveText('row 765432');
  const search = page.getByRole('textbox', { name: 'Search' });
  await search.fill('warning');
  await expect(page.getByText(/^\d+ of 1000$/)).toBeVisible();
  const place = async (): Promise<number> =>
    Number(/^(\d+) of/.exec((await page.locator('.found-words').first().textContent())!)![1]);
  const at = await place();
  await search.press('Enter');
  await expect.poll(place).toBe(at + 1);
  await search.press('Shift+Enter');
  await expect.poll(place).toBe(at);
  await search.fill('not there');
  await expect(page.getByText('no match')).toBeVisible();
  await search.press('Escape');
});

test('filters by level and copies what is chosen', async () => {
  const { page, electron } = night.qlf;
  await page.getByText('Errors', { exact: true }).click();
  await expect(page.locator('.log-line')).toHaveCount(10);
  await page.locator('[data-row="2"] .number').click();
  await page.locator('[data-row="4"] .number').click({ modifiers: ['Shift'] });
  await page.getByRole('button', { name: 'Copy 3 lines' }).click();
  await expect(page.getByText('3 lines copied')).toBeVisible();
  const wanted = [204_242, 304_242, 404_242].map(lineOf).join('\n');
  expect(await electron.evaluate(({ clipboard }) => clipboard.readText())).toBe(wanted);
  await page.getByText('All', { exact: true }).click();
});

test('opens the log of a camera of any exposure', async () => {
  const { page } = night.qlf;
  const [old] = query<{ id: number; expid: number; log_file: string }>(
    night.qlf.databaseFile,
    "SELECT r.id, r.expid, j.log_file FROM run r JOIN job j ON j.run_id = r.id WHERE j.camera = 'r3' ORDER BY r.id LIMIT 1",
  );
  await page.getByRole('textbox', { name: 'Exposure' }).fill(String(old!.expid));
  await page.getByRole('combobox', { name: 'Run' }).selectOption(String(old!.id));
  await page.getByRole('button', { name: /^Log of r3/ }).click();
  const lines = readFileSync(join(night.folder, 'data', old!.log_file), 'utf8')
    .trimEnd()
    .split('\n');
  await expect(page.locator('.log-file-panel .note')).toContainText(`${lines.length} lines`);
  await expect(page.locator('.log-line').last()).toContainText(lines.at(-1)!.trim());
  await page.emulateMedia({ reducedMotion: 'reduce' });
  expect(await serious(page)).toEqual([]);
  await page.getByRole('combobox', { name: 'Run' }).selectOption('');
  await page.getByRole('textbox', { name: 'Exposure' }).fill('');
  await page.getByRole('button', { name: 'Engine and DOS monitor' }).click();
  await expect(page.locator('.log-line').last()).toContainText('engine');
  await guide(page, 'logs');
});
