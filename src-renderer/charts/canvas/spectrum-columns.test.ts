import { describe, expect, it } from 'vitest';
import { columnsOf } from './spectrum-columns.ts';

const rising = (count: number, step: number): Float64Array => Float64Array.from({ length: count }, (_, i) => i * step);

describe('columns of a line', () => {
  it('hold the extremes of all bins that fall on them, and join their neighbours', () => {
    const flux = Float64Array.of(0, 5, -3, 1, 1, 9, 1, 1, 1);
    const { low, high } = columnsOf(rising(9, 1), flux, flux, 0, 4, 2);
    expect([...low]).toEqual([-3, 1]);
    expect([...high]).toEqual([5, 9]);
  });

  it('follow the straight line between bins that are wider than a pixel', () => {
    const flux = Float64Array.of(0, 8);
    const { low, high } = columnsOf(rising(2, 4), flux, flux, 0, 1, 4);
    expect([...low]).toEqual([0, 2, 4, 6]);
    expect([...high]).toEqual([2, 4, 6, 8]);
  });

  it('are empty beyond the curve and where a bin is missing', () => {
    const flux = Float64Array.of(1, 1, NaN, 1, 1);
    const { low } = columnsOf(rising(5, 1), flux, flux, -1, 1, 7);
    expect([...low]).toEqual([NaN, 1, 1, NaN, 1, 1, NaN]);
  });

  it('take the line that enters from beyond the edges', () => {
    const flux = Float64Array.of(0, 10);
    const { low, high } = columnsOf(rising(2, 10), flux, flux, 4, 1, 2);
    expect([...low]).toEqual([4, 5]);
    expect([...high]).toEqual([5, 6]);
  });

  it('look at no bin that is out of sight', () => {
    const flux = new Proxy(new Float64Array(10_000), {
      get: (values, name) => {
        const index = Number(name);
        if (Number.isInteger(index)) expect(index).toBeGreaterThanOrEqual(4999);
        if (Number.isInteger(index)) expect(index).toBeLessThanOrEqual(5101);
        return Reflect.get(values, name) as number;
      },
    });
    expect(columnsOf(rising(10_000, 1), flux, flux, 5000, 1, 100).low.every((value) => value === 0)).toBe(true);
  });
});

it('a band covers from its lower to its upper edge', () => {
  const { low, high } = columnsOf(rising(3, 1), [0, -1, 0], [2, 2, 5], 0, 1, 2);
  expect([...low]).toEqual([-1, -1]);
  expect([...high]).toEqual([2, 5]);
});
