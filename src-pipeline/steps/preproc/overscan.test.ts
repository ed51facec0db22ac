import { expect, it } from 'vitest';
import { unitVectors } from '../../test-support/reference.ts';
import { clippedStdBias, overscanLevel } from './overscan.ts';

it('corrects a clipped standard deviation as the original does, within 1e-12', () => {
  for (const { in: a, out } of unitVectors<number, number>('preproc._clipped_std_bias')) {
    expect(clippedStdBias(a)).toBeCloseTo(out, 12);
  }
});

it('measures level and noise of overscan pixels as the original does, within 1e-12 relative', () => {
  const vectors = unitVectors<number[][], { overscan: number; readnoise: number }>('preproc._overscan');
  expect(vectors.length).toBeGreaterThan(1);
  for (const { in: rows, out } of vectors) {
    const found = overscanLevel(Float64Array.from(rows.flat()));
    expect(Math.abs(found.level / out.overscan - 1)).toBeLessThan(1e-12);
    expect(Math.abs(found.noise / out.readnoise - 1)).toBeLessThan(1e-12);
  }
});

it('gives the start values when clipping leaves too few pixels', () => {
  expect(overscanLevel(Float64Array.of(7, 7, 7, 7, 7, 7, 7))).toEqual({ level: 7, noise: 0 });
});

it('leaves pixels out that are no numbers', () => {
  const pixels = Float64Array.from({ length: 400 }, (_, i) => 1000 + (i % 7));
  const clean = overscanLevel(pixels);
  const { level, noise } = overscanLevel(Float64Array.of(NaN, ...pixels, NaN));
  expect(level).toBeCloseTo(clean.level, 9);
  expect(noise).toBeCloseTo(clean.noise, 9);
});

it('measures fractions, as they are after a bias image, like whole numbers', () => {
  const pixels = Float64Array.from({ length: 400 }, (_, i) => 1000 + (i % 7));
  const whole = overscanLevel(pixels);
  const shifted = overscanLevel(pixels.map((pixel) => pixel - 0.25));
  expect(shifted.level).toBeCloseTo(whole.level - 0.25, 9);
  expect(shifted.noise).toBeCloseTo(whole.noise, 9);
});
