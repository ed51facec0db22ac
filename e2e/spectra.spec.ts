import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { findHdu, hduData, scanHdusInMemory } from '../src-shared/fits/hdu.ts';
import { decodeImage } from '../src-shared/fits/image.ts';
import { guide } from './fixtures/guide.ts';
import { serious } from './fixtures/axe.ts';
import { onObservedNight } from './fixtures/on-observed-night.ts';
import { query } from './fixtures/qlf.ts';

const night = onObservedNight('spectra');

/** The last run of the night: what is on screen at the start. */
function lastRun(): { id: number; expid: number; night: string } {
  return query<{ id: number; expid: number; night: string }>(
    night.qlf.databaseFile,
    'SELECT id, expid, night FROM run ORDER BY id DESC LIMIT 1',
  )[0]!;
}

/** A row of the product that the screen reads, decoded by the test itself. */
function product(camera: string, local: number): { flux: Float32Array; wavelength: Float64Array; unit: string } {
  const { id, expid, night: evening } = lastRun();
  const name = String(expid).padStart(8, '0');
  const path = join(
    night.folder,
    'data',
    'redux',
    'exposures',
    evening,
    name,
    `run-${id}`,
    `spectra-${camera}-${name}.fits`,
  );
  const bytes = readFileSync(path);
  const { hdus } = scanHdusInMemory(bytes);
  const image = (hduName: string) => {
    const hdu = findHdu(hdus, hduName)!;
    return { ...decodeImage(hdu.header, hduData(bytes, hdu)), header: hdu.header };
  };
  const flux = image('FLUX');
  const bins = flux.axes[0]!;
  return {
    flux: (flux.pixels as Float32Array).slice(local * bins, (local + 1) * bins),
    wavelength: image('WAVELENGTH').pixels as Float64Array,
    unit: flux.header.text('BUNIT')!,
  };
}

const hoverCard = '.spectrum-plot .hover-card';

test('shows the product of the pipeline: values, errors, unit', async () => {
  const { page } = night.qlf;
  await page.keyboard.press('s');
  const field = page.getByRole('textbox', { name: 'Fiber or target number' });
  await field.fill('2007');
  await field.press('Enter');
  await expect(page.locator('.spectrum-key')).toContainText('fiber 2007');
  await expect(page.locator('.spectrum-key li').first()).toContainText('b r z');
  await page.getByRole('combobox', { name: 'Smoothing' }).selectOption({ label: 'Not smoothed' });
  const { flux, wavelength, unit } = product('r4', 7);
  expect(unit).toContain('erg');
  await expect(page.locator('.spectrum-panel .note')).toContainText('10\u207b\u00b9\u2077 erg');
  // Look closer until a bin is several pixels wide, then read the value under the pointer.
  const surface = page.locator('.spectrum-plot .surface');
  const box = (await surface.boundingBox())!;
  await page.mouse.move(box.x + box.width * 0.5, box.y + box.height * 0.5);
  for (let i = 0; i < 12; i++) await page.mouse.wheel(0, -240);
  await expect(page.getByRole('button', { name: /show all/ })).toBeVisible();
  await page.mouse.move(box.x + box.width * 0.5 + 1, box.y + box.height * 0.5);
  const card = page.locator(hoverCard);
  await expect(card).toContainText('2007 r');
  const text = (await card.innerText()).replace(/\u2212/g, '-');
  const wave = Number(/([\d.]+) Å/.exec(text)![1]);
  const shown = Number(/2007 r: (-?[\d.]+(?:e-?\d+)?)/.exec(text)![1]);
  const above = wavelength.findIndex((value) => value >= wave);
  const share = (wave - wavelength[above - 1]!) / (wavelength[above]! - wavelength[above - 1]!);
  const expected = flux[above - 1]! + share * (flux[above]! - flux[above - 1]!);
  // The card rounds the wavelength to a tenth of an angstrom and the value to three digits.
  const step = Math.abs(flux[above]! - flux[above - 1]!);
  expect(Math.abs(shown - expected)).toBeLessThan(0.06 * step + 0.012 * Math.abs(expected) + 0.006);
  expect(text).toContain('\u00b1');
});

