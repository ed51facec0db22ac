import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { astropy, fitsverify } from '../../e2e/fits-tools.ts';
import { FitsError } from './fits-error.ts';
import { findHdu, hduData, scanHdusInMemory } from './hdu.ts';
import { decodeImage, encodeStored, type PixelArray, pixelsAsFloat64 } from './image.ts';
import { Header } from './header.ts';
import { BinaryTable } from './table.ts';
import { tableHdu } from './table-write.ts';
import { encodeFits, imageHdu, primaryHdu } from './write.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'qlf-fits-table-'));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string): string => path.join(folder, name);
const reference = path.join(import.meta.dirname, '../../e2e/data/desispec-reference');

function tableIn(bytes: Uint8Array, name: string): BinaryTable {
  const hdu = findHdu(scanHdusInMemory(bytes).hdus, name)!;
  return new BinaryTable(hdu.header, hduData(bytes, hdu));
}

describe('binary tables', () => {
  it('reads every kind of column that astropy writes', () => {
    astropy(
      `
C = fits.Column
cols = [C('L', 'L', array=[True, False]), C('X', '11X', array=np.array([[1]*11, [0, 1]*5 + [0]], bool)),
 C('B', 'B', array=np.array([0, 255], 'u1')), C('I', '2I', array=np.array([[-32768, 2], [3, 32767]], 'i2')),
 C('U', 'I', bzero=32768, array=np.array([0, 65535], 'u2')), C('J', 'J', array=[-2**31, 2**31-1], null=-5),
 C('K', 'K', array=[2**62 + 1, -2**63]), C('A', '5A', array=['ab', 'cdefg']), C('E', 'E', array=[1.5, np.nan]),
 C('D', '3D', array=[[1, 2, 3], [4, 5, 6]]), C('C', 'C', array=[1+2j, 3-4j]),
 C('S', 'I', array=[2, 5]), C('N', 'J', array=[7, 8], null=8, unit='mag'),
 C('P', 'PJ()', array=np.array([np.array([1, 2, 3]), np.array([], int)], object)),
 C('Q', 'QD()', array=np.array([np.array([0.5]), np.array([1., 2.])], object))]
fits.BinTableHDU.from_columns(cols, name='ALL').writeto(args[0])
fits.setval(args[0], 'TSCAL12', value=0.5, ext=1); fits.setval(args[0], 'TZERO12', value=10.0, ext=1)`,
      at('all.fits'),
    );
    // A Buffer out of Node's pool is at odd offsets, and its slices are views.
    const table = tableIn(readFileSync(at('all.fits')), 'all');
    const values = (name: string): unknown => table.values(name);
    expect(table.rows).toBe(2);
    expect(values('L')).toEqual(Uint8Array.of(1, 0));
    expect(values('X')).toEqual(Uint8Array.of(0xff, 0xe0, 0x55, 0x40));
    expect(values('B')).toEqual(Uint8Array.of(0, 255));
    expect(values('I')).toEqual(Int16Array.of(-32768, 2, 3, 32767));
    expect(values('U')).toEqual(Uint16Array.of(0, 65535));
    expect(values('J')).toEqual(Int32Array.of(-(2 ** 31), 2 ** 31 - 1));
    expect(table.bigints('K')).toEqual(BigInt64Array.of(2n ** 62n + 1n, -(2n ** 63n)));
    expect(table.bigints('U')).toEqual(BigInt64Array.of(0n, 65535n));
    expect(table.strings('A')).toEqual(['ab', 'cdefg']);
    expect(values('E')).toEqual(Float32Array.of(1.5, NaN));
    expect(table.arrays('D')).toEqual([Float64Array.of(1, 2, 3), Float64Array.of(4, 5, 6)]);
    expect(values('C')).toEqual(Float32Array.of(1, 2, 3, -4));
    expect(table.numbers('S')).toEqual(Float64Array.of(11, 12.5));
    expect(table.numbers('N')).toEqual(Float64Array.of(7, NaN));
    expect(table.column('n').unit).toBe('mag');
    expect(table.arrays('P')).toEqual([Int32Array.of(1, 2, 3), new Int32Array(0)]);
    expect(table.arrays('Q')).toEqual([Float64Array.of(0.5), Float64Array.of(1, 2)]);
    expect(table.has('p')).toBe(true);
    for (const wrong of [() => table.values('P'), () => table.strings('J'), () => table.bigints('D')]) {
      expect(wrong).toThrow(FitsError);
    }
    expect(() => table.numbers('NONE')).toThrow(/no column NONE/);
  });

  it('writes what astropy reads and fitsverify accepts', () => {
    const cards = new Header().set('EXPID', 101).set('TFIELDS', 99).set('TNULL3', -1);
    const block = tableHdu(
      'FIBERMAP',
      [
        { name: 'TARGETID', form: 'K', values: [2n ** 62n + 1n, -1n] },
        { name: 'OBJTYPE', form: '3A', values: ['TGT', 'S'], comment: 'TGT, SKY or NON' },
        { name: 'FIBER', form: 'J', values: [7, -1] },
        { name: 'GOOD', form: 'L', values: [true, false] },
        { name: 'MAG', form: '2E', values: Float32Array.of(20.5, 21.5, 22.5, 23.5), unit: 'mag' },
        { name: 'COUNTS', form: 'I', values: Uint16Array.of(65535, 1) },
        { name: 'TRACE', form: '1PD', values: [Float64Array.of(1, 2), Float64Array.of(3)] },
        { name: 'WORDS', form: '1QI', values: [Int16Array.of(-4), new Int16Array(0)] },
      ],
      cards,
    );
    writeFileSync(at('ours.fits'), encodeFits([primaryHdu(), block]));
    expect(fitsverify(at('ours.fits'))).toEqual([]);
    expect(
      astropy(
        `
h = fits.open(args[0])['FIBERMAP']; t = h.data
print(json.dumps([h.header['EXPID'], h.header['TFIELDS'], h.columns['MAG'].unit, t['TARGETID'].tolist()[0] == 2**62 + 1] + [np.asarray(t[n]).tolist()
  for n in ['OBJTYPE', 'FIBER', 'GOOD', 'MAG', 'COUNTS']] + [[np.asarray(v).tolist() for v in t[n]] for n in ['TRACE', 'WORDS']]))`,
        at('ours.fits'),
      ),
    ).toEqual([
      ...[101, 8, 'mag', true, ['TGT', 'S'], [7, -1], [true, false]],
      [
        [20.5, 21.5],
        [22.5, 23.5],
      ],
      ...[
        [65535, 1],
        [[1, 2], [3]],
        [[-4], []],
      ],
    ]);
    const table = tableIn(new Uint8Array(readFileSync(at('ours.fits'))), 'FIBERMAP');
    expect(table.values('COUNTS')).toEqual(Uint16Array.of(65535, 1));
    expect(table.arrays('WORDS')).toEqual([Int16Array.of(-4), new Int16Array(0)]);
  });

  it('refuses columns that do not fit', () => {
    const write = (form: string, values: Parameters<typeof tableHdu>[1][number]['values']) => () =>
      tableHdu('T', [{ name: 'A', form, values }]);
    expect(write('2A', ['abc'])).toThrow(/longer than 2/);
    expect(write('2J', [1, 2, 3])).toThrow(/do not fill rows/);
    expect(write('J', Float64Array.of(1))).toThrow(/does not fit format J/);
    expect(write('Z', [1])).toThrow(/not a FITS format/);
    const columns = [
      { name: 'A', form: 'J', values: [1] },
      { name: 'B', form: 'J', values: [1, 2] },
    ];
    expect(() => tableHdu('T', columns)).toThrow(/column B: 2 rows/);
  });

  it('reads the reference fibermap as astropy does', () => {
    const file = path.join(reference, 'raw/20191115/00000101/fibermap-00000101.fits');
    const table = tableIn(new Uint8Array(readFileSync(file)), 'FIBERMAP');
    const expected = astropy(
      `
t = fits.getdata(args[0], 1)
print(json.dumps([t['OBJTYPE'].tolist(), [str(v) for v in t['DESI_TARGET']], t['FLUX_R'].astype('f8').tolist(), t['FIBER'].tolist()]))`,
      file,
    );
    expect([
      table.strings('OBJTYPE'),
      Array.from(table.bigints('DESI_TARGET'), String),
      [...table.numbers('FLUX_R')],
      [...table.numbers('FIBER')],
    ]).toEqual(expected);
  });
});

