import { expect, test, type Page } from '@playwright/test';
import { guide } from './fixtures/guide.ts';
import { serious } from './fixtures/axe.ts';
import { onObservedNight } from './fixtures/on-observed-night.ts';
import { query } from './fixtures/qlf.ts';

const night = onObservedNight('fibers');

/** Exposures of the observed night: the third has dead fibers on z2 and a noisy amplifier on r3, the sixth is a flat. */
const [FAULTY, FLAT] = [3, 6];

/** METRICS of the newest value of a camera's metric, read beside the engine. */
function metricsOf(expid: number, camera: string, metric: string): Record<string, number[] & number[][]> {
  const [row] = query<{ value: string }>(
    night.qlf.databaseFile,
    `SELECT v.value FROM measurement m JOIN job j ON j.id = m.job_id JOIN measurement_value v ON v.measurement_id = m.id
     WHERE j.expid = ? AND j.camera = ? AND m.metric = ? ORDER BY j.run_id DESC, m.revision DESC LIMIT 1`,
    expid,
    camera,
    metric,
  );
  return (JSON.parse(row!.value) as { METRICS: Record<string, number[] & number[][]> }).METRICS;
}

/** Number of an exposure counted from the first of the night. */
function expidOf(place: number): number {
  const rows = query<{ expid: number }>(night.qlf.databaseFile, 'SELECT expid FROM exposure ORDER BY expid');
  return rows[place - 1]!.expid;
}

async function showExposure(page: Page, expid: number): Promise<void> {
  const shown = async (): Promise<number> => Number(await page.locator('.exposure-bar b').textContent());
  while ((await shown()) !== expid) {
    const before = await shown();
    await page.keyboard.press(before > expid ? '[' : ']');
    await expect.poll(shown).not.toBe(before);
  }
}

async function typeFiber(page: Page, fiber: number | string): Promise<void> {
  const field = page.getByRole('textbox', { name: 'Fiber or target number' });
  await field.fill(String(fiber));
  await field.press('Enter');
}

const quantity = (page: Page, name: string, column: number) => page.locator(`[data-quantity="${name}"] td`).nth(column);
/** As the screen writes numbers: a real minus sign, none before a zero. */
const minus = (text: string): string => text.replace(/^-(?=0\.0*$)/, '').replace('-', '\u2212');

test('shows of every fiber what the pipeline measured', async () => {
  const { page } = night.qlf;
  await page.keyboard.press('f');
  await expect(page.getByRole('heading', { name: 'S/N residual, r' })).toBeVisible();
  const newest = expidOf(7);
  await expect(page.locator('.exposure-bar b')).toHaveText(String(newest).padStart(8, '0'));
  for (const local of [3, 20]) {
    await typeFiber(page, 1500 + local);
    await expect(page.locator('.surface').first()).toHaveAttribute('data-chosen', String(1500 + local));
    for (const [column, camera] of ['b3', 'r3', 'z3'].entries()) {
      const snr = metricsOf(newest, camera, 'snr')['MEDIAN_SNR']![local]!;
      await expect(quantity(page, 'snr', column)).toHaveText(minus(snr.toFixed(2)));
      const [x, w] = metricsOf(newest, camera, 'xwsigma')['XWSIGMA_FIB']!;
      await expect(quantity(page, 'x-width', column)).toHaveText(x![local]!.toFixed(3));
      await expect(quantity(page, 'w-width', column)).toHaveText(w![local]!.toFixed(3));
    }
  }
});

