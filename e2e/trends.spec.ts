import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import type { JudgedKey } from '../src-shared/domain/measurement.ts';
import { serious } from './fixtures/axe.ts';
import { guide } from './fixtures/guide.ts';
import { onObservedNight } from './fixtures/on-observed-night.ts';
import { query } from './fixtures/qlf.ts';

const night = onObservedNight('trends');

interface Stored {
  expid: number;
  runId: number;
  label: string;
  value: number;
  status: string;
}

/** Every judged number of a key of a camera by exposure, from the newest measurements themselves. */
function stored(camera: string, metric: string, key: string): Stored[] {
  const rows = query<{ expid: number; run_id: number; keys: string }>(
    night.qlf.databaseFile,
    `SELECT expid, run_id, keys FROM (
       SELECT j.expid, j.run_id, m.keys, row_number() OVER (PARTITION BY j.expid ORDER BY j.run_id DESC, m.revision DESC) AS n
       FROM job j JOIN measurement m ON m.job_id = j.id WHERE j.camera = ? AND m.metric = ?)
     WHERE n = 1 ORDER BY expid`,
    camera,
    metric,
  );
  return rows.flatMap(({ expid, run_id: runId, keys }) =>
    (JSON.parse(keys) as JudgedKey[])
      .filter((own) => own.key === key)
      .flatMap(({ elements }) =>
        elements.map(({ label, value, status }) => ({ expid, runId, label, value: value!, status })),
      ),
  );
}

/** A number of the interface, true minus sign and all. */
const numberOf = (text: string | null): number => Number((text ?? '').replace(/\u2212/g, '-').trim());
const near = (shown: string | null, value: number): void => {
  expect(Math.abs(numberOf(shown) - value), `${String(shown)} for ${value}`).toBeLessThanOrEqual(
    Math.max(0.006, Math.abs(value) * 0.006),
  );
};

test('draws every number of a key with its limits, and says them', async () => {
  const { page } = night.qlf;
  await page.keyboard.press('x');
  const table = page.getByRole('table', { name: 'Lines in numbers' });
  const own = stored('r3', 'getrms', 'NOISE_AMP').filter(({ label }) => label === 'C');
  const all = query<{ n: number }>(
    night.qlf.databaseFile,
    `SELECT count(*) AS n FROM trend_element JOIN trend_series s ON s.id = series_id WHERE s.key = 'NOISE_AMP'`,
  );
  await expect(page.getByText(`${all[0]!.n} numbers of 7 exposures`)).toBeVisible();
  // The amplifier that was made noisy is the worst of all lines.
  const worst = table.locator('[data-line]').first();
  await expect(worst).toHaveAttribute('data-line', 'r3C');
  const cells = await worst.locator('[role=cell]').allTextContents();
  const values = own.map(({ value }) => value);
  expect(Number(cells[0])).toBe(own.length);
  near(cells[3]!, Math.min(...values));
  near(cells[4]!, Math.max(...values));
  near(cells[5]!, values.at(-1)!);
  const alarms = own.filter(({ status }) => status === 'alarm').length;
  const warnings = own.filter(({ status }) => status === 'warning').length;
  expect(alarms + warnings).toBeGreaterThan(0);
  expect(cells[7]).toBe(warnings === 0 ? '\u2013' : String(warnings));
  expect(cells[8]).toBe(alarms === 0 ? '\u2013' : String(alarms));
  await worst.hover();
  await guide(page, 'trends');
});

test('walks along one line by keyboard, number by number, to the evidence', async () => {
  const { page } = night.qlf;
  await page.getByRole('button', { name: 'r3', exact: true }).dblclick();
  for (const label of ['A', 'B', 'D']) await page.locator('.chip', { hasText: new RegExp(`^${label}$`) }).click();
  const own = stored('r3', 'getrms', 'NOISE_AMP').filter(({ label }) => label === 'C');
  await expect(page.getByText(`${own.length} numbers of`)).toBeVisible();
  const chart = page.locator('.canvas-chart');
  await chart.focus();
  const tip = page.locator('.chart-tip');
  for (const { expid, value, status } of own) {
    await page.keyboard.press('ArrowRight');
    await expect(tip).toContainText(String(expid).padStart(8, '0'));
    await expect(tip).toContainText(status);
    near((await tip.locator('b').first().textContent())!.replace('r3 C', ''), value);
  }
  const off = own.findIndex(({ status }) => status !== 'normal');
  for (let i = own.length - 1; i > off; i--) await page.keyboard.press('ArrowLeft');
  await expect(tip).toContainText(own[off]!.status);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('table', { name: 'Measurements of r3' })).toBeVisible();
  await expect(page.locator('.exposure-bar b')).toHaveText(String(own[off]!.expid).padStart(8, '0'));
  await page.keyboard.press('x');
  // Back: what had been chosen still is.
  await expect(page.getByText(`${own.length} numbers of`)).toBeVisible();
});

