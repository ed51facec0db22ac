import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { astropy, fitsverify } from '../../e2e/fits-tools.ts';
import { type Gunzip, readImage } from './compressed-image.ts';
import { compressedImageHdu } from './compressed-write.ts';
import { hduData, scanHdusInMemory } from './hdu.ts';
import { Header } from './header.ts';
import { type Image, type PixelArray } from './image.ts';
import { tableHdu } from './table-write.ts';
import { encodeFits, type HduBlock, imageHdu, primaryHdu } from './write.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'qlf-fits-compressed-'));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string): string => path.join(folder, name);

const gunzip: Gunzip = (bytes, maxOutputLength) => gunzipSync(bytes, { maxOutputLength });
const reference = path.join(import.meta.dirname, '../../e2e/data/desispec-reference/raw/20191115');

function imagesOf(file: string): { name: string; image: Image; data: Uint8Array }[] {
  const bytes = new Uint8Array(readFileSync(file));
  return scanHdusInMemory(bytes).hdus.flatMap((hdu) => {
    const data = hduData(bytes, hdu);
    return hdu.dataLength === 0 ? [] : [{ name: hdu.name, image: readImage(hdu.header, data, gunzip), data }];
  });
}

/** Rows that take each path of the algorithm: constant, quiet, ramp, steps between the extremes, noise of all widths. */
function torture<T extends Uint8Array | Int16Array | Uint16Array | Int32Array | Uint32Array>(
  make: (length: number) => T,
  min: number,
  max: number,
): { axes: number[]; pixels: T } {
  const columns = 101;
  const bits = Math.round(Math.log2(max - min + 1));
  const rows: ((i: number) => number)[] = [
    () => 0,
    () => min,
    () => max,
    (i) => (i % 2 === 0 ? min : max),
    (i) => (i === 50 ? max : min),
    (i) => Math.round(min + ((max - min) * i) / (columns - 1)),
    (i) => (i % 32 === 0 ? 1 : 0),
  ];
  let state = 1;
  for (let width = 0; width <= bits; width++) {
    rows.push(() => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      const noise = width === 0 ? 0 : state >>> (32 - width);
      return min + noise;
    });
  }
  const pixels = make(columns * rows.length);
  rows.forEach((row, y) => {
    for (let x = 0; x < columns; x++) pixels[y * columns + x] = row(x);
  });
  return { axes: [columns, rows.length], pixels };
}

const TORTURES: Record<string, Image> = {
  U8: torture((length) => new Uint8Array(length), 0, 255),
  I16: torture((length) => new Int16Array(length), -(2 ** 15), 2 ** 15 - 1),
  U16: torture((length) => new Uint16Array(length), 0, 2 ** 16 - 1),
  I32: torture((length) => new Int32Array(length), -(2 ** 31), 2 ** 31 - 1),
  U32: torture((length) => new Uint32Array(length), 0, 2 ** 32 - 1),
};

const DUMP = `
for i, hdu in enumerate(fits.open(args[0])):
    if hdu.data is not None:
        np.ascontiguousarray(hdu.data).astype(hdu.data.dtype.newbyteorder('<')).tofile(args[1] + hdu.name)
`;

function dumped(prefix: string, name: string, like: PixelArray): PixelArray {
  const bytes = new Uint8Array(readFileSync(at(prefix + name)));
  return new (like.constructor as Uint8ArrayConstructor)(bytes.buffer);
}

