import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import type { CameraName } from '../src-shared/domain/camera.ts';
import type { ImageLayer } from '../src-shared/domain/image.ts';
import type { Result } from '../src-shared/ipc/result.ts';
import { astropy } from './fits-tools.ts';
import { serious } from './fixtures/axe.ts';
import { guide } from './fixtures/guide.ts';
import { copyObservedNight, OBSERVED_NIGHT_ARGS } from './fixtures/observed-night.ts';
import { freePort, openQlf, query, type Qlf } from './fixtures/qlf.ts';

test.describe.configure({ mode: 'serial' });

const REFERENCE = join(import.meta.dirname, 'data/desispec-reference');
const RAW_110 = join(REFERENCE, 'raw/20191115/00000110/desi-00000110.fits.fz');

async function chooseCamera(page: Page, camera: CameraName): Promise<void> {
  await page
    .getByRole('navigation', { name: 'Cameras' })
    .getByRole('button', { name: `${camera} ` })
    .click();
}

/** What the panel says of the pixel that is pointed at. */
async function pixelOnScreen(
  page: Page,
): Promise<{ x: number; y: number; value: string; facts: Record<string, string> }> {
  await expect(page.locator('.pixel-value')).not.toHaveAttribute('data-value', '');
  return page.locator('.pixel-panel').evaluate((panel) => {
    const facts = Object.fromEntries(
      [...panel.querySelectorAll('dl > div')].map((row) => [
        row.querySelector('dt')!.textContent,
        row.querySelector('dd')!.textContent,
      ]),
    );
    const [x = NaN, y = NaN] = (facts['x, y'] ?? '').split(', ').map((text) => Number.parseInt(text, 10));
    return { x, y, value: panel.querySelector('.pixel-value')!.getAttribute('data-value')!, facts };
  });
}

/** Lets the answer about the last place come before the next is pointed at. */
async function pointAt(page: Page, shareX: number, shareY: number): Promise<void> {
  const box = (await page.locator('.image-box').boundingBox())!;
  await page.mouse.move(box.x + shareX * box.width, box.y + shareY * box.height);
  await page.waitForTimeout(250);
}

