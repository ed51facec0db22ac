import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createRiceDecoder, type RiceDecoder } from './rice-decoder.ts';
import { type BytesPerPixel, riceBound, riceDecode, riceEncode } from './rice.ts';

const ARRAYS = { 1: Uint8Array, 2: Int16Array, 4: Int32Array } as const;
const widths = fc.constantFrom<BytesPerPixel>(1, 2, 4);

/** Pixels, or the code of the error. */
function outcome(decode: RiceDecoder, bytes: Uint8Array, length: number, width: BytesPerPixel, block: number): unknown {
  const out = new ARRAYS[width](length + 2);
  try {
    decode(bytes, out, 1, length, width, block, width === 2 ? 0x8000 : 0);
    return out;
  } catch (error) {
    return (error as { code?: string }).code ?? error;
  }
}

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

describe('the WebAssembly decoder', () => {
  const decoder = createRiceDecoder();

  it('is in use here', () => {
    expect(decoder).not.toBe(riceDecode);
  });

  it('gives what the plain decoder gives, for any pixels', () => {
    const bits = fc.integer({ min: 0, max: 32 });
    const row = fc.array(fc.tuple(bits, fc.integer()), { maxLength: 300 });
    fc.assert(
      fc.property(row, widths, fc.integer({ min: 1, max: 64 }), (values, width, block) => {
        const pixels = new ARRAYS[width](values.map(([count, value]) => (count === 0 ? 0 : value >>> (32 - count))));
        const bytes = new Uint8Array(riceBound(pixels.length, width, block));
        const length = riceEncode(pixels, 0, pixels.length, bytes, 0, width, block, width === 2 ? 0x8000 : 0);
        const result = outcome(decoder, bytes.subarray(0, length), pixels.length, width, block);
        expect(result).toEqual(ARRAYS[width].of(0, ...pixels, 0));
      }),
      { numRuns: 1000 },
    );
  });

  it('agrees with the plain decoder on any bytes, also on what cannot be decoded', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc.array(fc.constantFrom(0, 0, 0, 1, 0x80, 0xff), { maxLength: 300 }).map((list) => Uint8Array.from(list)),
    );
    fc.assert(
      fc.property(bytes, fc.nat({ max: 500 }), widths, fc.constantFrom(1, 16, 32), (input, length, width, block) => {
        expect(outcome(decoder, input, length, width, block)).toEqual(outcome(riceDecode, input, length, width, block));
      }),
      { numRuns: 5000 },
    );
  });

  it('takes tiles larger than its first memory', () => {
    const pixels = Int32Array.from({ length: 300_000 }, (_, i) => Math.imul(i, 2654435761));
    const bytes = new Uint8Array(riceBound(pixels.length, 4, 32));
    const length = riceEncode(pixels, 0, pixels.length, bytes, 0, 4, 32, 0);
    const out = new Int32Array(pixels.length);
    createRiceDecoder()(bytes.subarray(0, length), out, 0, out.length, 4, 32, 0);
    expect(out).toEqual(pixels);
  });

  it('is the plain decoder where WebAssembly is forbidden', async () => {
    vi.stubGlobal('WebAssembly', {
      Module: () => {
        throw new Error('unsafe-eval');
      },
    });
    const fresh = await import('./rice-decoder.ts');
    const plain = await import('./rice.ts');
    expect(fresh.createRiceDecoder()).toBe(plain.riceDecode);
  });
});
