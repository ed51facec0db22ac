import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { astropy } from '../../../e2e/fits-tools.ts';
import { compressedImageHdu } from '#shared/fits/compressed-write.ts';
import { Header } from '#shared/fits/header.ts';
import { tableHdu } from '#shared/fits/table-write.ts';
import { encodeFits, imageHdu, primaryHdu } from '#shared/fits/write.ts';
import { createTasks } from './tasks.ts';

const folder = mkdtempSync(join(tmpdir(), 'qlf-images-'));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string): string => join(folder, name);
const reference = join(import.meta.dirname, '../../../e2e/data/desispec-reference');
const raw110 = join(reference, 'raw/20191115/00000110/desi-00000110.fits.fz');
const raw102 = join(reference, 'raw/20191115/00000102/desi-00000102.fits.fz');

const tasks = createTasks(2 ** 28);
const openCamera = async (path: string) => (await tasks.open({ path, choice: { camera: 'r0' }, plane: 0 })).ref;

/** 5 × 3 pixels, some undefined. */
const SMALL = Float32Array.of(1, 2, 3, 4, 5, 6, NaN, 8, 9, 10, NaN, 12, 13, 14, 15);
writeFileSync(at('small.fits'), encodeFits([primaryHdu(new Header(), { axes: [5, 3], pixels: SMALL })]));
const openSmall = async () => (await tasks.open({ path: at('small.fits'), choice: { index: 0 }, plane: 0 })).ref;

const floats = (data: ArrayBuffer): number[] => [...new Float32Array(data)];