test('gives every residual to its own fiber, with the fit of its class', async () => {
  const { page } = night.qlf;
  const newest = expidOf(7);
  const metrics = metricsOf(newest, 'r3', 'snr') as unknown as {
    OBJLIST: string[];
    SNR_MAG_TGT: [number[], number[]][];
    FITCOEFF_TGT: [number, number][];
    EXPTIME: number;
  } & Record<string, number[]>;
  const stars = metrics.OBJLIST.indexOf('STAR');
  const [[snr, magnitude], [a, b]] = [metrics.SNR_MAG_TGT[stars]!, metrics.FITCOEFF_TGT[stars]!];
  const local = metrics['STAR_FIBERID']![0]!;
  const flux = 10 ** (-0.4 * (magnitude[0]! - 22.5));
  const model = (metrics.EXPTIME * a * flux) / Math.sqrt(metrics.EXPTIME * (a * flux + b));
  const residual = snr[0]! / model - 1;
  await typeFiber(page, 1500 + local);
  await expect(page.locator('.fiber-detail dl')).toContainText('STAR');
  await expect(page.locator('.fiber-detail dl')).toContainText(magnitude[0]!.toFixed(2));
  await expect(quantity(page, 'snr-residual', 1)).toHaveText((residual > 0 ? '+' : '') + minus(residual.toFixed(2)));
});

test('draws dead fibers as dead and a camera that is not there as not measured', async () => {
  const { page } = night.qlf;
  const faulty = expidOf(FAULTY);
  await showExposure(page, faulty);
  await page.keyboard.press('z');
  await page.getByRole('combobox', { name: 'Quantity' }).selectOption({ label: 'Total counts' });
  await expect(page.getByRole('heading', { name: 'Total counts, z' })).toBeVisible();
  const good = metricsOf(faulty, 'z2', 'countbins')['GOOD_FIBERS']!;
  const dead = good.flatMap((value, i) => (value === 0 ? [1000 + i] : []));
  expect(dead.length).toBeGreaterThan(0);
  await expect(page.locator('.legend-box .marks')).toContainText(`${dead.length} dead or broken`);
  // The list stands where the chosen fiber is; the worst are at its top.
  await page.locator('.fiber-list').evaluate((list) => list.scrollTo(0, 0));
  const first = page.locator('.fiber-row').first();
  await expect(first).toHaveAttribute('data-fiber', String(dead[0]));
  await first.click();
  await expect(quantity(page, 'good', 2)).toHaveText('no');
  // b9 is missing: nothing of it is good, nothing is dead.
  await page.keyboard.press('b');
  await page.getByRole('combobox', { name: 'Quantity' }).selectOption({ label: 'Good fibers' });
  await typeFiber(page, 4500);
  await expect(quantity(page, 'good', 0)).toHaveText('\u2013');
  await expect(quantity(page, 'good', 1)).toHaveText('yes');
  const lit = query<{ n: number }>(
    night.qlf.databaseFile,
    "SELECT count(*) AS n FROM job WHERE expid = ? AND camera LIKE 'b%' AND state = 'done'",
    faulty,
  )[0]!.n;
  const each = metricsOf(faulty, 'b0', 'countbins')['GOOD_FIBERS']!.length;
  await expect(page.locator('.values-panel .note').first()).toHaveText(`${lit * each} fibers`);
});