test('fits one quantity against another over the pairs of exposure and camera', async () => {
  const { page } = night.qlf;
  await page.getByRole('button', { name: 'All cameras' }).click();
  await page.getByText('Regression', { exact: true }).click();
  await page.getByRole('combobox', { name: 'Up (y)' }).selectOption('countbins NGOODFIB');
  await page.getByRole('combobox', { name: 'Across (x)' }).selectOption('exptime');
  const pairs = query<{ x: number; y: number }>(
    night.qlf.databaseFile,
    `SELECT e.exptime AS x, t.value AS y FROM trend_element t JOIN trend_series s ON s.id = t.series_id
     JOIN exposure e ON e.expid = t.expid WHERE s.key = 'NGOODFIB' AND e.exptime IS NOT NULL AND t.value IS NOT NULL`,
  );
  const fit = page.getByRole('region', { name: 'Fit' });
  const of = (name: string) =>
    fit.locator('dl', { has: page.locator('dt', { hasText: new RegExp(`^${name}$`) }) }).locator('dd');
  await expect(of('n')).toHaveText(String(pairs.length));
  const mean = (list: number[]): number => list.reduce((sum, value) => sum + value, 0) / list.length;
  const [mx, my] = [mean(pairs.map(({ x }) => x)), mean(pairs.map(({ y }) => y))];
  const sum = (f: (x: number, y: number) => number): number => pairs.reduce((n, { x, y }) => n + f(x - mx, y - my), 0);
  near(await of('r').textContent(), sum((x, y) => x * y) / Math.sqrt(sum((x) => x * x) * sum((_, y) => y * y)));
  near((await of('slope').textContent())!.split('\u00b1')[0]!, sum((x, y) => x * y) / sum((x) => x * x));
  await page.getByRole('combobox', { name: 'Across (x)' }).selectOption('sky');
  await page.getByRole('combobox', { name: 'Up (y)' }).selectOption('skycont SKYCONT');
  await expect(of('n')).not.toHaveText(String(pairs.length));
  await guide(page, 'regression');
});

test('shows the conditions of the night', async () => {
  const { page } = night.qlf;
  await page.getByText('Conditions', { exact: true }).click();
  const rows = query<{ airmass: number }>(
    night.qlf.databaseFile,
    'SELECT airmass FROM exposure WHERE airmass IS NOT NULL ORDER BY airmass',
  );
  const shown = page.locator('[data-condition=airmass] dd');
  await expect(shown).toContainText(`${rows.length} exposure`);
  const text = (await shown.textContent())!;
  const middle = (rows[(rows.length - 1) >> 1]!.airmass + rows[rows.length >> 1]!.airmass) / 2;
  near(text.split(' ')[0]!, middle);
  await page.getByText('Hour of the night').click();
  await page.getByText('Time', { exact: true }).click();
  await guide(page, 'conditions');
});

test('shows what sensors and the exposure-time calculator said, by name and time', async () => {
  const { page } = night.qlf;
  await page.locator('.trend-choices').getByText('Telemetry', { exact: true }).click();
  const quantity = page.getByRole('combobox', { name: 'Quantity' });
  await expect(quantity).toBeEnabled();
  await quantity.selectOption('wind speed');
  const asked = {
    filter: { period: { kind: 'last-night' as const }, flavor: null, program: null },
    name: 'wind speed',
  };
  const answer = await night.qlf.ask('trend.telemetry', asked);
  const [{ n } = { n: 0 }] = query<{ n: number }>(night.qlf.databaseFile, 'SELECT count(*) AS n FROM exposure');
  expect(answer).toMatchObject({ unit: 'm/s', total: n, looked: n });
  expect(answer.exposures).toHaveLength(n);
  expect(answer.names.map(({ name }) => name)).toContain('ETC transparency');
  // As it stands in the file that came with the raw one.
  const { expid, night: of, values } = answer.exposures[1]!;
  const name = `telemetry-${String(expid).padStart(8, '0')}.json`;
  const file = join(night.folder, 'data/raw', of, String(expid).padStart(8, '0'), name);
  const { series } = JSON.parse(readFileSync(file, 'utf8')) as { series: { name: string; values: number[] }[] };
  expect(values).toEqual(series.find((one) => one.name === 'wind speed')!.values);
  await expect(page.locator('.trend-plot .note')).toHaveText(`${String(n)} exposures`);
  await guide(page, 'telemetry');
});