test.describe('the reference exposures', () => {
  let folder: string;
  let qlf: Qlf;
  let page: Page;

  test.beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'qlf-ccd-'));
    qlf = await openQlf({
      folder,
      ingestPort: await freePort(),
      args: ['--source', join(REFERENCE, 'raw'), '--calibration', join(REFERENCE, 'calib'), '--no-catch-up'],
    });
    ({ page } = qlf);
    await expect
      .poll(async () => {
        const { current, engine } = await qlf.ask('control-room.snapshot', {});
        return current?.run.expid === 110 && current.run.state !== 'running' && engine.activity === 'idle';
      })
      .toBe(true);
    await page.keyboard.press('d');
    await chooseCamera(page, 'r0');
  });
  test.afterAll(async () => {
    await qlf.close();
    rmSync(folder, { recursive: true, force: true });
  });
  test.afterEach(() => {
    expect(qlf.problems, 'errors on the console of the page').toEqual([]);
  });

  test('have the pixel values that astropy reads, on screen', async () => {
    await expect(page.locator('.ccd-words')).toContainText('camera file');
    await expect(page.locator('.ccd-words')).toContainText('4204 \u00d7 4096, uint16');
    const places: [number, number][] = [
      [0.3, 0.2],
      [0.62, 0.71],
      [0.45, 0.5],
      [0.7, 0.12],
    ];
    const seen: { x: number; y: number; value: string; facts: Record<string, string> }[] = [];
    for (const [x, y] of places) {
      await pointAt(page, x, y);
      seen.push(await pixelOnScreen(page));
    }
    const wanted = astropy(
      `
image = fits.open(args[0])['R0'].data
print(json.dumps([int(image[y, x]) for x, y in json.loads(args[1])]))
`,
      RAW_110,
      JSON.stringify(seen.map(({ x, y }) => [x, y])),
    ) as number[];
    expect(seen.map(({ value }) => Number(value))).toEqual(wanted);
    expect(new Set(seen.map(({ x, y }) => `${x} ${y}`)).size).toBe(places.length);
    expect(seen[0]!.facts['Amplifier']).toBe('3');
  });

  test('have the range of zscale that astropy finds', async () => {
    const [low, high] = astropy(
      `
from astropy.visualization import ZScaleInterval
print(json.dumps([float(v) for v in ZScaleInterval().get_limits(fits.open(args[0])['R0'].data)]))
`,
      RAW_110,
    ) as [number, number];
    const end = (name: string): Promise<number> =>
      page.getByRole('slider', { name }).evaluate((slider) => Number(slider.getAttribute('aria-valuenow')));
    expect(Math.abs((await end('Value of the first colour')) - low)).toBeLessThan(1e-6);
    expect(Math.abs((await end('Value of the last colour')) - high)).toBeLessThan(1e-6);
  });

  test('tell fiber and wavelength where the calibration has a trace, and choose the fiber by click', async () => {
    // Fiber 250 at the middle row, by the PSF file itself; its place in the raw image by the sections of the header.
    const [x, wave] = astropy(
      `
from numpy.polynomial.legendre import legval
hdus = fits.open(args[0])
low, high = hdus['YTRACE'].header['WAVEMIN'], hdus['YTRACE'].header['WAVEMAX']
waves = np.linspace(low, high, 20001)
u = 2 * (waves - low) / (high - low) - 1
wave = float(np.interp(2047.5, legval(u, hdus['YTRACE'].data[250]), waves))
print(json.dumps([float(legval(2 * (wave - low) / (high - low) - 1, hdus['XTRACE'].data[250])), wave]))
`,
      join(REFERENCE, 'calib/spec/sp0/psf-r0-full.fits'),
    ) as [number, number];
    const rawX = x < 2048 ? x + 4 : x + 4 + 100;
    const box = (await page.locator('.image-box').boundingBox())!;
    const zoom = Number(await page.locator('.zoom').getAttribute('data-zoom'));
    const target = [(rawX + 0.5 - 2102) * zoom + box.width / 2, box.height / 2] as const;
    await page.mouse.move(box.x + target[0], box.y + target[1]);
    await page.waitForTimeout(250);
    for (let i = 0; i < 8; i++) await page.keyboard.press('+');
    const { facts } = await pixelOnScreen(page);
    expect(facts['Fiber']).toBe('250');
    expect(Math.abs(Number.parseFloat(facts['Wavelength']!) - wave)).toBeLessThan(4);
    await page.mouse.down();
    await page.mouse.up();
    await page.keyboard.press('y');
    await expect(page.locator('.panel-note').first()).toHaveText('Traces of psf-r0-full.fits');
    await page.keyboard.press('s');
    await expect(page.locator('main')).toContainText('250');
    await page.keyboard.press('d');
    await guide(page, 'ccd-pixels');
    await page.keyboard.press('y');
    await page.keyboard.press('0');
  });

  test('are panned, zoomed and stretched by keyboard and pointer', async () => {
    const zoom = async (): Promise<number> => Number(await page.locator('.zoom').getAttribute('data-zoom'));
    const fit = await zoom();
    await page.keyboard.press('1');
    await expect.poll(zoom).toBe(1);
    const before = await page.locator('.image-box canvas').first().screenshot();
    await page.keyboard.press('ArrowRight');
    await expect
      .poll(async () => (await page.locator('.image-box canvas').first().screenshot()).equals(before))
      .toBe(false);
    await page.keyboard.press('-');
    await expect.poll(zoom).toBeCloseTo(1 / 1.5, 6);
    const box = (await page.locator('.image-box').boundingBox())!;
    await page.mouse.move(box.x + 100, box.y + 100);
    await page.mouse.wheel(0, -300);
    await expect.poll(zoom).toBeGreaterThan(0.7);
    await page.keyboard.press('0');
    await expect.poll(zoom).toBe(fit);

    const low = page.getByRole('textbox', { name: 'from' });
    await page.mouse.move(box.x + 300, box.y + 300);
    await page.mouse.down({ button: 'right' });
    await page.mouse.move(box.x + 420, box.y + 220, { steps: 4 });
    await page.mouse.up({ button: 'right' });
    await expect(page.getByRole('radio', { name: 'By hand' })).toBeChecked();
    await low.fill('1000');
    await low.press('Enter');
    await expect(low).toHaveValue('1000');
    await page.getByRole('slider', { name: 'Value of the first colour' }).press('ArrowRight');
    await expect(low).not.toHaveValue('1000');
    await page.getByText('zscale', { exact: true }).click();
    await page.locator('.image-box').hover();
  });

  test('any FITS file opens with its tree, cards, rows and pixels', async () => {
    const chosen = async (path: string): Promise<void> => {
      await qlf.electron.evaluate(({ dialog }, file) => {
        dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [file] });
      }, path);
      await page.getByRole('button', { name: 'Open a file' }).click();
    };
    await page.getByText('FITS file', { exact: true }).first().click();
    await chosen(join(REFERENCE, 'raw/20191115/00000110/fibermap-00000110.fits'));
    await expect(page.locator('.hdu')).toHaveCount(2);
    await expect(page.locator('.fitsjs-note')).toHaveAttribute('data-state', 'done');
    const rows = page.getByRole('table', { name: 'Rows' });
    const first = astropy(
      `
table = fits.open(args[0])[1]
print(json.dumps([list(table.columns.names[:4]), [str(table.data[name][0]).strip() for name in table.columns.names[:4]], len(table.data)]))
`,
      join(REFERENCE, 'raw/20191115/00000110/fibermap-00000110.fits'),
    ) as [string[], string[], number];
    for (const name of first[0])
      await expect(rows.getByRole('columnheader').filter({ hasText: name }).first()).toBeVisible();
    const cells = await rows.getByRole('row').nth(1).getByRole('cell').allTextContents();
    for (const [i, text] of first[1].entries())
      expect(Number.isNaN(Number(text)) ? cells[i] : Number(cells[i]), first[0][i]).toEqual(
        Number.isNaN(Number(text)) ? text : Number(text),
      );
    await expect(page.locator('.hdu').nth(1)).toContainText(`${first[2]} rows`);
    expect(await serious(page), 'FITS file').toEqual([]);

    await chosen(RAW_110);
    await expect(page.locator('.hdu').nth(1)).toContainText('compressed image, 4204 \u00d7 4096');
    await expect(page.locator('.ccd-words')).toContainText('4204 \u00d7 4096, uint16');
    await pointAt(page, 0.4, 0.4);
    const { x, y, value } = await pixelOnScreen(page);
    const wanted = astropy(`print(json.dumps(int(fits.open(args[0])['R0'].data[${y}, ${x}])))`, RAW_110);
    expect(Number(value)).toBe(wanted);
    await page.keyboard.press('j');
    await expect(page.getByRole('table', { name: 'Header' })).toContainText('ZCMPTYPE');
    await page.keyboard.press('j');
    await guide(page, 'ccd-fits-file');
  });

  test('what fitsjs reads otherwise is told, and what it cannot end is stopped', async () => {
    const chosen = async (path: string): Promise<void> => {
      await qlf.electron.evaluate(({ dialog }, file) => {
        dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [file] });
      }, path);
      await page.keyboard.press('u');
    };
    const cards = [
      'SIMPLE  =                    T',
      'BITPIX  =                    8',
      'NAXIS   =                    0',
      'EXPTIME =              9.0D+02 / [s]',
      "OBSERVER= 'Ann / Bob'",
      'END',
    ];
    const header = cards.map((card) => card.padEnd(80)).join('');
    writeFileSync(join(folder, 'exponent.fits'), header.padEnd(2880));
    await chosen(join(folder, 'exponent.fits'));
    await expect(page.locator('.fitsjs-note summary')).toContainText('2 things otherwise');
    await expect(page.getByRole('table', { name: 'Header' })).toBeHidden();
    await page.keyboard.press('j');
    const shown = page.getByRole('table', { name: 'Header' });
    await expect(shown.getByRole('row').filter({ hasText: 'EXPTIME' })).toContainText('900');
    await expect(shown.getByRole('row').filter({ hasText: 'EXPTIME' })).toContainText('fitsjs reads 9');
    await expect(shown.getByRole('row').filter({ hasText: 'OBSERVER' })).toContainText('Ann / Bob');

    // A file that is cut off in its data: fitsjs never comes back.
    const whole = readFileSync(RAW_110);
    writeFileSync(join(folder, 'cut.fits.fz'), whole.subarray(0, 2_000_000));
    await chosen(join(folder, 'cut.fits.fz'));
    await expect(page.locator('.hdu').nth(1)).toContainText('cut off');
    await expect(page.locator('.fitsjs-note')).toHaveAttribute('data-state', 'hung');
    await expect(page.locator('.fitsjs-note')).toContainText('was stopped');
    await page.locator('.hdu').nth(1).click();
    await expect(page.getByText('This HDU is damaged')).toBeVisible();
    await page.keyboard.press('j');
    await expect(page.getByRole('table', { name: 'Header' })).toContainText('ZCMPTYPE');
    await page.screenshot({ path: 'test-results/ccd-damaged.png' });

    writeFileSync(join(folder, 'letter.fits'), 'Dear observer');
    await chosen(join(folder, 'letter.fits'));
    await expect(page.getByText('letter.fits cannot be read')).toBeVisible();
  });

  test('a file that is dropped opens', async () => {
    await page.evaluate(() => {
      const input = document.createElement('input');
      input.type = 'file';
      input.id = 'a-hand-with-a-file';
      document.body.append(input);
    });
    await page.locator('#a-hand-with-a-file').setInputFiles(join(REFERENCE, 'calib/spec/sp0/psf-r0-full.fits'));
    await page.evaluate(() => {
      const input = document.querySelector<HTMLInputElement>('#a-hand-with-a-file')!;
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(input.files![0]!);
      input.remove();
      document.querySelector('.fits-viewer')!.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true }));
    });
    await expect(page.locator('.fits-file h2')).toHaveText('psf-r0-full.fits');
    await expect(page.locator('.hdu').filter({ hasText: 'YTRACE' })).toContainText('500');
  });

  test('the page has no way to name a file itself', async () => {
    const hostile = (channel: string, request: unknown): Promise<Result<unknown>> =>
      page.evaluate(([name, body]) => window.qlf!.call(name, body), [channel, request] as const);
    const refused = async (channel: string, request: unknown, code: string): Promise<void> => {
      const answer = await hostile(channel, request);
      expect(answer, JSON.stringify([channel, request])).toMatchObject({ ok: false, error: { code } });
      expect(JSON.stringify(answer)).not.toContain(folder);
    };
    await refused('fits.describe', { file: '/etc/passwd' }, 'bad-request');
    await refused('fits.describe', { file: '../../../../etc/passwd' }, 'bad-request');
    await refused('fits.bytes', { file: 'a'.repeat(32), offset: 0, length: 10 }, 'not-found');
    await refused('fits.bytes', { file: 'a'.repeat(32), offset: 0, length: 1e9 }, 'bad-request');
    await refused('fits.open-dropped', '/etc/passwd', 'bad-request');
    await refused(
      'image.open',
      { source: { kind: 'file', file: '/etc/passwd', hdu: 0, plane: 0 }, view: 0 },
      'bad-request',
    );
    await refused(
      'image.open',
      { source: { kind: 'run', runId: 1, camera: '../r0', layer: 'raw' }, view: 0 },
      'bad-request',
    );
    await refused(
      'image.open',
      { source: { kind: 'run', runId: 1, camera: 'r0', layer: '../x' }, view: 0 },
      'bad-request',
    );
    await refused('image.value', { image: 'f'.repeat(32), view: 0, x: 0, y: 0 }, 'not-found');
    const made = await page.evaluate(() => window.qlf!.openFile(new File(['SIMPLE  ='], '/etc/passwd')));
    expect(made).toMatchObject({ ok: false, error: { code: 'bad-request' } });
  });
});