describe('an image by tiles', () => {
  it('has pixels at full size as they are', async () => {
    const tile = await tasks.tile({ image: await openSmall(), level: 0, column: 0, row: 0, reduction: 'mean' });
    expect(tile).toMatchObject({ width: 5, height: 3, type: 'f32' });
    expect(floats(tile.data)).toEqual([...SMALL]);
  });

  it('has means of defined pixels, of fewer at the upper edges', async () => {
    const tile = await tasks.tile({ image: await openSmall(), level: 1, column: 0, row: 0, reduction: 'mean' });
    expect(tile).toMatchObject({ width: 3, height: 2 });
    expect(floats(tile.data)).toEqual([(1 + 2 + 6) / 3, (3 + 4 + 8 + 9) / 4, 7.5, 12, 13.5, 15]);
  });

  it('has the highest of defined pixels', async () => {
    const tile = await tasks.tile({ image: await openSmall(), level: 2, column: 0, row: 0, reduction: 'max' });
    expect(floats(tile.data)).toEqual([14, 15]);
  });

  it('has all bits of a mask', async () => {
    const mask = Int16Array.of(1, 0, 16, 0, 0, 8, 0, 0, 64);
    writeFileSync(at('mask.fits'), encodeFits([primaryHdu(new Header(), { axes: [3, 3], pixels: mask })]));
    const { ref } = await tasks.open({ path: at('mask.fits'), choice: { index: 0 }, plane: 0 });
    const tile = await tasks.tile({ image: ref, level: 1, column: 0, row: 0, reduction: 'or' });
    expect(floats(tile.data)).toEqual([1, 24, 0, 64]);
  });

  it('of a full-size compressed camera are those of astropy, and so are its statistics', async () => {
    const image = await openCamera(raw110);
    const wanted = astropy(
      `
from astropy.visualization import ZScaleInterval
image = fits.open(args[0])['R0'].data
part = image[1024:2048, 2048:3072].astype(float)
means = part.reshape(256, 4, 256, 4).mean(axis=(1, 3))
highest = part.reshape(256, 4, 256, 4).max(axis=(1, 3))
print(json.dumps({
  'full': image[3840:4096, 4096:4204].ravel().tolist(),
  'means': means.ravel().tolist(), 'highest': highest.ravel().tolist(),
  'zscale': [float(v) for v in ZScaleInterval().get_limits(image)],
  'min': int(image.min()), 'max': int(image.max()), 'mean': float(image.mean()),
  'percentiles': [float(np.percentile(image, p)) for p in (1, 50, 99)],
  'row': image[2000].tolist(), 'column': image[:, 1000].tolist(), 'value': int(image[123, 456]),
}))
`,
      raw110,
    ) as Record<string, number[]> & { min: number; max: number; mean: number; value: number };
    const full = await tasks.tile({ image, level: 0, column: 16, row: 15, reduction: 'mean' });
    expect(full).toMatchObject({ width: 108, height: 256, type: 'u16' });
    expect([...new Uint16Array(full.data)]).toEqual(wanted['full']);
    const means = await tasks.tile({ image, level: 2, column: 2, row: 1, reduction: 'mean' });
    expect(floats(means.data)).toEqual(wanted['means']!.map(Math.fround));
    const highest = await tasks.tile({ image, level: 2, column: 2, row: 1, reduction: 'max' });
    expect(floats(highest.data)).toEqual(wanted['highest']);
    const { values, defined } = await tasks.statistics({ image });
    expect(defined).toBe(4204 * 4096);
    expect(values).toMatchObject({ min: wanted.min, max: wanted.max });
    expect(values!.mean).toBeCloseTo(wanted.mean, 6);
    values!.zscale.forEach((limit, i) => expect(limit).toBeCloseTo(wanted['zscale']![i]!, 6));
    // Of a sample: as good as the eye needs.
    [2, 7, 12].forEach((place, i) =>
      expect(Math.abs(values!.percentiles[place]! / wanted['percentiles']![i]! - 1)).toBeLessThan(0.01),
    );
    const { row, column } = await tasks.profiles({ image, x: 1000, y: 2000 });
    expect([...new Float64Array(row)]).toEqual(wanted['row']);
    expect([...new Float64Array(column)]).toEqual(wanted['column']);
    expect(await tasks.value({ image, x: 456, y: 123 })).toEqual({ value: wanted.value });
  });

  it('says what it is of', async () => {
    const opened = await tasks.open({ path: raw102, choice: { camera: 'r0' }, plane: 0 });
    expect(opened).toMatchObject({ nx: 712, ny: 1632, binning: 1, pixelType: 'int32', hduName: 'R0', planes: 1 });
    expect(opened.amplifiers.map(({ id }) => id)).toEqual(['A', 'B', 'C', 'D']);
    expect(opened.amplifiers[3]).toEqual({
      id: 'D',
      data: { x0: 388, x1: 708, y0: 832, y1: 1632 },
      ccd: { x0: 320, x1: 640, y0: 800, y1: 1600 },
      bias: { x0: 356, x1: 388, y0: 832, y1: 1632 },
    });
  });

  it('has every plane of a cube, and values that a double cannot hold', async () => {
    const pixels = BigInt64Array.of(1n, 2n, 9007199254740993n, 4n);
    writeFileSync(at('cube.fits'), encodeFits([primaryHdu(), imageHdu('CUBE', { axes: [2, 1, 2], pixels })]));
    const { ref, planes } = await tasks.open({ path: at('cube.fits'), choice: { name: 'CUBE' }, plane: 1 });
    expect(planes).toBe(2);
    expect(await tasks.value({ image: ref, x: 0, y: 0 })).toEqual({ value: '9007199254740993' });
    expect(await tasks.value({ image: ref, x: 1, y: 0 })).toEqual({ value: 4 });
    await expect(tasks.open({ path: at('cube.fits'), choice: { index: 1 }, plane: 2 })).rejects.toThrow('2 planes');
  });

  it('is refused when the file was written anew', async () => {
    const image = await openSmall();
    appendFileSync(at('small.fits'), Buffer.alloc(2880));
    await expect(createTasks(2 ** 20).value({ image, x: 0, y: 0 })).rejects.toThrow('written anew');
    truncateSync(at('small.fits'), readFileSync(at('small.fits')).length - 2880);
  });

  it('comes out of a gzipped file too', async () => {
    writeFileSync(at('small.fits.gz'), gzipSync(readFileSync(at('small.fits'))));
    const { ref } = await tasks.open({ path: at('small.fits.gz'), choice: { index: 0 }, plane: 0 });
    expect(await tasks.value({ image: ref, x: 2, y: 2 })).toEqual({ value: 13 });
    expect(await tasks.value({ image: ref, x: 1, y: 1 })).toEqual({ value: null });
    expect(await tasks.value({ image: ref, x: 5, y: 0 })).toEqual({ value: null });
  });
});

