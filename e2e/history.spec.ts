import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, type Locator, type Page } from '@playwright/test';
import Database from 'better-sqlite3';
import { serious } from './fixtures/axe.ts';
import { guide } from './fixtures/guide.ts';
import { onObservedNight } from './fixtures/on-observed-night.ts';
import { query, type Qlf } from './fixtures/qlf.ts';
import { saveAs } from './fixtures/save-dialog.ts';

/** The last exposure's b4: done, and its sender said that it had failed. */
const CONTRADICTED = { expid: 7, camera: 'b4' };

function contradict(folder: string): void {
  const database = new Database(join(folder, 'data/qlf.db'));
  const { changes } = database
    .prepare("UPDATE job SET posted_status = 1 WHERE expid = ? AND camera = ? AND state = 'done'")
    .run(CONTRADICTED.expid, CONTRADICTED.camera);
  database.close();
  if (changes !== 1) throw new Error('the job that is to be contradicted is not there');
}

const night = onObservedNight('history', contradict);
let qlf: Qlf;
let page: Page;

interface Stored {
  expid: number;
  night: string;
  flavor: string;
  program: string | null;
  status: string;
  finding: string;
}
const stored = (): Stored[] =>
  query<Stored>(
    qlf.databaseFile,
    `SELECT e.expid, e.night, e.flavor, e.program, q.status, q.finding FROM exposure e
     JOIN run_summary q ON q.run_id = e.last_run_id ORDER BY e.expid DESC`,
  );
const row = (expid: number): Locator => page.locator(`.history-row[data-expid="${expid}"]`);
const expids = (): Promise<number[]> =>
  page
    .locator('.history-row[data-expid]')
    .evaluateAll((rows) => rows.map((one) => Number((one as HTMLElement).dataset['expid'])));
const expid8 = (expid: number): string => String(expid).padStart(8, '0');

test.beforeAll(async () => {
  ({ qlf } = night);
  ({ page } = qlf);
  await page.keyboard.press('h');
  await expect(page.locator('.history-row[data-expid]').first()).toBeVisible();
});

test('lists every exposure with what became of it, as the database has it', async () => {
  const all = stored();
  expect(all).toHaveLength(7);
  expect(await expids()).toEqual(all.map(({ expid }) => expid));
  const words: Record<string, string> = { 'not-expected': 'Registered' };
  for (const { expid, status, finding } of all) {
    await expect(row(expid).locator('.c-status')).toHaveText(
      words[status] ?? status.charAt(0).toUpperCase() + status.slice(1),
    );
    await expect(row(expid).locator('.c-finding')).toHaveText(finding);
  }
  const noisy = all.find(({ finding }) => finding.startsWith('r3 Read noise C'));
  expect(noisy?.status).toBe('alarm');
  await expect(page.getByRole('region', { name: /^Night / })).toContainText('7');
});

test('the monitor says the same of a run as its row', async () => {
  const alarm = stored().find(({ status }) => status === 'alarm')!;
  await row(alarm.expid).locator('.history-expid').click();
  await expect(page.getByText(`Exposure ${expid8(alarm.expid)}`, { exact: true })).toBeVisible();
  await expect(page.locator('.hero.alarm')).toBeVisible();
  await page.keyboard.press('h');
  // From the group's shape to the camera that is behind it.
  await row(alarm.expid).locator('.history-groups button').first().click();
  await expect(page.locator('.camera-header')).toBeVisible();
  await page.keyboard.press('h');
});

test('sorts and filters in the database, and keeps columns and sort', async () => {
  const all = stored();
  await page
    .getByRole('button', { name: 'Exposure', exact: false })
    .filter({ hasText: /^Exposure/ })
    .first()
    .click();
  await expect.poll(expids).toEqual(all.map(({ expid }) => expid).reverse());
  await page.getByRole('button', { name: 'All flavors' }).click();
  await page.getByRole('checkbox', { name: 'science' }).check();
  await page.keyboard.press('Escape');
  const science = all.filter(({ flavor }) => flavor === 'science').map(({ expid }) => expid);
  await expect.poll(expids).toEqual([...science].reverse());
  await page.getByRole('button', { name: 'Any status' }).click();
  await page.getByRole('checkbox', { name: 'Alarm' }).check();
  await page.keyboard.press('Escape');
  const alarms = all.filter(({ flavor, status }) => flavor === 'science' && status === 'alarm');
  await expect.poll(expids).toEqual(alarms.map(({ expid }) => expid).reverse());
  await page.getByRole('searchbox', { name: 'Search' }).fill('99999999');
  await expect(page.getByText('No exposure is like that')).toBeVisible();
  await page.getByRole('button', { name: 'Show all' }).click();
  await expect.poll(expids).toHaveLength(7);
  await page.getByRole('button', { name: 'Columns' }).click();
  await page.getByRole('checkbox', { name: /^MJD/ }).check();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('columnheader', { name: 'MJD' })).toBeVisible();
  await page.reload();
  await page.locator('main').waitFor();
  await page.keyboard.press('h');
  await expect(page.getByRole('columnheader', { name: 'MJD' })).toBeVisible();
  await expect.poll(expids).toEqual(all.map(({ expid }) => expid).reverse());
  await page
    .getByRole('columnheader', { name: /^Exposure/ })
    .getByRole('button')
    .click();
  await page.getByRole('button', { name: 'Columns' }).click();
  await page.getByRole('button', { name: 'As at first' }).click();
});

