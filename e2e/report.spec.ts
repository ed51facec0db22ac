import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import Database from 'better-sqlite3';
import { nightStart } from '../src-shared/domain/night.ts';
import { serious } from './fixtures/axe.ts';
import { guide } from './fixtures/guide.ts';
import { onObservedNight } from './fixtures/on-observed-night.ts';
import { pdfText } from './fixtures/pdf-text.ts';
import { query, type Qlf } from './fixtures/qlf.ts';
import { saveAs } from './fixtures/save-dialog.ts';

/** Minutes that nothing was exposed before the cloud came. */
const PAUSE = 40;

/**
 * The night was taken in the afternoon, and its second half begins later than it did: what counts as lost depends on the
 * hours of darkness, and the tests may run at any hour.
 */
function pauseInTheMiddle(folder: string): void {
  const database = new Database(join(folder, 'data/qlf.db'));
  const { night } = database.prepare('SELECT min(night) AS night FROM exposure').get() as { night: string };
  const afternoon = nightStart(night) / 86_400_000 + 40_587 + 1 / 24;
  database
    .prepare('UPDATE exposure SET night = ?, mjd_obs = mjd_obs - (SELECT min(mjd_obs) FROM exposure) + ?')
    .run(night, afternoon);
  database
    .prepare('UPDATE exposure SET mjd_obs = mjd_obs + ? WHERE expid > (SELECT min(expid) + 2 FROM exposure)')
    .run(PAUSE / 1440);
  database.close();
}

const night = onObservedNight('report', pauseInTheMiddle);
let qlf: Qlf;
let page: Page;

/** What is on paper, without its spaces. */
const PRINTED = [
  'DESIQuickLook',
  'judgedexposuresnormal',
  'Weather:humidity<85%>',
  'amplifierCnoisehigh',
  'Amplifier C&<script>more</script>'.replace(/\s/g, ''),
];

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
  // The cloud is told once; each camera is listed with what it had by itself.
  const causes = query<{ cameras: string; title: string; words: string }>(
    qlf.databaseFile,
    'SELECT c.cameras, c.title, c.words FROM run_cause c JOIN exposure e ON e.last_run_id = c.run_id',
  );
  const wide = causes.filter(({ cameras }) => cameras.split(' ').length > 3);
  expect(wide.length).toBeGreaterThan(0);
  await expect(page.locator('.worst-shared')).toHaveCount(new Set(wide.map(({ words }) => words)).size);
  await expect(page.locator('.worst-shared').first()).toContainText(wide[0]!.title);
  const own = new Set(causes.filter((cause) => !wide.includes(cause)).flatMap(({ cameras }) => cameras.split(' ')));
  expect(own.size).toBeLessThan(15);
  const shown = await page.locator('.worst-camera > b').allTextContents();
  expect([...shown].sort()).toEqual([...own].sort());
  const r3 = page.locator('.worst-camera[data-camera=r3]');
  await expect(r3).toContainText('amplifier C noise high');
  await expect(r3).toContainText('CCD');
  await expect(r3).toContainText(`1 of ${all.length}`);
  await expect(page.getByRole('row', { name: /Read noise/ })).toBeVisible();
  const alarms = query<{ title: string }>(qlf.databaseFile, "SELECT title FROM alarm WHERE state <> 'pending'");
  await expect(page.locator('.report-alarm')).toHaveCount(alarms.length);
  await expect(page.locator('.report-comments')).toContainText('Amplifier C & <script>more</script>');
});

