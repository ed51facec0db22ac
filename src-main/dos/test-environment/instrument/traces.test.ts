import { describe, expect, it } from 'vitest';
import { cameraDesign } from './camera-design.ts';
import { legendre, legendreSlope } from './legendre.ts';
import { designTraces, rowWavelengths, traceX, traceY } from './traces.ts';

it('sums Legendre polynomials and their slopes', () => {
  // 1 − 2 u + 3 (3u²−1)/2 + 4 (5u³−3u)/2, at u = 0.3
  const c = [9, 1, -2, 3, 4];
  const u = 0.3;
  expect(legendre(c, 1, 4, u)).toBeCloseTo(1 - 2 * u + 1.5 * (3 * u * u - 1) + 2 * (5 * u ** 3 - 3 * u), 12);
  expect(legendreSlope(c, 1, 4, u)).toBeCloseTo(-2 + 9 * u + 2 * (15 * u * u - 3), 12);
});

describe.each(['compact', 'full'] as const)('traces of the %s instrument', (size) => {
  const design = cameraDesign('r', size);
  const traces = designTraces(design, 'r3');

  it('keep every fiber on the CCD, in order, as far apart as designed', () => {
    const middle = (design.waveMin + design.waveMax) / 2;
    const places = Array.from({ length: design.fibers }, (_, fiber) => traceX(traces, fiber, middle));
    expect(places[0]).toBeGreaterThan(20);
    expect(places.at(-1)).toBeLessThan(design.columns - 20);
    for (let fiber = 1; fiber < design.fibers; fiber++) {
      const gap = places[fiber]! - places[fiber - 1]!;
      expect(Math.abs(gap - (fiber % 25 === 0 ? design.bundleGap : design.pitch))).toBeLessThan(0.4);
    }
  });

  it('cover the extraction grid with the CCD’s rows in every fiber', () => {
    for (let fiber = 0; fiber < design.fibers; fiber++) {
      expect(traceY(traces, fiber, 5630)).toBeGreaterThan(0);
      expect(traceY(traces, fiber, 7740)).toBeLessThan(design.rows - 1);
    }
  });

  it('are inverted exactly, with the shift of an exposure', () => {
    const { wave, step } = rowWavelengths(traces, 7, design.rows, 0.4);
    for (let row = 0; row < design.rows; row += 97) {
      expect(traceY(traces, 7, wave[row]!) + 0.4).toBeCloseTo(row, 8);
    }
    expect(step[500]).toBeCloseTo((wave[501]! - wave[499]!) / 2, 5);
  });
});

it('are the same each time, and differ between cameras', () => {
  const design = cameraDesign('b', 'compact');
  expect(designTraces(design, 'b1')).toEqual(designTraces(design, 'b1'));
  expect(designTraces(design, 'b1').x).not.toEqual(designTraces(design, 'b2').x);
});