test('a sender who says otherwise of its job is heard: in the table, and at the camera', async () => {
  const { expid, camera } = CONTRADICTED;
  await page.getByRole('button', { name: 'Columns' }).click();
  await page.getByRole('checkbox', { name: /^Sender says/ }).check();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('columnheader', { name: 'Sender says' })).toBeVisible();
  await expect(row(expid).locator('.c-posted')).toHaveText('1 otherwise');
  await expect(row(expid - 1).locator('.c-posted')).toHaveText('');
  await row(expid).locator('.history-expid').click();
  await page.locator(`[data-camera="${camera}"]`).click();
  await expect(page.getByRole('region', { name: `Camera ${camera}` })).toContainText(
    'The sender posted it as failed: look at its log.',
  );
  await page.keyboard.press('ArrowRight');
  await expect(page.getByRole('region', { name: 'Camera b5' })).not.toContainText('The sender');
  await page.keyboard.press('h');
  await page.getByRole('button', { name: 'Columns' }).click();
  await page.getByRole('button', { name: 'As at first' }).click();
});

test('the calendar tells the night by shape and words, and filters by it', async () => {
  const [{ night }] = stored() as [Stored];
  const cell = page.locator(`.night-cell[data-night="${night}"]`);
  await expect(cell).toHaveAttribute('data-status', 'alarm');
  await expect(cell).toHaveAttribute('aria-label', /7 exposures, .* judged normal/);
  await cell.click();
  await expect(page.getByRole('button', { name: `Night ${night}` })).toBeVisible();
  await expect.poll(expids).toHaveLength(7);
  await cell.click();
});

test('comments, edits and deletions are kept with their author, and found again', async () => {
  const [first] = stored() as [Stored];
  await row(first.expid).click();
  const notes = page.getByRole('region', { name: 'Notes' });
  await notes.getByLabel('Your name').fill('Ana Observer');
  await notes.getByLabel(/^Comment on exposure/).fill('Thin <b>cloud</b> from the west');
  await notes.getByLabel(/^Camera or fiber/).fill('r3');
  await notes.getByRole('button', { name: 'Add' }).click();
  const comment = notes.locator('.comment').first();
  await expect(comment.locator('.comment-text')).toHaveText('Thin <b>cloud</b> from the west');
  await expect(comment).toContainText('Ana Observer');
  await expect(comment.locator('.tag')).toHaveText('r3');
  await comment.hover();
  await comment.getByRole('button', { name: 'Edit' }).click();
  await comment.getByLabel('Text of the comment').fill('Thin cloud from the north');
  await comment.getByRole('button', { name: 'Save' }).click();
  await expect(comment.locator('.comment-text')).toHaveText('Thin cloud from the north');
  await comment.getByRole('button', { name: 'Show the text before' }).click();
  await expect(comment.locator('.comment-versions')).toContainText('from the west');
  await expect(row(first.expid).locator('.c-comments')).toHaveText('1');
  await page.getByRole('searchbox', { name: 'Search' }).fill('NORTH');
  await expect.poll(expids).toEqual([first.expid]);
  await page.getByRole('searchbox', { name: 'Search' }).fill('');
  await expect.poll(expids).toHaveLength(7);
  const kept = query<{ text: string; author: string; camera: string }>(qlf.databaseFile, 'SELECT * FROM comment');
  expect(kept).toMatchObject([{ text: 'Thin cloud from the north', author: 'Ana Observer', camera: 'r3' }]);
  expect(query(qlf.databaseFile, 'SELECT text FROM comment_version')).toHaveLength(1);
});