describe('traces of a camera', () => {
  it('are found by the calibration index of the run, and lie where specter has them', async () => {
    const configuration = at('qlconfig-r0.yaml');
    writeFileSync(configuration, `Run: {PSFFile: null, CalibRoot: ${join(reference, 'calib')}}\n`);
    const { traces, reason } = await tasks.traces({
      camera: 'r0',
      product: at('none.fits'),
      configuration,
      raw: [at('none.fits'), raw110],
    });
    expect(reason).toBe('');
    expect(traces).toMatchObject({ from: 'psf-r0-full.fits', fibers: 500, firstRow: 0 });
    const wanted = astropy(
      `
from numpy.polynomial.legendre import legval
hdus = fits.open(args[0])
x, y = hdus['XTRACE'], hdus['YTRACE']
low, high = y.header['WAVEMIN'], y.header['WAVEMAX']
waves = np.linspace(low, high, 20001)
u = 2 * (waves - low) / (high - low) - 1
out = []
for fiber in (0, 123, 499):
    ys = legval(u, y.data[fiber])
    for row in (160, 2048, 3952):
        wave = np.interp(row, ys, waves)
        out.append([fiber, row, float(wave), float(legval(2 * (wave - low) / (high - low) - 1, x.data[fiber]))])
print(json.dumps(out))
`,
      join(reference, 'calib/spec/sp0/psf-r0-full.fits'),
    ) as [number, number, number, number][];
    const x = new Float32Array(traces!.x);
    const wave = new Float32Array(traces!.wave);
    for (const [fiber, row, lambda, column] of wanted) {
      const i = fiber * traces!.rows + row / traces!.rowStep;
      expect(Math.abs(wave[i]! - lambda)).toBeLessThan(0.01);
      expect(Math.abs(x[i]! - column)).toBeLessThan(0.01);
    }
  });

  it('are not made up', async () => {
    const none = { camera: 'r0', product: at('none.fits'), configuration: at('none.yaml'), raw: [] } as const;
    expect(await tasks.traces(none)).toEqual({
      traces: null,
      reason: 'the run has no configuration file of this camera, so the calibration is not known',
    });
  });
});