test('takes a list of planned tiles, tells its bad rows, and leads from a tile to its exposures', async () => {
  const { page } = night.qlf;
  await page.getByText('Footprint', { exact: true }).click();
  const [tile] = query<{ tileid: number; ra: number; dec: number; n: number }>(
    night.qlf.databaseFile,
    `SELECT tileid, ra, dec, count(*) AS n FROM exposure
     WHERE tileid >= 0 AND flavor IN ('science', 'object') GROUP BY tileid ORDER BY tileid`,
  );
  const list = join(night.folder, 'tiles.csv');
  const others = Array.from({ length: 900 }, (_, i) => {
    const ra = (i * 137.508) % 360;
    return `${50_000 + i},${ra.toFixed(3)},${(((i * 0.1) % 95) - 15).toFixed(3)},${i % 3 === 0 ? 'bright' : 'dark'}`;
  });
  const mine = `${tile!.tileid},${tile!.ra},${tile!.dec},dark`;
  writeFileSync(
    list,
    ['TILEID,RA,DEC,PROGRAM', mine, '77,12h30m,5,dark', '78,10,-95,dark', mine, ...others].join('\n'),
  );
  await page.getByLabel('File of planned tiles').setInputFiles(list);
  const told = page.locator('.told');
  await expect(told).toContainText('901 tiles taken, 3 bad rows');
  await expect(told).toContainText('row 2: RA 12h30m is not in degrees');
  await expect(told).toContainText('row 3: DEC -95');
  await expect(told).toContainText(`row 4: tile ${tile!.tileid} is there already`);
  expect(query<{ n: number }>(night.qlf.databaseFile, 'SELECT count(*) AS n FROM planned_tile')[0]!.n).toBe(901);

  const chart = page.locator('.canvas-chart');
  await expect(page.getByText('901 planned')).toBeVisible();
  await chart.focus();
  const tip = page.locator('.chart-tip');
  await page.keyboard.press('ArrowRight');
  await expect(tip).toContainText('planned, not observed');
  // The next groups are the observed ones.
  await page.keyboard.press('ArrowDown');
  await expect(tip).toContainText('exposure');
  await page.keyboard.press('Enter');
  const chosen = Number(/tile (\d+)/i.exec((await tip.textContent())!)![1]);
  const exposures = query<{ expid: number }>(
    night.qlf.databaseFile,
    'SELECT expid FROM exposure WHERE tileid = ? ORDER BY expid DESC',
    chosen,
  );
  await expect(page.locator('.tile-row')).toHaveCount(exposures.length);
  await expect(page.locator('.tile-row').first()).toContainText(String(exposures[0]!.expid).padStart(8, '0'));
  await guide(page, 'footprint');
  const wrong = join(night.folder, 'wrong.csv');
  writeFileSync(wrong, 'NAME,RA\na,1\n');
  await page.getByLabel('File of planned tiles').setInputFiles(wrong);
  await expect(told).toContainText('wrong.csv was not taken: no column TILEID, DEC');
  await expect(page.getByText('901 planned')).toBeVisible();
});

test('has nothing that axe finds serious, and is whole at 1366 by 768', async () => {
  const { page, electron } = night.qlf;
  await page.emulateMedia({ reducedMotion: 'reduce' });
  for (const face of ['Trends', 'Regression', 'Conditions', 'Telemetry', 'Footprint']) {
    await page.locator('.trend-choices').getByText(face, { exact: true }).click();
    for (let turn = 0; turn < 3; turn++) {
      expect(await serious(page), face).toEqual([]);
      await page.keyboard.press('t');
    }
  }
  await electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.setContentSize(1366, 768));
  await expect.poll(() => page.evaluate(() => [innerWidth, innerHeight])).toEqual([1366, 768]);
  const over = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
  expect(over).toBe(false);
});
