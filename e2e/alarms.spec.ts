import { expect, test } from '@playwright/test';
import type { Alarm } from '../src-shared/domain/alarm.ts';
import { serious } from './fixtures/axe.ts';
import { guide } from './fixtures/guide.ts';
import { onObservedNight } from './fixtures/on-observed-night.ts';
import { query } from './fixtures/qlf.ts';

const night = onObservedNight('alarms');

type Stored = Pick<Alarm, 'title' | 'state' | 'by' | 'note' | 'present' | 'shelvedUntil'> & { id: number };

/** What the database has of the alarms that are not pending. */
function stored(where = '1'): Stored[] {
  const rows = query<{ id: number; record: string }>(
    night.qlf.databaseFile,
    `SELECT id, record FROM alarm WHERE state <> 'pending' AND ${where} ORDER BY id`,
  );
  return rows.map(({ id, record }) => ({ ...(JSON.parse(record) as Stored), id }));
}

const one = (title: string): Stored => {
  const found = stored().filter((alarm) => alarm.title === title);
  expect(found, title).toHaveLength(1);
  return found[0]!;
};
const row = (title: string) => night.qlf.page.locator('[data-alarm]').filter({ hasText: title });
const NOISE = 'r3 amplifier C noise high';
const CLOUD = 'All cameras: targets too faint';

test('shows every alarm of the night, one row a cause, as the database has them', async () => {
  const { page } = night.qlf;
  await expect(page.getByRole('grid', { name: 'Cameras' })).toBeVisible();
  await page.keyboard.press('a');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Alarms');
  const titles = [NOISE, 'b9 missing from the file', 'z2 fibers lost', CLOUD];
  expect(
    stored()
      .map(({ title }) => title)
      .sort(),
  ).toEqual([...titles].sort());
  for (const title of titles) await expect(row(title)).toHaveAttribute('data-state', one(title).state);
  await expect(page.getByRole('button', { name: /^Alarms/ })).toContainText('4');
  await expect(page.getByRole('heading', { name: /^Not acknowledged/ })).toContainText('4, oldest');
});

test('tells cause, advice and history of the chosen one, and leads to its evidence', async () => {
  const { page } = night.qlf;
  await row(NOISE)
    .getByRole('button', { name: `${NOISE}, new` })
    .click();
  const detail = page.getByRole('region', { name: 'Chosen alarm' });
  await expect(detail.getByRole('heading', { level: 3 })).toHaveText(NOISE);
  await expect(detail).toContainText('loose video cable at r3 C');
  await expect(detail).toContainText('Take one zero');
  const history = query<{ kind: string }>(
    night.qlf.databaseFile,
    'SELECT kind FROM alarm_event WHERE alarm_id = ? ORDER BY id DESC',
    one(NOISE).id,
  );
  await expect(detail.locator('.alarm-history li')).toHaveCount(history.length);
  expect(history.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['raised', 'good']));
  await guide(page, 'alarms');

  await detail.getByRole('button', { name: 'r3 noise' }).click();
  await expect(page.getByRole('table', { name: 'Measurements of r3' })).toBeVisible();
  await expect(page.locator('[data-metric="getrms"][data-key="NOISE_AMP"]').first()).toBeVisible();
  await page.keyboard.press('a');
  await expect(detail.getByRole('heading', { level: 3 })).toHaveText(NOISE);
});

test('asks who acknowledges, and keeps name and note', async () => {
  const { page } = night.qlf;
  await row(NOISE)
    .getByRole('button', { name: `Acknowledge: ${NOISE}` })
    .click();
  // Nobody has said who they are: the field for it waits.
  const name = page.getByRole('textbox', { name: 'You' });
  await expect(name).toBeFocused();
  expect(one(NOISE).state).toBe('new');
  await name.fill('Vera');
  await page.getByRole('textbox', { name: 'Note' }).fill('video cable, day crew told');
  await page.getByRole('textbox', { name: 'Note' }).press('Enter');
  // Two good exposures have come since: with that it is over.
  await expect(row(NOISE)).toHaveAttribute('data-state', 'cleared');
  expect(one(NOISE)).toMatchObject({ state: 'cleared', by: 'Vera', note: 'video cable, day crew told' });
  await expect(page.getByRole('button', { name: /^Alarms/ })).toContainText('3');

  await row(CLOUD)
    .getByRole('button', { name: `Acknowledge: ${CLOUD}` })
    .click();
  await expect(row(CLOUD)).toHaveAttribute('data-state', 'acknowledged');
  expect(one(CLOUD)).toMatchObject({ state: 'acknowledged', by: 'Vera', present: true });
});

test('shelves with a reason until a time, and brings back', async () => {
  const { page } = night.qlf;
  await row(CLOUD)
    .getByRole('button', { name: `Shelve: ${CLOUD}` })
    .click();
  await page.getByRole('textbox', { name: 'Note' }).fill('front passes by two');
  await page.getByText('15 min', { exact: true }).click();
  const before = Date.now();
  await page.getByRole('button', { name: 'Shelve for 15 min' }).click();
  await expect(row(CLOUD)).toHaveAttribute('data-state', 'shelved');
  const { shelvedUntil, note } = one(CLOUD);
  expect(note).toBe('front passes by two');
  expect(Math.abs(shelvedUntil! - before - 15 * 60_000)).toBeLessThan(60_000);
  await row(CLOUD)
    .getByRole('button', { name: `Unshelve: ${CLOUD}` })
    .click();
  await expect(row(CLOUD)).toHaveAttribute('data-state', 'new');
  expect(one(CLOUD)).toMatchObject({ state: 'new', shelvedUntil: null });
});