describe('a FITS file', () => {
  const columns = [
    { name: 'ID', form: 'K', values: BigInt64Array.of(1n, 9007199254740993n, 3n) },
    { name: 'NAME', form: '6A', values: ['alpha', '', 'gamma'] },
    { name: 'FLUX', form: 'E', values: Float32Array.of(0.1, -2.5, NaN), unit: 'nanomaggies' },
    { name: 'VECTOR', form: '2J', values: Int32Array.of(1, 2, 3, 4, 5, 6) },
  ] as const;
  const path = at('file.fits');
  const image = { axes: [64, 64], pixels: Uint16Array.from({ length: 4096 }, (_, i) => (i * 7919) % 65536) };
  writeFileSync(
    path,
    encodeFits([
      primaryHdu(
        new Header().set('OBSERVER', "O'Hara / night").setReal('EXPTIME', 900).addCommentary('COMMENT', 'hello'),
      ),
      tableHdu('ROWS', columns),
      compressedImageHdu('PACKED', image),
    ]),
  );

  it('is described as it is', async () => {
    const { hdus, trailing, bytes } = await tasks.describe({ path });
    expect(bytes).toBe(readFileSync(path).length);
    expect(trailing).toBe(0);
    expect(hdus.map(({ name, kind, compressed, axes }) => ({ name, kind, compressed, axes }))).toEqual([
      { name: '', kind: 'image', compressed: false, axes: [] },
      { name: 'ROWS', kind: 'bintable', compressed: false, axes: [4, 3] },
      { name: 'PACKED', kind: 'bintable', compressed: true, axes: [64, 64] },
    ]);
  });

  it('has its cards with value and comment, a page at a time', async () => {
    const all = await tasks.cards({ path, hdu: 0, offset: 0, limit: 100 });
    expect(all.cards.find(({ keyword }) => keyword === 'OBSERVER')).toMatchObject({
      value: "O'Hara / night",
      type: 'text',
    });
    expect(all.cards.find(({ keyword }) => keyword === 'EXPTIME')).toMatchObject({ value: '900', type: 'number' });
    expect(all.cards.at(-1)).toMatchObject({ keyword: 'COMMENT', value: 'hello', type: 'commentary' });
    const page = await tasks.cards({ path, hdu: 0, offset: 1, limit: 2 });
    expect(page).toEqual({ total: all.total, cards: all.cards.slice(1, 3) });
  });

  it('has its rows as astropy reads them', async () => {
    const page = await tasks.table({ path, hdu: 1, offset: 1, limit: 10, firstColumn: 0, columns: 10 });
    expect(page).toMatchObject({ rows: 3, offset: 1 });
    expect(page.columns[2]).toEqual({ name: 'FLUX', form: 'E', unit: 'nanomaggies' });
    expect(page.cells).toEqual([
      ['9007199254740993', '', '-2.5', '3 4'],
      ['3', 'gamma', 'NaN', '5 6'],
    ]);
    const narrow = await tasks.table({ path, hdu: 1, offset: 0, limit: 1, firstColumn: 1, columns: 2 });
    expect(narrow.cells).toEqual([['alpha', '0.1']]);
  });

  it('has cells of variable length', async () => {
    const page = await tasks.table({ path, hdu: 2, offset: 0, limit: 1, firstColumn: 0, columns: 1 });
    expect(page.cells[0]![0]).toMatch(/^\d+ .* … \d+ in all$/);
  });

  it('has text tables', async () => {
    execFileSync('/usr/bin/python3', [
      '-c',
      `
import sys
from astropy.io import fits
import numpy as np
columns = [fits.Column('N', 'I6', array=np.array([1, -20])), fits.Column('X', 'F8.3', array=np.array([1.5, 2.25]), unit='mm')]
fits.HDUList([fits.PrimaryHDU(), fits.TableHDU.from_columns(columns)]).writeto(sys.argv[1])
`,
      at('text.fits'),
    ]);
    const page = await tasks.table({ path: at('text.fits'), hdu: 1, offset: 0, limit: 5, firstColumn: 0, columns: 5 });
    expect(page.columns.map(({ name, unit }) => [name, unit])).toEqual([
      ['N', ''],
      ['X', 'mm'],
    ]);
    expect(page.cells).toEqual([
      ['1', '1.500'],
      ['-20', '2.250'],
    ]);
  });

  it('gives its bytes, fewer at the end and none beyond', async () => {
    const whole = readFileSync(path);
    const part = await tasks.bytes({ path, offset: 2880, length: 100 });
    expect(Buffer.from(part.data).equals(whole.subarray(2880, 2980))).toBe(true);
    expect((await tasks.bytes({ path, offset: whole.length - 7, length: 100 })).data.byteLength).toBe(7);
    expect((await tasks.bytes({ path, offset: whole.length + 7, length: 100 })).data.byteLength).toBe(0);
  });

  it('that is cut off says so, and its whole HDUs can be read', async () => {
    const whole = readFileSync(path);
    writeFileSync(at('cut.fits'), whole.subarray(0, whole.length - 3000));
    const { hdus } = await tasks.describe({ path: at('cut.fits') });
    expect(hdus.map(({ fault }) => fault === '')).toEqual([true, true, false]);
    expect(hdus[2]!.fault).toMatch(/cut off/);
    await expect(tasks.open({ path: at('cut.fits'), choice: { index: 2 }, plane: 0 })).rejects.toThrow('cut off');
    const page = await tasks.table({ path: at('cut.fits'), hdu: 1, offset: 0, limit: 1, firstColumn: 0, columns: 1 });
    expect(page.cells).toEqual([['1']]);
  });

  it.each([
    ['that is none', 'text.txt', 'hello', 'no FITS file'],
    ['that is empty', 'empty.fits', '', 'empty'],
  ])('%s is refused in words', async (_what, name, content, message) => {
    writeFileSync(at(name), content);
    await expect(tasks.describe({ path: at(name) })).rejects.toThrow(message);
  });

  it('that is gone is refused without saying where it was', async () => {
    const described = tasks.describe({ path: at('gone.fits') });
    await expect(described).rejects.toThrow(/^gone.fits is not there any more$/);
  });
});
