import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FitsError } from './fits-error.ts';
import { type BytesPerPixel, riceBound, riceDecode, riceEncode, type RicePixels } from './rice.ts';

const ARRAYS = { 1: Uint8Array, 2: Int16Array, 4: Int32Array } as const;

function encode(pixels: RicePixels, blockSize = 32, flip = 0): Uint8Array {
  const width = pixels.BYTES_PER_ELEMENT as BytesPerPixel;
  const out = new Uint8Array(riceBound(pixels.length, width, blockSize));
  return out.subarray(0, riceEncode(pixels, 0, pixels.length, out, 0, width, blockSize, flip));
}

function decode(bytes: Uint8Array, length: number, width: BytesPerPixel, blockSize = 32): RicePixels {
  const out = new ARRAYS[width](length);
  riceDecode(bytes, out, 0, length, width, blockSize, 0);
  return out;
}

describe('RICE_1', () => {
  it('gives the stream that the algorithm describes', () => {
    // The first pixel; fs + 1 = 1 in four bits; the differences 0, +1, -1, +2 fold to 0, 2, 1, 4: so many zeros and a one.
    const bits = '0000000000000101' + '0001' + '1' + '001' + '01' + '00001' + '0';
    const bytes = encode(Int16Array.of(5, 6, 5, 7));
    expect([...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('')).toBe(bits);
  });

  it('takes two bytes and half a byte a block for a constant row', () => {
    expect(encode(new Int16Array(64).fill(-7))).toEqual(Uint8Array.of(0xff, 0xf9, 0x00));
  });

  it('keeps every row of any pixels, in every width and block size', () => {
    for (const [width, min, max] of [
      [1, 0, 255],
      [2, -(2 ** 15), 2 ** 15 - 1],
      [4, -(2 ** 31), 2 ** 31 - 1],
    ] as const) {
      const quiet = fc.integer({ min: 0, max: 20 });
      const pixel = fc.oneof(fc.integer({ min, max }), quiet, fc.constantFrom(min, max, 0));
      const row = fc.oneof(fc.array(pixel, { maxLength: 200 }), fc.array(quiet, { maxLength: 200 }));
      fc.assert(
        fc.property(row, fc.integer({ min: 1, max: 64 }), (values, blockSize) => {
          const pixels = new ARRAYS[width](values);
          expect(decode(encode(pixels, blockSize), pixels.length, width, blockSize)).toEqual(pixels);
        }),
      );
    }
  });

  it('flips the sign bit of unsigned pixels on the way', () => {
    const unsigned = Uint16Array.of(0, 65535, 32768, 32767, 1);
    const stored = Int16Array.from(unsigned, (value) => value - 32768);
    expect(encode(unsigned, 32, 0x8000)).toEqual(encode(stored));
    const out = new Uint16Array(5);
    riceDecode(encode(stored), out, 0, 5, 2, 32, 0x8000);
    expect(out).toEqual(unsigned);
  });

  it('any bytes decode to pixels or to a FitsError', () => {
    const widths = fc.constantFrom<BytesPerPixel>(1, 2, 4);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), widths, fc.nat({ max: 300 }), (bytes, width, length) => {
        try {
          expect(decode(bytes, length, width)).toHaveLength(length);
        } catch (error) {
          expect(error).toBeInstanceOf(FitsError);
          expect((error as FitsError).code).toBe('bad-data');
        }
      }),
      { numRuns: 3000 },
    );
  });

  it('a stream that lacks a byte is told from a whole one', () => {
    const pixels = Int16Array.from({ length: 500 }, (_, i) => (i * 7919) % 251);
    const bytes = encode(pixels);
    expect(() => decode(bytes.subarray(0, bytes.length - 1), 500, 2)).toThrow(/ends before/);
  });
});