test.describe('the observed night', () => {
  let folder: string;
  let qlf: Qlf;
  let page: Page;
  let run: { id: number; expid: number; night: string };

  test.beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'qlf-ccd-night-'));
    await copyObservedNight(folder);
    qlf = await openQlf({ folder, ingestPort: await freePort(), args: OBSERVED_NIGHT_ARGS });
    ({ page } = qlf);
    await expect(page.locator('main')).toBeVisible();
    [run] = query<typeof run>(qlf.databaseFile, 'SELECT id, expid, night FROM run ORDER BY id DESC LIMIT 1') as [
      typeof run,
    ];
    await page.keyboard.press('d');
    await chooseCamera(page, 'z1');
  });
  test.afterAll(async () => {
    await qlf.close();
    rmSync(folder, { recursive: true, force: true });
  });
  test.afterEach(() => {
    expect(qlf.problems, 'errors on the console of the page').toEqual([]);
  });

  const layer = async (name: string): Promise<void> =>
    page.getByRole('group', { name: 'Layer' }).getByText(name).click();
  const fileOf = (kind: ImageLayer, camera: CameraName): string => {
    const expid = String(run.expid).padStart(8, '0');
    const data = join(folder, 'data');
    return kind === 'raw'
      ? join(data, 'split', run.night, expid, `desi-${camera}-${expid}.fits.fz`)
      : join(data, 'redux/exposures', run.night, expid, `run-${run.id}`, `preproc-binned-${camera}-${expid}.fits`);
  };

  test('has the values of its raw and binned files on screen, and says which it shows', async () => {
    for (const [kind, name, words] of [
      ['raw', 'Raw', 'camera file'],
      ['preproc', 'Preprocessed', 'binned product, means of'],
    ] as const) {
      await layer(name);
      await expect(page.locator('.ccd-words')).toContainText(words);
      await pointAt(page, 0.5, 0.4);
      const { x, y, value, facts } = await pixelOnScreen(page);
      const [wanted, binning] = astropy(
        `
hdus = fits.open(args[0])
hdu = hdus['Z1'] if 'Z1' in hdus else hdus[0]
n = int(hdu.header.get('BINNING', 1))
print(json.dumps([float(hdu.data[${y} // n, ${x} // n]), n]))
`,
        fileOf(kind, 'z1'),
      ) as [number, number];
      expect(Number(value), `${kind} ${x} ${y}`).toBe(wanted);
      if (binning > 1) expect(facts['x, y']).toContain('\u2013');
      expect(facts['Amplifier']).toMatch(/^[A-D1-4]/);
    }
    await layer('Mask');
    await expect(page.getByText('No image of z1')).toBeVisible();
    await expect(page.getByText('WritePreprocfile')).toBeVisible();
    await layer('Raw');
  });

  test('goes from camera to camera and exposure to exposure by keyboard', async () => {
    const name = page.locator('.ccd-name');
    await expect(name).toHaveText('z1');
    await page.keyboard.press('.');
    await expect(name).toHaveText('z2');
    await page.keyboard.press(',');
    await page.keyboard.press('r');
    await expect(name).toHaveText('b1');
    await page.keyboard.press('[');
    await expect(page.locator('.exposure-bar b')).not.toHaveText(String(run.expid).padStart(8, '0'));
    await page.keyboard.press(']');
    await expect(page.locator('.exposure-bar b')).toHaveText(String(run.expid).padStart(8, '0'));
    await chooseCamera(page, 'r1');
    await expect(page.locator('.ccd-words .origin')).toHaveAttribute('title', /desi-r1-/);
  });

  test('blinks two exposures with the same range', async () => {
    const range = async (): Promise<string[]> =>
      page.locator('.scale-end').evaluateAll((ends) => ends.map((end) => end.getAttribute('aria-valuenow') ?? ''));
    // The picture comes before its numbers.
    await expect(page.locator('.scale-end')).toHaveCount(2);
    const before = await range();
    await page.keyboard.press('b');
    const words = page.locator('.blink-name');
    await expect(words).toBeVisible();
    const seen = new Set<string>();
    for (let i = 0; i < 30 && seen.size < 2; i++) {
      seen.add((await words.textContent()) ?? '');
      expect(await range()).toEqual(before);
      await page.waitForTimeout(150);
    }
    expect(seen.size).toBe(2);
    await page.keyboard.press('b');
    await expect(words).toBeHidden();
  });

  test('shows all thirty cameras with one scale, and opens each', async () => {
    await page.keyboard.press('v');
    const cells = page.getByRole('grid', { name: 'Cameras' }).getByRole('gridcell');
    await expect(cells).toHaveCount(30);
    const rows = query<{ camera: string }>(
      qlf.databaseFile,
      "SELECT camera FROM job WHERE run_id = ? AND state NOT IN ('missing', 'not-expected')",
      run.id,
    );
    await expect(page.locator('.sheet-cell[data-state=there]')).toHaveCount(rows.length);
    await expect(page.locator('.sheet-cell[data-state=waiting]')).toHaveCount(0);
    const ranges = async (): Promise<Set<string | null>> =>
      new Set(await page.locator('.sheet-cell i').allTextContents());
    expect((await ranges()).size).toBe(1);
    await page.getByText('Each its own').click();
    expect((await ranges()).size).toBeGreaterThan(5);
    expect(await serious(page), 'contact sheet').toEqual([]);
    await page.getByText('One scale').click();
    await guide(page, 'ccd-all-cameras');
    await page.locator('[data-camera="b7"]').click();
    await expect(page.locator('.ccd-name')).toHaveText('b7');
  });

  test('is whole at 1366 by 768, and axe finds nothing serious in any theme', async () => {
    await qlf.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.setContentSize(1366, 768));
    await expect.poll(() => page.evaluate(() => [innerWidth, innerHeight])).toEqual([1366, 768]);
    for (const selector of ['.ccd-head', '.image-box', '.scale-panel', '.pixel-panel', '.show-panel']) {
      const box = (await page.locator(selector).boundingBox())!;
      expect(box.x >= 0 && box.y >= 0 && box.x + box.width <= 1366 && box.y + box.height <= 768, selector).toBe(true);
    }
    await page.emulateMedia({ reducedMotion: 'reduce' });
    for (const theme of ['dark', 'light', 'red']) {
      while ((await page.locator('html').getAttribute('data-theme')) !== theme) await page.keyboard.press('t');
      expect(await serious(page), theme).toEqual([]);
      await page.screenshot({ path: `test-results/ccd-${theme}.png` });
    }
    await page.keyboard.press('t');
    await guide(page, 'ccd');
  });
});