describe('RICE_1 images', () => {
  const plain = Object.entries(TORTURES).map(([name, image]) => imageHdu(name, image));
  const packed = Object.entries(TORTURES).map(([name, image]) => compressedImageHdu(name, image));

  it('ours are read by astropy and funpack bit for bit, and please fitsverify', () => {
    writeFileSync(at('ours.fits.fz'), encodeFits([primaryHdu(), ...packed]));
    expect(fitsverify(at('ours.fits.fz'))).toEqual([]);
    astropy(DUMP, at('ours.fits.fz'), at('a-'));
    execFileSync('funpack', ['-O', at('unpacked.fits'), at('ours.fits.fz')]);
    const unpacked = imagesOf(at('unpacked.fits'));
    expect(unpacked.map(({ name }) => name)).toEqual(Object.keys(TORTURES));
    for (const { name, image } of unpacked) {
      expect(image).toEqual(TORTURES[name]);
      expect(dumped('a-', name, image.pixels)).toEqual(image.pixels);
    }
  });

  it("fpack's are read bit for bit, and are the same bytes as ours", () => {
    writeFileSync(at('plain.fits'), encodeFits([primaryHdu(), ...plain]));
    expect(fitsverify(at('plain.fits'))).toEqual([]);
    execFileSync('fpack', ['-r', '-O', at('fpack.fits.fz'), at('plain.fits')]);
    const read = imagesOf(at('fpack.fits.fz'));
    expect(read.map(({ name }) => name)).toEqual(Object.keys(TORTURES));
    for (const [i, { name, image, data }] of read.entries()) {
      expect(image).toEqual(TORTURES[name]);
      expect(Buffer.compare(packed[i]!.data, data), name).toBe(0);
    }
  });

  it('reference exposures are read as astropy reads them, and packed again to the same bytes', () => {
    for (const exposure of ['00000101', '00000102', '00000110']) {
      const file = path.join(reference, exposure, `desi-${exposure}.fits.fz`);
      astropy(DUMP, file, at(`${exposure}-`));
      const cameras = imagesOf(file);
      expect(cameras.length).toBeGreaterThan(0);
      for (const { name, image, data } of cameras) {
        const expected = dumped(`${exposure}-`, name, image.pixels);
        expect(Buffer.compare(bytesOf(image.pixels), bytesOf(expected)), name).toBe(0);
        expect(Buffer.compare(compressedImageHdu(name, image).data, data), name).toBe(0);
      }
    }
  });

  it('refuses what RICE_1 cannot hold', () => {
    expect(() => compressedImageHdu('X', { axes: [2], pixels: Float32Array.of(1, 2) })).toThrow(/up to 32 bits/);
  });
});

function bytesOf(pixels: PixelArray): Uint8Array {
  return new Uint8Array(pixels.buffer, pixels.byteOffset, pixels.byteLength);
}