test('goes from fiber to fiber by keyboard, and keeps the look', async () => {
  const { page } = night.qlf;
  await page.keyboard.press('ArrowRight');
  await expect(page.locator('.spectrum-key')).toContainText('fiber 2008');
  await expect(page.getByRole('button', { name: /show all/ })).toBeVisible();
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('0');
  await expect(page.getByRole('button', { name: /show all/ })).toBeHidden();
  await page.keyboard.press('j');
  await expect(page.getByRole('combobox', { name: 'Smoothing' })).toHaveValue('3');
  await page.keyboard.press('j');
});

test('shows the brightest fiber of a camera as such', async () => {
  const { page } = night.qlf;
  const [row] = query<{ value: string }>(
    night.qlf.databaseFile,
    `SELECT v.value FROM measurement m JOIN job j ON j.id = m.job_id JOIN measurement_value v ON v.measurement_id = m.id
     WHERE j.run_id = ? AND j.camera = 'r4' AND m.metric = 'snr' ORDER BY m.revision DESC LIMIT 1`,
    lastRun().id,
  );
  const { MEDIAN_SNR: snr } = (JSON.parse(row!.value) as { METRICS: { MEDIAN_SNR: number[] } }).METRICS;
  const fiber = 2000 + snr.indexOf(Math.max(...snr));
  const field = page.getByRole('textbox', { name: 'Fiber or target number' });
  await field.fill(String(fiber));
  await field.press('Enter');
  await expect(page.locator('.spectrum-key')).toContainText(`fiber ${fiber}`);
  await expect(page.locator('.spectrum-panel .note')).toContainText('STAR');
  await guide(page, 'spectra');
});

test('compares with a fiber, with another exposure, and with medians', async () => {
  const { page } = night.qlf;
  const key = page.locator('.spectrum-key');
  const kept = Number(/fiber (\d+)/.exec((await key.textContent())!)![1]);
  await page.keyboard.press('y');
  await page.keyboard.press('ArrowRight');
  const next = kept === 2049 ? 2500 : kept + 1;
  await expect(key.locator('[data-layer=other]')).toContainText(`fiber ${kept}`);
  await page.getByText('Ratio', { exact: true }).click();
  await expect(key).toContainText(`fiber ${next} over fiber ${kept}`);
  await page.getByText('Overlay', { exact: true }).click();
  await page.getByText('Exposure', { exact: true }).click();
  const options = await page
    .getByRole('combobox', { name: 'Exposure to compare with' })
    .locator('option')
    .allTextContents();
  expect(options).toHaveLength(6);
  const science = options.find((text) => text.includes('dark'))!;
  await page.getByRole('combobox', { name: 'Exposure to compare with' }).selectOption({ label: science });
  await expect(key.locator('[data-layer=other]')).toContainText(science.slice(0, 8));
  await page.getByRole('combobox', { name: 'Median' }).selectOption({ label: 'Median of the sky fibers' });
  await expect(key.locator('[data-layer=median]')).toContainText('median of SKY');
  // The arrows belong to the choices as long as one of them has the focus.
  await page.getByRole('button', { name: 'Previous fiber' }).click();
  await expect(key).toContainText(`fiber ${kept}`);
  await guide(page, 'spectra-compare');
});

test('says what is missing: a bias has no spectra, and a target that nobody has', async () => {
  const { page } = night.qlf;
  await page.getByText('Nothing', { exact: true }).click();
  const oldest = query<{ expid: number }>(night.qlf.databaseFile, 'SELECT min(expid) AS expid FROM exposure')[0]!.expid;
  const shown = async (): Promise<number> => Number(await page.locator('.exposure-bar b').textContent());
  while ((await shown()) !== oldest) {
    const before = await shown();
    await page.keyboard.press('[');
    await expect.poll(shown).toBeLessThan(before);
  }
  await expect(page.getByText(/^No spectrum of fiber 2\d{3}$/)).toBeVisible();
  const field = page.getByRole('textbox', { name: 'Fiber or target number' });
  await field.fill('123456789');
  await field.press('Enter');
  await expect(page.getByText('No fiber or target is called 123456789')).toBeVisible();
});

test('has nothing that axe finds serious', async () => {
  expect(await serious(night.qlf.page)).toEqual([]);
});