test('a flag says who and why, here and on the monitor', async () => {
  const [first] = stored() as [Stored];
  const notes = page.getByRole('region', { name: 'Notes' });
  await notes.getByRole('button', { name: 'Questionable' }).click();
  await notes.getByLabel('Why').fill('cloud');
  await notes.getByRole('button', { name: 'Flag', exact: true }).click();
  await expect(notes.locator('.flag-now')).toContainText('Ana Observer: cloud');
  await expect(row(first.expid).locator('.flag-chip')).toHaveText('questionable');
  await row(first.expid).locator('.history-expid').click();
  await expect(page.locator('.notes-button')).toContainText('questionable');
  await page.keyboard.press('i');
  const drawer = page.getByRole('complementary', { name: /^Notes of exposure/ });
  await expect(drawer.locator('.comment-text')).toHaveText('Thin cloud from the north');
  await drawer.locator('.comment').hover();
  await drawer.getByRole('button', { name: 'Delete' }).click();
  await drawer.getByRole('button', { name: 'Really delete?' }).click();
  await expect(drawer.locator('.comment')).toHaveCount(0);
  await drawer.getByRole('button', { name: '1 deleted, show' }).click();
  await expect(drawer.locator('.comment.deleted')).toContainText('deleted by Ana Observer');
  await page.keyboard.press('Escape');
  await expect(drawer).toBeHidden();
  expect(query<{ flag: string }>(qlf.databaseFile, 'SELECT flag FROM quality_flag')).toEqual([
    { flag: 'questionable' },
  ]);
  await page.keyboard.press('h');
  await expect(row(first.expid)).toBeVisible();
});

test('two exposures side by side, the largest difference first', async () => {
  const science = stored().filter(({ flavor }) => flavor === 'science');
  const noisy = science.find(({ finding }) => finding.startsWith('r3 Read noise C'))!;
  const good = science.find(({ expid }) => expid < noisy.expid)!;
  for (const { expid } of [noisy, good]) await row(expid).getByRole('checkbox').check();
  await page.keyboard.press('v');
  await expect(page.getByRole('region', { name: 'Exposure A' })).toContainText(expid8(good.expid));
  await expect(page.getByRole('region', { name: 'Exposure B' })).toContainText(expid8(noisy.expid));
  const noise = page.locator('.compare-row', { hasText: 'Noise, amplifier C' }).filter({ hasText: 'r3' });
  await expect(noise).toHaveClass(/s4/);
  await guide(page, 'compare');
  // Thousands of numbers, all of them to be reached, few of them drawn.
  const table = page.getByRole('table', { name: 'Differences' });
  expect(await table.evaluate((list) => list.scrollHeight / 28)).toBeGreaterThan(500);
  expect(await page.locator('.compare-row').count()).toBeLessThan(100);
  await table.evaluate((list) => list.scrollTo(0, list.scrollHeight));
  await expect(page.locator('.compare-row').last()).toContainText(/only in one|0/);
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Choose none' }).click();
});

test('saves the table as it is filtered, and nothing when the person thinks better of it', async () => {
  await saveAs(qlf, null);
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByRole('button', { name: 'CSV' }).click();
  for (const format of ['csv', 'json'] as const) {
    const file = join(night.folder, `table.${format}`);
    expect(existsSync(file)).toBe(false);
    await saveAs(qlf, file);
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByRole('button', { name: format.toUpperCase() }).click();
    await expect(page.getByText(`7 rows saved as ${file}`)).toBeVisible();
  }
  const csv = readFileSync(join(night.folder, 'table.csv'), 'utf8').trim().split('\r\n');
  expect(csv).toHaveLength(8);
  const json = JSON.parse(readFileSync(join(night.folder, 'table.json'), 'utf8')) as Stored[];
  expect(json.map(({ expid, status, finding }) => ({ expid, status, finding }))).toEqual(
    stored().map(({ expid, status, finding }) => ({ expid, status, finding })),
  );
  await page.getByRole('button', { name: 'Dismiss' }).click();
});

test('processes an exposure again as a new run, and keeps the one before', async () => {
  const [first] = stored() as [Stored];
  await row(first.expid).click();
  await page.getByRole('button', { name: 'Process again' }).click();
  await page.getByRole('button', { name: /^Process exposure/ }).click();
  await expect(row(first.expid).locator('.c-status')).toHaveText('Running');
  const runs = () => query<{ state: string }>(qlf.databaseFile, 'SELECT state FROM run WHERE expid = ?', first.expid);
  await expect.poll(() => runs().map(({ state }) => state)).toEqual(['done', 'done']);
  const rows = page.getByRole('group', { name: 'Rows' });
  await rows.getByText('Runs').click();
  await expect.poll(expids).toHaveLength(8);
  await rows.getByText('Exposures').click();
  await expect.poll(expids).toHaveLength(7);
});

test('looks right, and axe finds nothing serious', async () => {
  await page.getByRole('button', { name: 'Dismiss' }).click();
  const alarm = stored().find(({ status }) => status === 'alarm')!;
  await row(alarm.expid).click();
  await page.emulateMedia({ reducedMotion: 'reduce' });
  expect(await serious(page)).toEqual([]);
  await guide(page, 'history');
});
