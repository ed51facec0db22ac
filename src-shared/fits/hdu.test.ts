import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sumBytes, verifyChecksum, withChecksum } from './checksum.ts';
import { readImage } from './compressed-image.ts';
import { compressedImageHdu } from './compressed-write.ts';
import { FitsError } from './fits-error.ts';
import { type ByteSource, dataLengthOf, findHdu, hduData, readHduData, scanHdus, scanHdusInMemory } from './hdu.ts';
import { Header } from './header.ts';
import { BinaryTable } from './table.ts';
import { tableHdu } from './table-write.ts';
import { encodeFits, encodeHdu, imageHdu, primaryHdu } from './write.ts';

const reference = path.join(import.meta.dirname, '../../e2e/data/desispec-reference');

function sourceOf(bytes: Uint8Array): ByteSource & { largest: number; total: number } {
  return {
    size: bytes.length,
    largest: 0,
    total: 0,
    async read(offset, length) {
      if (offset < 0 || length < 0 || offset + length > bytes.length) throw new Error(`read ${offset}+${length}`);
      this.largest = Math.max(this.largest, length);
      this.total += length;
      return bytes.slice(offset, offset + length);
    },
  };
}

const pixels = Uint16Array.from({ length: 60 * 40 }, (_, i) => (i * 7919) % 65536);
const image = { axes: [60, 40], pixels };

function exposure(): Uint8Array {
  return encodeFits([
    primaryHdu(new Header().set('EXPID', 7).set('EXPTIME', 900)),
    imageHdu('B0', image, new Header().set('CAMERA', 'b0')),
    compressedImageHdu('R0', image),
    tableHdu('FIBERMAP', [
      { name: 'FIBER', form: 'J', values: [1, 2, 3] },
      { name: 'SPOTS', form: '1PE', values: [new Float32Array([1, 2]), new Float32Array(0), new Float32Array(9)] },
    ]),
  ]);
}

describe('the walk over HDUs', () => {
  it('finds them by name with their bytes, in memory and over a file alike', async () => {
    const bytes = exposure();
    const inMemory = scanHdusInMemory(bytes);
    const source = sourceOf(bytes);
    expect(await scanHdus(source)).toEqual(inMemory);
    expect(inMemory.trailing).toBe(0);
    expect(inMemory.hdus.map(({ name, kind }) => [name, kind])).toEqual([
      ['', 'image'],
      ['B0', 'image'],
      ['R0', 'bintable'],
      ['FIBERMAP', 'bintable'],
    ]);
    expect(inMemory.hdus.at(-1)?.end).toBe(bytes.length);
    for (const name of ['b0', 'R0']) {
      const hdu = findHdu(inMemory.hdus, name)!;
      const data = await readHduData(source, hdu);
      expect(data).toEqual(hduData(bytes, hdu));
      expect(readImage(hdu.header, data)).toEqual(image);
    }
  });

  it('reads only headers of a large file', async () => {
    const bytes = new Uint8Array(readFileSync(path.join(reference, 'raw/20191115/00000110/desi-00000110.fits.fz')));
    const source = sourceOf(bytes);
    const { hdus } = await scanHdus(source);
    expect(hdus.map((hdu) => hdu.name)).toEqual(['', 'R0']);
    expect(source.largest).toBeLessThan(100_000);
  });

  it('counts groups and parameters', () => {
    const shape = (text: string[]) => dataLengthOf(Header.fromImages(text));
    expect(shape(["XTENSION= 'IMAGE'", 'BITPIX  = 8', 'NAXIS   = 0'])).toBe(0);
    const table = ["XTENSION= 'BINTABLE'", 'BITPIX  = 8', 'NAXIS   = 2', 'NAXIS1  = 10', 'NAXIS2  = 5'];
    expect(shape([...table, 'PCOUNT  = 7', 'GCOUNT  = 1'])).toBe(57);
    expect(shape([...table, 'PCOUNT  = 7', 'GCOUNT  = 3'])).toBe(171);
    const groups = ['SIMPLE  = T', 'BITPIX  = -32', 'NAXIS   = 2', 'NAXIS1  = 0', 'NAXIS2  = 5', 'GROUPS  = T'];
    expect(shape([...groups, 'PCOUNT  = 2', 'GCOUNT  = 3'])).toBe(84);
  });
});