test('leads from a bad camera to its evidence and back', async () => {
  await page.locator('.worst-camera[data-camera=r3]').click();
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

test('time that was lost gets a reason, in whose words, and keeps what was said before', async () => {
  const lost = page.locator('.lost-time').first();
  await expect(lost).toContainText('Say why');
  await lost.getByRole('button', { expanded: false }).click();
  const form = lost.getByRole('form');
  await form.getByLabel('Your name').fill('Ana');
  await form.getByLabel('In words').fill('dome stuck');
  await form.getByLabel('Lost to').selectOption('telescope');
  await form.getByRole('button', { name: 'Save the reason' }).click();
  await expect(form).toBeHidden();
  await expect(lost).toContainText('Telescope: dome stuck');
  await lost.getByRole('button').first().click();
  await form.getByLabel('Lost to').selectOption('weather');
  await form.getByLabel('In words').fill('humidity <85%>');
  await form.getByRole('button', { name: 'Save the reason' }).click();
  await expect(lost).toContainText('Weather: humidity <85%>');
  await expect(page.locator('.report-time .report-sub').first()).toHaveText(/^Time lost Weather 0 h \d\d/);
  await expect(page.locator('.timeline .bar.lost').first()).toHaveAttribute('title', /Weather: humidity <85%> \(Ana\)/);
  expect(query(qlf.databaseFile, 'SELECT cause, words, author FROM lost_time_reason ORDER BY id')).toEqual([
    { cause: 'telescope', words: 'dome stuck', author: 'Ana' },
    { cause: 'weather', words: 'humidity <85%>', author: 'Ana' },
  ]);
  await lost.getByRole('button').first().click();
  await expect(form.getByRole('list', { name: 'What was said' }).getByRole('listitem')).toHaveText([
    /^Weather: humidity <85%> Ana/,
    /^Telescope: dome stuck Ana/,
  ]);
  expect(await serious(page)).toEqual([]);
  await lost.getByRole('button').first().click();
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
  expect(text).not.toMatch(/<script|(src|href)=|url\((?!#)/);
  expect(text).toContain('Look at r3 amplifier C.');
  expect(text).toContain('Weather: humidity &lt;85%&gt;');

  const pdf = join(night.folder, 'night.pdf');
  await saveAs(qlf, pdf);
  await page.getByRole('button', { name: 'PDF' }).click();
  await expect(page.getByText(`Saved as ${pdf}`)).toBeVisible();
  const bytes = readFileSync(pdf);
  expect(bytes.subarray(0, 5).toString()).toBe('%PDF-');
  for (const words of PRINTED) expect(pdfText(bytes)).toContain(words);

  const csv = join(night.folder, 'night.csv');
  await saveAs(qlf, csv);
  await page.getByRole('button', { name: 'CSV' }).click();
  await expect(page.getByText(`Saved as ${csv}`)).toBeVisible();
  const lines = readFileSync(csv, 'utf8').trimEnd().split('\r\n');
  expect(lines.filter((line) => line.includes(',exposure,'))).toHaveLength(7);
  const [lost] = lines.filter((line) => line.includes(',lost time,'));
  expect(lost).toMatch(/,weather,humidity <85%>,Ana,\d{4}-/);
  await page.getByRole('button', { name: 'Dismiss' }).click();
});

test('prints the same page', async () => {
  // In the place of a printer: the hidden window prints into memory, by the media that paper has.
  await qlf.electron.evaluate(({ app }) => {
    app.once('web-contents-created', (_event, contents) => {
      contents.print = (options, done) => {
        void contents.printToPDF({ printBackground: options?.printBackground ?? false }).then((pdf) => {
          Object.assign(globalThis, { qlfPrinted: pdf.toString('base64') });
          done?.(true, '');
        });
      };
    });
  });
  const button = page.getByRole('button', { name: 'Print' });
  await button.click();
  const printed = (): Promise<string> =>
    qlf.electron.evaluate(() => (globalThis as { qlfPrinted?: string }).qlfPrinted ?? '');
  await expect.poll(async () => (await printed()).length).toBeGreaterThan(0);
  await expect(button).toBeEnabled();
  const text = pdfText(Buffer.from(await printed(), 'base64'));
  for (const words of PRINTED) expect(text).toContain(words);
});

test('looks right, and axe finds nothing serious', async () => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  expect(await serious(page)).toEqual([]);
  await guide(page, 'night-report');
});