test('a lasso lists the fibers inside it, and a click chooses one everywhere', async () => {
  const { page } = night.qlf;
  await showExposure(page, expidOf(7));
  await page.keyboard.press('r');
  await page.getByRole('combobox', { name: 'Quantity' }).selectOption({ label: 'S/N residual' });
  await expect(page.getByRole('heading', { name: 'S/N residual, r' })).toBeVisible();
  const box = (await page.locator('.plane .surface').boundingBox())!;
  const [cx, cy] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.move(cx + 6, cy + 6);
  await page.mouse.down();
  for (const [dx, dy] of [
    [180, 10],
    [170, 120],
    [60, 180],
  ] as const)
    await page.mouse.move(cx + dx, cy + dy, { steps: 4 });
  await page.mouse.up();
  const words = page.locator('.lasso-words');
  await expect(words).toContainText(/Lasso: \d+ fibers, (\d+ measured, )?median/);
  const chosen = Number(/Lasso: (\d+)/.exec((await words.textContent())!)![1]);
  expect(chosen).toBeGreaterThan(5);
  expect(chosen).toBeLessThan(300);
  // One comment on each camera, naming its fibers; and one on each fiber of a few.
  const acts = page.getByRole('group', { name: 'Fibers of the lasso' });
  await acts.getByRole('button', { name: 'Comment' }).click();
  const form = page.getByRole('form', { name: `Comment on ${chosen} fibers` });
  await form.getByLabel('Your name').fill('Ana');
  await form.getByLabel('Comment', { exact: true }).fill('a shadow of the dome');
  await guide(page, 'fibers-comment');
  await form.getByRole('button', { name: 'Add' }).click();
  await expect(form).toBeHidden();
  const comments = query<{ camera: string | null; text: string }>(
    night.qlf.databaseFile,
    'SELECT camera, text FROM comment WHERE fiber IS NULL ORDER BY camera',
  );
  expect(comments.length).toBeGreaterThan(0);
  for (const { camera, text } of comments) {
    expect(camera).toMatch(/^r\d$/);
    expect(text).toMatch(/^a shadow of the dome \(fibers? [\d, to]+\)$/);
  }
  await page.getByRole('button', { name: 'Dismiss' }).click();
  const way = acts.getByRole('button', { name: /spectrum$/ });
  const worst = /\d+/.exec((await way.textContent())!)![0];
  await way.click();
  await expect(page.getByRole('textbox', { name: 'Fiber or target number' })).toHaveValue(worst);
  await page.keyboard.press('f');
  // The lasso is where it was; the fiber of the spectrum is the chosen one.
  await expect(words).toContainText(`Lasso: ${chosen} fibers`);
  await expect(page.locator('.fiber-row[aria-current=true]')).toHaveAttribute('data-fiber', worst);
  await acts.getByRole('button', { name: `${worst} on CCD` }).click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText(`r${Math.floor(Number(worst) / 500)}`);
  await page.keyboard.press('f');
  await page.locator('.fiber-list').evaluate((list) => list.scrollTo(0, 0));
  await page.locator('.fiber-row').nth(2).click();
  const fiber = Number(await page.locator('.fiber-row[aria-current=true]').getAttribute('data-fiber'));
  await expect(page.getByRole('region', { name: `Fiber ${fiber}` })).toBeVisible();
  await guide(page, 'fibers');
  // The same fiber on the camera's screen: the plot marks it.
  await page.keyboard.press('c');
  const camera = `r${Math.floor(fiber / 500)}`;
  await expect(page.getByRole('table', { name: `Measurements of ${camera}` })).toBeVisible();
  await page.locator('[data-key="FIDSNR_TGT"]').first().click();
  await page.getByText('Residuals', { exact: true }).click();
  await expect(page.locator('.js-plotly-plot .scatterlayer .trace').first()).toBeVisible();
  const points = page.locator('.js-plotly-plot .scatterlayer .trace .point');
  await expect.poll(() => points.count()).toBeGreaterThan(10);
  await page.getByText('Residual map', { exact: true }).click();
  await expect(page.locator('figure figcaption')).toContainText('focal plane and sky');
  await guide(page, 'camera');
});

test('a click in a plot of the camera chooses the fiber', async () => {
  const { page } = night.qlf;
  await page.getByText('Median S/N', { exact: true }).click();
  await expect(page.locator('figure figcaption')).toContainText('S/N by fiber');
  const before = await page.evaluate(() => document.querySelectorAll('.scatterlayer .trace').length);
  expect(before).toBeGreaterThan(0);
  const point = page.locator('.js-plotly-plot .scatterlayer .trace').first().locator('.point').nth(12);
  await point.hover({ force: true });
  const hover = page.locator('.hoverlayer .hovertext');
  await expect(hover).toContainText('fiber');
  const fiber = Number(/fiber (\d+)/.exec((await hover.first().textContent())!)![1]);
  await point.click({ force: true });
  await page.keyboard.press('f');
  await expect(page.getByRole('region', { name: `Fiber ${fiber}` })).toBeVisible();
});