describe('damaged files', () => {
  it('a cut-off last HDU carries the fault alone', () => {
    const bytes = exposure();
    const { hdus } = scanHdusInMemory(bytes.subarray(0, bytes.length - 2880));
    expect(hdus.map((hdu) => hdu.fault?.code)).toEqual([undefined, undefined, undefined, 'truncated']);
    expect(hdus[3]?.fault?.message).toMatch(/FIBERMAP is cut off/);
    expect(() => hduData(bytes, hdus[3]!)).toThrow(FitsError);
  });

  it('a file that ends in a header names what it can', () => {
    const bytes = exposure();
    const fibermap = scanHdusInMemory(bytes).hdus[3]!;
    const { hdus } = scanHdusInMemory(bytes.subarray(0, fibermap.headerOffset + 80 * 13));
    expect(hdus.map((hdu) => [hdu.name, hdu.fault?.code])).toEqual([
      ['', undefined],
      ['B0', undefined],
      ['R0', undefined],
      ['FIBERMAP', 'truncated'],
    ]);
  });

  it.each([
    ['BITPIX  =                    7'],
    ['NAXIS1  =                   -1'],
    ['NAXIS1  =                  1.5'],
    ['NAXIS2  =      999999999999999'],
    ['NAXIS   =                     '],
    ['NAXIS2  =                    1'],
    ['NAXIS2  =                   75'],
  ])('a header that makes no sense (%s) costs only its own HDU', (card) => {
    const bytes = exposure();
    const { headerOffset } = scanHdusInMemory(bytes).hdus[1]!;
    for (let at = headerOffset; at < headerOffset + 2880; at += 80) {
      if (Buffer.from(bytes.subarray(at, at + 9)).toString() === card.slice(0, 9)) {
        bytes.set(Buffer.from(card.padEnd(80)), at);
      }
    }
    const { hdus } = scanHdusInMemory(bytes);
    expect(hdus.map((hdu) => [hdu.name, hdu.fault === undefined])).toEqual([
      ['', true],
      ['B0', false],
      ['R0', true],
      ['FIBERMAP', true],
    ]);
  });

  it('a lost END ends at the next extension', () => {
    const bytes = exposure();
    const { headerOffset, dataOffset } = scanHdusInMemory(bytes).hdus[2]!;
    const end = Buffer.from(bytes.subarray(headerOffset, dataOffset)).indexOf('END'.padEnd(80));
    bytes.fill(0x20, headerOffset + end, headerOffset + end + 3);
    const { hdus } = scanHdusInMemory(bytes);
    expect(hdus.map((hdu) => [hdu.name, hdu.fault?.code])).toEqual([
      ['', undefined],
      ['B0', undefined],
      ['R0', 'bad-header'],
      ['FIBERMAP', undefined],
    ]);
  });

  it('what is no FITS file is told at once; zeros after the last HDU are counted, not read', () => {
    expect(() => scanHdusInMemory(new Uint8Array(0))).toThrow(expect.objectContaining({ code: 'not-fits' }));
    expect(() => scanHdusInMemory(Buffer.from('<html>'.repeat(2000)))).toThrow(
      expect.objectContaining({ code: 'not-fits' }),
    );
    const bytes = exposure();
    const longer = new Uint8Array(bytes.length + 5000);
    longer.set(bytes);
    expect(scanHdusInMemory(longer)).toMatchObject({ trailing: 5000, hdus: { length: 4 } });
  });

  it('thousands of damaged HDUs are walked without reading the file over and over', async () => {
    const block = Buffer.alloc(2880, ' ');
    block.write("XTENSION= 'IMAGE   '".padEnd(80) + 'BITPIX  =  7'.padEnd(80) + 'NAXIS   =  0'.padEnd(80) + 'END');
    const bytes = Buffer.concat([encodeHdu(primaryHdu()), ...Array.from({ length: 3000 }, () => block)]);
    const source = sourceOf(bytes);
    const { hdus } = await scanHdus(source);
    expect(hdus.filter((hdu) => hdu.fault?.code === 'bad-header')).toHaveLength(3000);
    expect(source.total).toBeLessThan(20 * bytes.length);
  });

  it('sizes that no memory holds are refused before memory is asked for', () => {
    const header = compressedImageHdu('B0', image).header.set('ZNAXIS1', 2 ** 40);
    expect(() => readImage(header, new Uint8Array(1000))).toThrow(expect.objectContaining({ code: 'too-large' }));
    const plain = imageHdu('B0', image).header.set('NAXIS1', 2 ** 40);
    expect(() => readImage(plain, new Uint8Array(1000))).toThrow(expect.objectContaining({ code: 'truncated' }));
    const block = tableHdu('T', [{ name: 'A', form: 'J', values: [1, 2] }]);
    expect(() => new BinaryTable(block.header.set('NAXIS2', 2 ** 45), block.data)).toThrow(
      expect.objectContaining({ code: 'truncated' }),
    );
  });

  it('whatever is changed in a file, reading it ends with its content or a FitsError', () => {
    const original = exposure();
    const change = fc.record({
      at: fc.nat({ max: original.length - 1 }),
      value: fc.oneof(fc.integer({ min: 0x20, max: 0x7e }), fc.nat({ max: 255 })),
    });
    const headerChange = fc.record({ at: fc.nat({ max: 2880 * 3 }), value: fc.integer({ min: 0x20, max: 0x39 }) });
    fc.assert(
      fc.property(
        fc.array(fc.oneof(change, headerChange), { minLength: 1, maxLength: 30 }),
        fc.nat({ max: original.length }),
        (changes, cut) => {
          const bytes = original.slice(0, cut % 3 === 0 ? cut : original.length);
          for (const { at, value } of changes) if (at < bytes.length) bytes[at] = value;
          onlyFitsErrors(() => {
            for (const hdu of scanHdusInMemory(bytes).hdus) {
              expect(hdu.end).toBeGreaterThan(hdu.headerOffset);
              onlyFitsErrors(() => readImage(hdu.header, hduData(bytes, hdu)));
              onlyFitsErrors(() => readTable(hdu.header, hduData(bytes, hdu)));
            }
          });
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('random bytes behind a good beginning are read to an end', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 20_000, size: 'max' }), fc.boolean(), (tail, extension) => {
        const start = encodeHdu(primaryHdu());
        const bytes = new Uint8Array([
          ...start,
          ...(extension ? Buffer.from("XTENSION= 'IMAGE   '".padEnd(80)) : []),
          ...tail,
        ]);
        onlyFitsErrors(() => scanHdusInMemory(bytes));
      }),
      { numRuns: 300 },
    );
  });
});

