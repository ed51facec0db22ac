import { describe, expect, it } from 'vitest';
import type { AmplifierArea, ImageInfo } from '#shared/domain/image.ts';
import { amplifierAt, fiberAt, fiberOnCamera, fromCcd, toCcd, traceAt, type Traces } from './fiber-finder.ts';
import { maskWords, pixelFacts, pixelValue } from './pixel-words.ts';

/** Two amplifiers side by side with 4 columns of prescan and 10 of overscan each. */
const amplifiers: AmplifierArea[] = [
  {
    id: 'A',
    data: { x0: 4, x1: 104, y0: 0, y1: 200 },
    ccd: { x0: 0, x1: 100, y0: 0, y1: 200 },
    bias: { x0: 104, x1: 114, y0: 0, y1: 200 },
  },
  {
    id: 'B',
    data: { x0: 124, x1: 224, y0: 0, y1: 200 },
    ccd: { x0: 100, x1: 200, y0: 0, y1: 200 },
    bias: { x0: 114, x1: 124, y0: 0, y1: 200 },
  },
];

/** Three straight, slanted traces of camera r2, 10 pixels apart; λ = 6000 Å + row. */
const rows = 14;
const traces: Traces = {
  camera: 'r2',
  from: 'psf',
  fibers: 3,
  firstRow: 0,
  rowStep: 16,
  rows,
  x: Float32Array.from({ length: 3 * rows }, (_, i) => 90 + 10 * Math.floor(i / rows) + (i % rows) * 16 * 0.01),
  wave: Float32Array.from({ length: 3 * rows }, (_, i) => 6000 + (i % rows) * 16),
};

describe('a place in a raw image', () => {
  it('is on an amplifier, in its overscan, or on neither', () => {
    expect(amplifierAt(amplifiers, 50, 10)).toEqual({ id: 'A', part: 'data' });
    expect(amplifierAt(amplifiers, 118, 10)).toEqual({ id: 'B', part: 'overscan' });
    expect(amplifierAt(amplifiers, 2, 10)).toBeNull();
  });

  it('has its place on the trimmed CCD and back', () => {
    expect(toCcd(amplifiers, 124, 7)).toEqual([100, 7]);
    expect(fromCcd(amplifiers, 100, 7)).toEqual([124, 7]);
    expect(toCcd(amplifiers, 110, 7)).toBeNull();
    expect(toCcd([], 11, 12)).toEqual([11, 12]);
  });
});

describe('traces', () => {
  it('are straight between the rows that are known; the first pixel has its middle at 0.5', () => {
    expect(traceAt(traces, 1, 100.5).x).toBeCloseTo(100 + 1 + 0.5, 4);
    expect(traceAt(traces, 1, 100.5).wave).toBeCloseTo(6100, 3);
  });

  it('tell the nearest fiber, and none where none is near', () => {
    expect(fiberAt(traces, 102, 100)).toMatchObject({ fiber: 1 });
    expect(fiberAt(traces, 93, 50)!.fiber).toBe(0);
    expect(fiberAt(traces, 96.2, 50)).toBeNull();
  });

  it('know fibers by their number among all', () => {
    expect(fiberOnCamera(traces, 1002)).toBe(2);
    expect(fiberOnCamera(traces, 1003)).toBeNull();
    expect(fiberOnCamera(traces, 2)).toBeNull();
    expect(fiberOnCamera(traces, null)).toBeNull();
  });
});

describe('what is said of a pixel', () => {
  const info: ImageInfo = {
    image: '',
    nx: 228,
    ny: 200,
    binning: 1,
    unit: 'adu',
    pixelType: 'uint16',
    origin: 'camera-file',
    fileName: '',
    hdu: 1,
    hduName: 'R2',
    planes: 1,
    amplifiers,
  };

  it('has place, amplifier, fiber and wavelength', () => {
    // x = 125 of the raw image is 101 of the CCD: fiber 1 there.
    const facts = pixelFacts(info, traces, 125, 100);
    expect(facts).toMatchObject({ x: '125', y: '100', ccd: '101, 100', amplifier: 'B', fiber: 1001 });
    expect(facts.wave).toBeCloseTo(6100, 2);
  });

  it('has no fiber in the overscan', () => {
    expect(pixelFacts(info, traces, 110, 100)).toMatchObject({
      amplifier: 'A, overscan',
      ccd: '',
      fiber: null,
      wave: null,
    });
  });

  it('has the pixels that a binned one is the mean of', () => {
    const trimmed = amplifiers.map(({ id, ccd }) => ({ id, data: ccd, ccd, bias: null }));
    const binned = { ...info, binning: 2, amplifiers: trimmed, origin: 'preproc-binned' as const };
    expect(pixelFacts(binned, traces, 50, 50)).toMatchObject({
      x: '100\u2013101',
      y: '100\u2013101',
      ccd: '',
      amplifier: 'B',
    });
  });

  it('has its value with all digits that mean something', () => {
    expect(pixelValue(1034, 'uint16')).toBe('1034');
    expect(pixelValue(Math.fround(0.1), 'float32')).toBe('0.1');
    expect(pixelValue(Math.fround(12345.678), 'float32')).toBe('12345.678');
    expect(pixelValue('9007199254740993', 'int64')).toBe('9007199254740993');
    expect(pixelValue(null, 'float32')).toBe('undefined');
  });

  it('has the reasons of a mask', () => {
    expect(maskWords(0)).toBe('good');
    expect(maskWords(8 + 16)).toBe('saturated, cosmic');
    expect(maskWords(1 + 256)).toBe('bad, bits 100000000');
  });
});
