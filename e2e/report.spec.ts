import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test, type Page } from '@playwright/test';
import { serious } from './fixtures/axe.ts';
import { guide } from './fixtures/guide.ts';
import { onObservedNight } from './fixtures/on-observed-night.ts';
import { query, type Qlf } from './fixtures/qlf.ts';
import { saveAs } from './fixtures/save-dialog.ts';

const night = onObservedNight('report');
let qlf: Qlf;
let page: Page;

interface Stored {
  expid: number;
  night: string;
  status: string;
}
const stored = (): Stored[] =>
  query<Stored>(
    qlf.databaseFile,
    `SELECT e.expid, e.night, q.status FROM exposure e JOIN run_summary q ON q.run_id = e.last_run_id ORDER BY e.expid`,
  );

test.beforeAll(async () => {
  ({ qlf } = night);
  ({ page } = qlf);
  const [, second] = await qlf.ask('exposure.list', { limit: 2, offset: 0 }).then(({ exposures }) => exposures);
  const author = 'Ana <Observer>';
  const expid = second!.expid;
  await qlf.ask('comment.add', {
    expid,
    camera: 'r3',
    fiber: null,
    author,
    text: 'Amplifier C & <script>more</script>',
  });
  await qlf.ask('flag.set', { expid, flag: 'bad', author, reason: 'noise' });
  await page.keyboard.press('o');
  await expect(page.locator('.report-head')).toBeVisible();
});

test('sums the night up as the database has it', async () => {
  const all = stored();
  const normal = all.filter(({ status }) => status === 'normal').length;
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(
    `${normal} of ${all.length} judged exposures normal`,
  );
  await expect(page.locator('.timeline button.bar')).toHaveCount(all.length);
  const cameras = query<{ camera: string }>(
    qlf.databaseFile,
    'SELECT DISTINCT f.camera FROM run_finding f JOIN exposure e ON e.last_run_id = f.run_id ORDER BY 1',
  ).map(({ camera }) => camera);
  const shown = await page.locator('.worst-cameras b').allTextContents();
  expect([...shown].sort()).toEqual(cameras);
  await expect(page.locator('.worst-cameras li', { hasText: 'r3' })).toContainText(`of ${all.length}`);
  await expect(page.getByRole('row', { name: /Read noise/ })).toBeVisible();
  const alarms = query<{ title: string }>(qlf.databaseFile, "SELECT title FROM alarm WHERE state <> 'pending'");
  await expect(page.locator('.report-alarms li')).toHaveCount(alarms.length);
  await expect(page.locator('.report-comments')).toContainText('Amplifier C & <script>more</script>');
});

test('leads from a bad camera to its evidence and back', async () => {
  await page.locator('.worst-cameras button', { hasText: 'r3' }).click();
  await expect(page.locator('.camera-header .big-name')).toContainText('r3');
  await page.keyboard.press('o');
  await expect(page.locator('.report-head')).toBeVisible();
});

test('goes from night to night, and says when there was nothing', async () => {
  await page.keyboard.press('[');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('No exposures');
  await page.getByRole('button', { name: 'Newest night' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('judged exposures normal');
});

test('keeps the note for the day crew, every version of it', async () => {
  const comments = page.locator('.report-comments');
  await comments.getByLabel('Your name').fill('Ana');
  for (const text of ['Look at r3.', 'Look at r3 amplifier C.']) {
    await comments.getByLabel('Note for the day crew').fill(text);
    await comments.getByRole('button', { name: 'Save the note' }).click();
    await expect(comments.locator('small')).toContainText('Ana');
  }
  const notes = query<{ text: string }>(qlf.databaseFile, 'SELECT text FROM night_note ORDER BY id');
  expect(notes.map(({ text }) => text)).toEqual(['Look at r3.', 'Look at r3 amplifier C.']);
});

test('saves a page that needs nothing else, and a PDF', async () => {
  const html = join(night.folder, 'night.html');
  await saveAs(qlf, html);
  await page.getByRole('button', { name: 'HTML' }).click();
  await expect(page.getByText(`Saved as ${html}`)).toBeVisible();
  const text = readFileSync(html, 'utf8');
  expect(text).toContain('Amplifier C &amp; &lt;script&gt;more&lt;/script&gt;');
  expect(text).not.toMatch(/<script|(src|href)=|url\(/);
  expect(text).toContain('Look at r3 amplifier C.');

  const pdf = join(night.folder, 'night.pdf');
  await saveAs(qlf, pdf);
  await page.getByRole('button', { name: 'PDF' }).click();
  await expect(page.getByText(`Saved as ${pdf}`)).toBeVisible();
  const bytes = readFileSync(pdf);
  expect(bytes.subarray(0, 5).toString()).toBe('%PDF-');
  expect(bytes.length).toBeGreaterThan(20_000);
  await page.getByRole('button', { name: 'Dismiss' }).click();
  test.info().annotations.push({ type: 'page', description: pathToFileURL(html).href });
});

test('looks right, and axe finds nothing serious', async () => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  expect(await serious(page)).toEqual([]);
  await guide(page, 'night-report');
});