test('a few fibers are commented each by itself', async () => {
  const { page } = night.qlf;
  await page.getByRole('combobox', { name: 'Quantity' }).selectOption({ label: 'S/N residual' });
  const box = (await page.locator('.plane .surface').boundingBox())!;
  const [cx, cy] = [box.x + box.width / 2, box.y + box.height / 2];
  const words = page.locator('.lasso-words');
  const inside = async (): Promise<number> => Number(/Lasso: (\d+) /.exec((await words.textContent()) ?? '')?.[1] ?? 0);
  // As small as it can be with more than one fiber in it.
  const none = async (): Promise<void> => {
    await page.keyboard.press('Delete');
    await expect(words).not.toContainText('Lasso');
  };
  await none();
  for (let half = 20; half < 120 && (await inside()) < 2; half += 20) {
    await none();
    await page.mouse.move(cx + 100 - half, cy + 60 - half);
    await page.mouse.down();
    for (const [dx, dy] of [
      [half, -half],
      [half, half],
      [-half, half],
    ] as const)
      await page.mouse.move(cx + 100 + dx, cy + 60 + dy, { steps: 3 });
    await page.mouse.up();
    await page.waitForTimeout(300);
  }
  const count = await inside();
  expect(count).toBeGreaterThan(1);
  expect(count).toBeLessThanOrEqual(50);
  const listed = await page.locator('.fiber-row').evaluateAll((rows) => rows.map((one) => one.dataset['fiber']));
  await page.getByRole('group', { name: 'Fibers of the lasso' }).getByRole('button', { name: 'Comment' }).click();
  const form = page.getByRole('form', { name: `Comment on ${count} fibers` });
  await form.getByText('Each fiber', { exact: true }).click();
  await form.getByLabel('Your name').fill('Ana');
  await form.getByLabel('Comment', { exact: true }).fill('weak since the robot was exchanged');
  await form.getByRole('button', { name: 'Add' }).click();
  await expect(page.getByText(`Comment on ${count} fibers kept with the exposure`)).toBeVisible();
  const kept = query<{ expid: number; camera: string | null; fiber: number; text: string; author: string }>(
    night.qlf.databaseFile,
    'SELECT expid, camera, fiber, text, author FROM comment WHERE fiber IS NOT NULL ORDER BY fiber',
  );
  expect(kept).toHaveLength(count);
  expect(kept.map(({ fiber }) => String(fiber))).toEqual(expect.arrayContaining(listed));
  // A fiber is of all three arms.
  for (const { expid, camera, text, author } of kept)
    expect([expid, camera, text, author]).toEqual([expidOf(7), null, 'weak since the robot was exchanged', 'Ana']);
  await page.getByRole('button', { name: 'Dismiss' }).click();
});

test('lamps have no places: fibers by number', async () => {
  const { page } = night.qlf;
  await showExposure(page, expidOf(FLAT));
  await page.getByRole('combobox', { name: 'Quantity' }).selectOption({ label: 'Flat mean' });
  await expect(page.locator('.plane-note')).toContainText('no places (lamps)');
  await typeFiber(page, 7);
  const mean = metricsOf(expidOf(FLAT), 'r0', 'checkflat')['FLATMEAN']![7]!;
  await expect(quantity(page, 'flat-mean', 1)).toHaveText(mean.toFixed(3));
});

test('is whole at 1366 by 768, and has nothing that axe finds serious', async () => {
  const { page, electron } = night.qlf;
  await electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.setContentSize(1366, 768));
  await expect.poll(() => page.evaluate(() => [innerWidth, innerHeight])).toEqual([1366, 768]);
  for (const selector of ['.plane-panel', '.values-panel', '.fiber-detail', '.spectrum-strip']) {
    const box = (await page.locator(selector).boundingBox())!;
    expect(box.x >= 0 && box.y >= 0 && box.x + box.width <= 1366 && box.y + box.height <= 768, selector).toBe(true);
  }
  expect(await serious(page)).toEqual([]);
});