function onlyFitsErrors(run: () => unknown): void {
  try {
    run();
  } catch (error) {
    if (!(error instanceof FitsError)) throw error;
  }
}

function readTable(header: Header, data: Uint8Array): void {
  const table = new BinaryTable(header, data);
  for (const { name } of table.columns) onlyFitsErrors(() => table.arrays(name));
}

describe('checksums', () => {
  it('are right for what was written, and wrong after a change', () => {
    const blocks = [primaryHdu(), imageHdu('B0', image), compressedImageHdu('R0', image)].map(withChecksum);
    const bytes = encodeFits(blocks);
    const verdicts = () =>
      scanHdusInMemory(bytes).hdus.map((hdu) =>
        verifyChecksum(hdu.header, bytes.subarray(hdu.headerOffset, hdu.dataOffset), sumBytes(hduData(bytes, hdu))),
      );
    expect(verdicts()).toEqual(Array(3).fill({ datasum: 'right', checksum: 'right' }));
    const { dataOffset } = scanHdusInMemory(bytes).hdus[1]!;
    bytes[dataOffset + 11]! ^= 4;
    expect(verdicts()[1]).toEqual({ datasum: 'wrong', checksum: 'wrong' });
    expect(verifyChecksum(new Header(), new Header().toBytes(), 0)).toEqual({ datasum: 'absent', checksum: 'absent' });
  });

  it('do not depend on alignment or pieces', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 8, maxLength: 3000 }), fc.nat({ max: 500 }), (bytes, words) => {
        const shifted = new Uint8Array(bytes.length + 1);
        shifted.set(bytes, 1);
        const whole = sumBytes(bytes);
        expect(sumBytes(shifted.subarray(1))).toBe(whole);
        const cut = Math.min(words * 4, bytes.length & ~3);
        expect(sumBytes(bytes.slice(cut), sumBytes(bytes.slice(0, cut)))).toBe(whole);
      }),
    );
  });
});