test('is silent only until a time, and says so on every screen', async () => {
  const { page } = night.qlf;
  await page.getByRole('button', { name: 'Mute', exact: true }).click();
  await page.getByRole('button', { name: 'Mute Machinery for 1 h' }).click();
  const top = page.getByRole('banner').getByRole('button', { name: /^Machinery muted until/ });
  await expect(top).toBeVisible();
  await page.keyboard.press('Escape');
  await page.keyboard.press('m');
  await expect(top).toBeVisible();
  const [setting] = query<{ value: string }>(
    night.qlf.databaseFile,
    "SELECT value FROM setting WHERE key = 'alarm-mutes'",
  );
  expect(JSON.parse(setting!.value)).toMatchObject([{ severity: 'fault', by: 'Vera' }]);
  await top.click();
  await page
    .getByRole('button', { name: /^Machinery muted/ })
    .last()
    .click();
  await page.getByRole('button', { name: 'End the silence of Machinery' }).click();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('banner').getByRole('button', { name: 'Sound of alarms is on' })).toBeVisible();
});

test('has settings that hold at once, and sounds to be tested', async () => {
  const { page } = night.qlf;
  await page.getByRole('button', { name: 'Alarm settings' }).click();
  const warnings = page.getByRole('group', { name: 'Warnings', exact: true });
  await warnings.getByLabel('Raised after').fill('3');
  await warnings.getByLabel('Raised after').press('Enter');
  await expect.poll(async () => (await night.qlf.ask('alarm-settings.get', {})).warning.delay).toBe(3);
  await guide(page, 'alarm-settings');
  await page.getByRole('button', { name: 'Done' }).click();

  await page.evaluate(() => {
    const heard: number[] = [];
    Object.assign(window, { heard });
    Object.defineProperty(AudioContext.prototype, 'createOscillator', {
      value(this: AudioContext) {
        heard.push(performance.now());
        return BaseAudioContext.prototype.createOscillator.call(this);
      },
    });
  });
  await page.getByRole('button', { name: 'Test sounds' }).click();
  for (const family of ['Data', 'Machinery', 'Contact lost'])
    for (const why of ['New', 'Worse', 'Reminder']) {
      const before = await notes();
      await page.getByRole('button', { name: `${family}: ${why}` }).click();
      expect(await notes(), `${family}, ${why}`).toBeGreaterThan(before);
    }
  await page.keyboard.press('Escape');
});

/** Notes that the window has begun to play. */
const notes = (): Promise<number> =>
  night.qlf.page.evaluate(() => (window as unknown as { heard: number[] }).heard.length);

test('a new alarm is heard and seen on the monitor, and acknowledged there', async () => {
  const { page } = night.qlf;
  await page.keyboard.press('m');
  // The exposure whose evidence was looked at makes way for the newest.
  await page.keyboard.press('Escape');
  const before = await notes();
  const environment = await night.qlf.ask('test-environment.get', {});
  const faults = [{ name: 'bias-jump', camera: 'b4', amplifier: 'B' }] as const;
  await night.qlf.ask('test-environment.set', { settings: { ...environment!, faults: [...faults] } });
  await night.qlf.ask('test-environment.expose-now', {});
  const title = 'b4 amplifier B bias high';
  const item = page.locator('.attention [data-alarm]').filter({ hasText: title });
  await expect(item).toHaveAttribute('data-state', 'new', { timeout: 60_000 });
  await expect.poll(notes, { timeout: 20_000 }).toBeGreaterThan(before);
  await expect(page.getByRole('alert').filter({ hasText: title })).toHaveCount(1);
  await expect
    .poll(() =>
      query<{ text: string }>(
        night.qlf.databaseFile,
        "SELECT text FROM alarm_event WHERE alarm_id = ? AND kind = 'announced'",
        one(title).id,
      ).map(({ text }) => text),
    )
    .toEqual(['sound \u201cnew\u201d, desktop notification']);
  await page.screenshot({ path: 'test-results/monitor-alarms.png' });
  await page
    .getByRole('region', { name: 'Verdict' })
    .getByRole('button', { name: `Acknowledge the alarm: ${title}` })
    .click();
  await expect(item).toHaveAttribute('data-state', 'acknowledged');
  expect(one(title)).toMatchObject({ state: 'acknowledged', by: 'Vera' });
  await expect.poll(async () => (await night.qlf.ask('control-room.snapshot', {})).engine.activity).toBe('idle');
});

test('has nothing that axe finds serious, in any theme', async () => {
  const { page } = night.qlf;
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.keyboard.press('a');
  for (const theme of ['light', 'red', 'dark']) {
    while ((await page.locator('html').getAttribute('data-theme')) !== theme) await page.keyboard.press('t');
    expect(await serious(page), theme).toEqual([]);
  }
});
