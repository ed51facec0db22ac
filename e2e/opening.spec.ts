import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from '@playwright/test';
import { copyObservedNight, OBSERVED_NIGHT_ARGS } from './fixtures/observed-night.ts';
import { freePort, openQlf, query, type Qlf } from './fixtures/qlf.ts';
import { startAgain } from './fixtures/second-start.ts';

const RAW = join(import.meta.dirname, 'data/desispec-reference/raw/20191115/00000101/desi-00000101.fits.fz');

let folder: string;
let qlf: Qlf;

test.beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'qlf-opening-'));
  await copyObservedNight(join(folder, 'observed'));
  copyFileSync(RAW, join(folder, 'near by.fits.fz'));
  qlf = await openQlf({
    ...{ folder, ingestPort: await freePort() },
    args: [...OBSERVED_NIGHT_ARGS, pathToFileURL(join(folder, 'near by.fits.fz')).href],
  });
});
test.afterAll(async () => {
  await qlf.close();
  rmSync(folder, { recursive: true, force: true });
});

test('a FITS file that the desktop opens is on the CCD screen from the start, and another one in the same window', async () => {
  const { page } = qlf;
  const viewer = page.getByRole('region', { name: 'FITS file' });
  await expect(viewer.getByText('near by.fits.fz').first()).toBeVisible();
  await page.keyboard.press('m');
  expect(await startAgain(qlf, folder, RAW)).toMatchObject({ code: 0 });
  await expect(viewer.getByText('desi-00000101.fits.fz').first()).toBeVisible();
  // A page that is loaded anew does not open it again, and loses nothing that comes later.
  await page.reload();
  await expect(page.getByRole('grid', { name: 'Cameras' })).toBeVisible();
  await startAgain(qlf, folder, join(folder, 'near by.fits.fz'));
  await expect(viewer.getByText('near by.fits.fz').first()).toBeVisible();
});

test('what is no file, or elsewhere, is told or left alone', async () => {
  const { page } = qlf;
  await page.keyboard.press('m');
  await startAgain(qlf, folder, join(folder, 'not there.fits'));
  await expect(page.getByText('not there.fits cannot be opened')).toBeVisible();
  await startAgain(qlf, folder, 'http://127.0.0.1/elsewhere.fits', '--not-a-file.fits');
  await expect(page.getByRole('grid', { name: 'Cameras' })).toBeVisible();
});

test('an exported night that the desktop opens is shown before it is taken in', async () => {
  const { page } = qlf;
  const observed = await openQlf({
    folder: join(folder, 'observed'),
    ingestPort: await freePort(),
    args: OBSERVED_NIGHT_ARGS,
  });
  const [row] = query<{ night: string }>(observed.databaseFile, 'SELECT night FROM exposure LIMIT 1');
  const night = row!.night;
  const out = join(folder, 'out');
  mkdirSync(out);
  await observed.electron.evaluate(({ dialog }, path) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [path] });
  }, out);
  await observed.ask('night.export', { night, products: false });
  await expect.poll(async () => (await observed.ask('storage.get', {})).work?.state).toBe('done');
  await observed.close();

  const manifest = join(out, `qlf-night-${night}`, 'night.qlfnight');
  await startAgain(qlf, folder, manifest);
  await expect(page.getByRole('heading', { name: `Take in night ${night}?` })).toBeVisible();
  await expect(page.getByText(`of emulated nights`)).toBeVisible();
  expect(query(qlf.databaseFile, 'SELECT expid FROM exposure')).toEqual([]);
  await page.getByRole('button', { name: 'Take it in' }).click();
  await expect.poll(() => query(qlf.databaseFile, 'SELECT expid FROM exposure').length).toBeGreaterThan(5);
  await expect(page.getByRole('heading', { name: `Take in night ${night}?` })).toBeHidden();

  writeFileSync(manifest, '{"format": "qlf-night", "files": "../../../etc/passwd"}');
  await startAgain(qlf, folder, manifest);
  await expect(page.getByText('night.qlfnight cannot be opened')).toBeVisible();
  expect(qlf.problems).toEqual([]);
});
