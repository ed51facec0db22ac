import { expect, it } from 'vitest';
import { envelopeOf } from './envelope.ts';

const values = Float64Array.from({ length: 12 }, (_, i) => i);

it('has the extremes of the values that fall on a pixel', () => {
  const { low, high } = envelopeOf(values, 0, 4, 3);
  expect([...low]).toEqual([0, 4, 8]);
  expect([...high]).toEqual([3, 7, 11]);
});

it('repeats values that are wider than a pixel', () => {
  expect([...envelopeOf(values, 2, 0.5, 5).low]).toEqual([2, 2, 3, 3, 4]);
});

it('runs the other way along a column, and is empty beside the image', () => {
  expect([...envelopeOf(values, 14, -2, 4).high]).toEqual([NaN, 11, 9, 7]);
  expect([...envelopeOf(values, -4, 2, 3).low]).toEqual([NaN, NaN, 0]);
});

it('passes undefined values over', () => {
  expect([...envelopeOf(Float64Array.of(NaN, 5, NaN, NaN), 0, 2, 2).low]).toEqual([5, NaN]);
});
