import { appendFileSync, cpSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import Database from 'better-sqlite3';
import { guide } from './fixtures/guide.ts';
import { onObservedNight } from './fixtures/on-observed-night.ts';
import { OBSERVED_NIGHT_ARGS } from './fixtures/observed-night.ts';
import { choose } from './fixtures/open-dialog.ts';
import { freePort, openQlf, query, type Qlf } from './fixtures/qlf.ts';
import { nightDump } from './support/night-dump.ts';

const DAY = 24 * 3_600_000;

/** The night was long ago, its last exposure not: that one is on the screen. Exposure 1 is not processed yet. */
function age(folder: string): void {
  const db = new Database(join(folder, 'data', 'qlf.db'));
  db.prepare('UPDATE exposure SET registered_at = registered_at - ?').run(100 * DAY);
  db.prepare('UPDATE run SET started_at = started_at - ?, ended_at = ended_at - ?').run(100 * DAY, 100 * DAY);
  db.prepare('UPDATE run_summary SET started_at = started_at - ?').run(100 * DAY);
  db.prepare("UPDATE exposure SET state = 'waiting' WHERE expid = 1").run();
  db.prepare("INSERT OR REPLACE INTO setting (key, value) VALUES ('mode', '\"manual\"')").run();
  db.close();
}

const night = onObservedNight('storage-night', age);
const NIGHT = (): string =>
  query<{ night: string }>(night.qlf.databaseFile, 'SELECT night FROM exposure WHERE expid = 2')[0]!.night;

/** Files of exposures in QLF's folder, each with the exposure that it is of. */
function filesOf(folder: string): { expid: number; path: string }[] {
  const data = join(folder, 'data');
  return ['raw', 'split', 'redux', 'test-environment'].flatMap((top) =>
    existsSync(join(data, top))
      ? readdirSync(join(data, top), { recursive: true, encoding: 'utf8' }).flatMap((name) => {
          const expid = /\d{8}\/(\d{8})\//.exec(name)?.[1];
          return expid === undefined ? [] : [{ expid: Number(expid), path: join(data, top, name) }];
        })
      : [],
  );
}

async function openStorage(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Settings' }).first().click();
  await page.getByRole('button', { name: 'Storage and cleaning' }).click();
}
const work = (page: Page) => page.getByRole('status', { name: 'Storage work' });

test('what is old goes, and nothing that is unprocessed, commented, flagged, alarming or on the screen', async () => {
  const { qlf, folder } = night;
  const { page } = qlf;
  await qlf.ask('comment.add', { expid: 2, camera: null, fiber: null, author: 'Ada', text: 'moon' });
  await qlf.ask('flag.set', { expid: 4, flag: 'questionable', author: 'Ada', reason: 'lamp' });
  const before = filesOf(folder);
  await openStorage(page);
  await page.getByRole('button', { name: 'What would go now' }).click();
  const preview = page.getByLabel('Preview');
  await expect(preview).toContainText('of 1 exposure');
  for (const reason of ['unprocessed', 'commented', 'flagged', 'active alarm', 'on screen'])
    await expect(preview).toContainText(`stays, ${reason}`);
  await guide(page, 'settings-cleaning');
  await page.getByRole('button', { name: 'Clean now' }).click();
  await page.getByRole('button', { name: 'Delete now?' }).click();
  await expect(work(page)).toContainText('Cleaning done', { timeout: 60_000 });

  const gone = before.filter(({ path }) => !existsSync(path));
  expect([...new Set(gone.map(({ expid }) => expid))]).toEqual([6]);
  const cleaned = query<{ kind: string; files: number }>(
    qlf.databaseFile,
    'SELECT kind, files FROM cleaned WHERE expid = 6',
  );
  expect(gone).toHaveLength(cleaned.reduce((sum, { files }) => sum + files, 0));
  expect(cleaned.map(({ kind }) => kind).sort()).toEqual(['preproc', 'raw', 'split']);
  // Measurements stay, and the telescope's own exposures with them.
  expect(query(qlf.databaseFile, 'SELECT 1 FROM measurement JOIN job ON job.id = job_id WHERE expid = 6')).not.toEqual(
    [],
  );
  await expect(page.getByRole('list', { name: 'Deleted lately' })).toContainText('00000006');
});

test('the CCD screen says that the images of an exposure were cleaned away, and when', async () => {
  const { page } = night.qlf;
  await page.keyboard.press('d');
  await page.getByRole('group', { name: 'Layer' }).getByText('Preprocessed').click();
  await page.getByRole('button', { name: 'Older exposure' }).click();
  await expect(page.getByText(/cleaned away on \d{4}-\d{2}-\d{2}/).first()).toBeVisible();
  await guide(page, 'ccd-cleaned-away');
});

test('a night that is exported is the same night in another QLF, and a damaged export changes nothing there', async () => {
  const { qlf, folder } = night;
  const name = NIGHT();
  const out = join(folder, 'out');
  mkdirSync(out);
  await choose(qlf, out);
  await openStorage(qlf.page);
  await expect(qlf.page.getByRole('textbox', { name: 'Night', exact: true })).toHaveValue(name);
  await qlf.page.getByRole('button', { name: 'Export', exact: true }).click();
  await expect(work(qlf.page)).toContainText('Export of a night done', { timeout: 120_000 });
  const exported = join(out, `qlf-night-${name}`);
  const damaged = join(out, 'damaged');
  cpSync(exported, damaged, { recursive: true });
  appendFileSync(join(damaged, 'data.jsonl'), '\n');

  const other: Qlf = await openQlf({
    folder: join(folder, 'another'),
    ingestPort: await freePort(),
    args: OBSERVED_NIGHT_ARGS,
  });
  try {
    const { page } = other;
    await openStorage(page);
    await choose(other, damaged);
    await page.getByRole('button', { name: 'Import', exact: true }).click();
    await expect(work(page)).toContainText('Import of a night failed', { timeout: 60_000 });
    await expect(work(page)).toContainText('Export the night again');
    expect(query(other.databaseFile, 'SELECT 1 FROM exposure')).toEqual([]);

    await choose(other, exported);
    await page.getByRole('button', { name: 'Import', exact: true }).click();
    await expect(work(page)).toContainText('Import of a night done', { timeout: 120_000 });
    const { exposure: exposuresHere, alarm: alarmsHere, ...here } = nightDump(other.databaseFile, name);
    const { exposure: exposuresThere, alarm: alarmsThere, ...there } = nightDump(qlf.databaseFile, name);
    expect(here).toEqual(there);
    // What waited there is not for this engine to process; alarms that were open there alarm nobody here.
    expect(exposuresHere).toEqual(
      exposuresThere!.map((row) =>
        row['expid'] === 1 ? { ...row, state: 'registered', reason: 'imported; was waiting' } : row,
      ),
    );
    expect(alarmsHere!.map(({ title, raised_at }) => [title, raised_at])).toEqual(
      alarmsThere!.map(({ title, raised_at }) => [title, raised_at]),
    );
    expect(alarmsHere!.every(({ state }) => state === 'cleared')).toBe(true);

    await page.keyboard.press('h');
    await expect(page.getByText('00000002').first()).toBeVisible();
    await page.keyboard.press('x');
    await guide(page, 'imported-night');
    const [run] = query<{ id: number }>(other.databaseFile, 'SELECT id FROM run WHERE expid = 2');
    expect(
      await other.ask('fibers.map', { runId: run!.id }),
      'its fibers, by the fibermap that came along',
    ).not.toBeNull();
    expect(other.problems).toEqual([]);
  } finally {
    await other.close();
  }
});

test('a copy of the database brings the night back that was there when it was made', async () => {
  const { qlf, folder } = night;
  const { page } = qlf;
  const copy = join(folder, 'copy.db');
  await qlf.electron.evaluate(({ dialog }, path) => {
    dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath: path });
  }, copy);
  const before = nightDump(qlf.databaseFile, NIGHT());
  await page.getByRole('button', { name: 'Copy now' }).click();
  await expect(work(page)).toContainText('Copy of the database done', { timeout: 60_000 });
  await qlf.ask('comment.add', { expid: 5, camera: null, fiber: null, author: 'Ada', text: 'after the copy' });
  await choose(qlf, copy);
  await page.getByRole('button', { name: 'Restore a file' }).click();
  await expect(page.getByText('The database that was in use lies in')).toBeVisible({ timeout: 60_000 });
  expect(nightDump(qlf.databaseFile, NIGHT())).toEqual(before);
});