describe('images', () => {
  const arrays: PixelArray[] = [
    Int8Array.of(-128, 0, 127),
    Uint8Array.of(0, 1, 255),
    Int16Array.of(-32768, 0, 32767),
    Uint16Array.of(0, 32768, 65535),
    Int32Array.of(-(2 ** 31), 0, 2 ** 31 - 1),
    Uint32Array.of(0, 2 ** 31, 2 ** 32 - 1),
    BigInt64Array.of(-(2n ** 63n), 0n, 2n ** 63n - 1n),
    BigUint64Array.of(0n, 2n ** 63n, 2n ** 64n - 1n),
    Float32Array.of(1.5, NaN, -Infinity),
    Float64Array.of(1e300, -0, NaN),
  ];

  it('of every type go to astropy and back', () => {
    const hdus = arrays.map((pixels, i) => imageHdu(`T${i}`, { axes: [3, 1], pixels }));
    writeFileSync(at('types.fits'), encodeFits([primaryHdu(), ...hdus]));
    expect(fitsverify(at('types.fits'))).toEqual([]);
    const dtypes = astropy(
      `
out = fits.HDUList([fits.PrimaryHDU()])
types = []
for h in fits.open(args[0])[1:]:
    types.append(h.data.dtype.name)
    out.append(fits.ImageHDU(h.data, name=h.name))
out.writeto(args[1]); print(json.dumps(types))`,
      ...[at('types.fits'), at('types-back.fits')],
    );
    expect(dtypes).toEqual(arrays.map((pixels) => pixels.constructor.name.toLowerCase().replace(/big|array/g, '')));
    const bytes = new Uint8Array(readFileSync(at('types-back.fits')));
    const { hdus: back } = scanHdusInMemory(bytes);
    arrays.forEach((pixels, i) => {
      expect(decodeImage(back[i + 1]!.header, hduData(bytes, back[i + 1]!))).toEqual({ axes: [3, 1], pixels });
    });
  });

  it('apply scaling and undefined values', () => {
    const header = new Header().set('BITPIX', 16).set('NAXIS', 1).set('NAXIS1', 3);
    const data = encodeStored(Int16Array.of(-1, 4, 9));
    header.set('BLANK', 4);
    const plain = decodeImage(header, data);
    expect(plain).toEqual({ axes: [3], pixels: Int16Array.of(-1, 4, 9), blank: 4 });
    expect(pixelsAsFloat64(plain)).toEqual(Float64Array.of(-1, NaN, 9));
    header.set('BZERO', 32768);
    expect(decodeImage(header, data)).toEqual({ axes: [3], pixels: Uint16Array.of(32767, 32772, 32777), blank: 32772 });
    header.set('BSCALE', 0.5).set('BZERO', 10);
    expect(decodeImage(header, data)).toEqual({ axes: [3], pixels: Float32Array.of(9.5, NaN, 14.5) });
    header.set('BITPIX', 32);
    expect(() => decodeImage(header, data)).toThrow(expect.objectContaining({ code: 'truncated' }));
    expect(decodeImage(new Header().set('BITPIX', 8).set('NAXIS', 0), data)).toEqual({
      axes: [],
      pixels: new Uint8Array(0),
    });
  });

  it('of an odd number of 16-bit pixels at an odd offset are read whole', () => {
    const header = new Header().set('BITPIX', 16).set('NAXIS', 1).set('NAXIS1', 3).set('BZERO', 32768);
    const data = new Uint8Array(7);
    data.set(encodeStored(Uint16Array.of(1, 40000, 3)), 1);
    expect(decodeImage(header, data.subarray(1)).pixels).toEqual(Uint16Array.of(1, 40000, 3));
  });
});