describe('what other programs write', () => {
  it('gzip, other tile shapes, three axes, wide pixels', () => {
    astropy(
      `
rng = np.random.default_rng(4)
images = dict(
  CUBE=rng.integers(-9, 9, (3, 20, 33)).astype('i2'), SHAPE=rng.integers(0, 60000, (50, 70)).astype('u2'),
  WIDE=rng.integers(-2**31, 2**31 - 1, (12, 40)).astype('i4'), G8=rng.integers(0, 255, (9, 31)).astype('u1'))
out = fits.HDUList([fits.PrimaryHDU()])
for method in ['RICE_1', 'GZIP_1', 'GZIP_2']:
    for name, data in images.items():
        tile = {'CUBE': (10, 7, 2), 'SHAPE': (32, 16)}.get(name)
        out.append(fits.CompImageHDU(data, name=name + method, compression_type=method, tile_size=tile))
out.writeto(args[0])`,
      at('others.fits'),
    );
    astropy(DUMP, at('others.fits'), at('o-'));
    const read = imagesOf(at('others.fits'));
    expect(read).toHaveLength(12);
    for (const { name, image } of read) expect(image.pixels, name).toEqual(dumped('o-', name, image.pixels));
  });

  it('quantized floating point, dithered or not, with NaN, zeros and rows that cannot be quantized', () => {
    astropy(
      `
rng = np.random.default_rng(5)
data = rng.normal(100, 5, (40, 300)).astype('f4')
data[3] = 7; data[4, 10:20] = np.nan; data[5, ::3] = 0; data[6] = 0; data[7, 5] = 1e30
out = fits.HDUList([fits.PrimaryHDU()])
for method in ['RICE_1', 'GZIP_1', 'GZIP_2']:
    for quantize in [-1, 1, 2]:
        for kind in ['f4', 'f8']:
            out.append(fits.CompImageHDU(data.astype(kind), name=f'{method}{quantize}{kind}', compression_type=method,
                quantize_method=quantize, dither_seed=9990, quantize_level=16))
out.append(fits.CompImageHDU(data, name='LOSSLESS', compression_type='GZIP_2', quantize_level=0))
out.writeto(args[0])`,
      at('floats.fits'),
    );
    astropy(DUMP, at('floats.fits'), at('f-'));
    const read = imagesOf(at('floats.fits'));
    expect(read).toHaveLength(19);
    for (const { name, image } of read) expect(image.pixels, name).toEqual(dumped('f-', name, image.pixels));
  });

  it("fpack's quantized images with undefined pixels", () => {
    const pixels = Float32Array.from({ length: 200 * 50 }, (_, i) => Math.sin(i * i) * 10 + (i % 200));
    pixels.fill(NaN, 620, 640);
    writeFileSync(at('nan.fits'), encodeFits([primaryHdu(), imageHdu('NAN', { axes: [200, 50], pixels })]));
    for (const options of [
      ['-r', '-q', '4'],
      ['-r', '-q', '-0.1'],
      ['-g', '-q', 'z4'],
      ['-g2', '-q', '0'],
    ]) {
      execFileSync('fpack', [...options, '-O', at('nan.fits.fz'), at('nan.fits')]);
      execFileSync('funpack', ['-O', at('nan-unpacked.fits'), at('nan.fits.fz')]);
      const [packed] = imagesOf(at('nan.fits.fz'));
      expect(packed!.image, options.join(' ')).toEqual(imagesOf(at('nan-unpacked.fits'))[0]!.image);
      expect(packed!.image.pixels[630]).toBeNaN();
      for (const name of ['nan.fits.fz', 'nan-unpacked.fits']) rmSync(at(name));
    }
  });

  it('tiles that were left as they are or only gzipped', () => {
    const rows = [Int16Array.of(1, -2, 300), Int16Array.of(4, 5, 6), Int16Array.of(-7, 8, 9)];
    const stored = rows.map((row) => imageHdu('', { axes: [3], pixels: row }).data);
    const none = new Uint8Array(0);
    const layout = new Header().set('ZIMAGE', true).set('ZBITPIX', 16).set('ZNAXIS', 2).set('ZNAXIS1', 3);
    layout.set('ZNAXIS2', 3).set('ZTILE1', 3).set('ZTILE2', 1).set('ZCMPTYPE', 'NOCOMPRESS');
    const mixed: HduBlock = tableHdu(
      'MIXED',
      [
        { name: 'COMPRESSED_DATA', form: '1PB', values: [stored[0]!, none, none] },
        { name: 'GZIP_COMPRESSED_DATA', form: '1PB', values: [none, new Uint8Array(gzipSync(stored[1]!)), none] },
        { name: 'UNCOMPRESSED_DATA', form: '1PI', values: [new Int16Array(0), new Int16Array(0), rows[2]!] },
      ],
      layout,
    );
    expect(readImage(mixed.header, mixed.data, gunzip)).toEqual({
      axes: [3, 3],
      pixels: Int16Array.of(1, -2, 300, 4, 5, 6, -7, 8, 9),
    });
    expect(() => readImage(mixed.header, mixed.data)).toThrow(/tile 2: gzip tiles, and no gunzip was given/);
    mixed.header.set('ZCMPTYPE', 'PLIO_1');
    expect(() => readImage(mixed.header, mixed.data, gunzip)).toThrow(
      expect.objectContaining({ code: 'unsupported', message: 'tile 1: compression PLIO_1 is not supported' }),
    );
  });
});
