import { describe, expect, it } from 'vitest';
import { PERCENTILES, type ImageStatistics } from '#shared/domain/image.ts';
import { TRANSFERS } from './ccd-options.ts';
import { commonRange, draggedRange, percentileAt, rangeOf, transferred, untransferred } from './image-scale.ts';

const percentiles = PERCENTILES.map((percent) => percent * 10);
const statistics: ImageStatistics = {
  defined: 100,
  undefined: 3,
  values: {
    min: -5,
    max: 4000,
    mean: 20,
    zscale: [1, 42],
    percentiles,
    histogram: { low: 0, high: 1000, counts: [] },
  },
};
const manual = { low: 7, high: 9 };

describe('the range of values that the colours span', () => {
  it.each([
    [{ scale: 'zscale', share: 99, manual } as const, { low: 1, high: 42 }],
    [{ scale: 'minmax', share: 99, manual } as const, { low: -5, high: 4000 }],
    [{ scale: 'percent', share: 99, manual } as const, { low: 5, high: 995 }],
    [{ scale: 'percent', share: 90, manual } as const, { low: 50, high: 950 }],
    [{ scale: 'percent', share: 50, manual } as const, { low: 250, high: 750 }],
    [{ scale: 'manual', share: 99, manual } as const, manual],
  ])('by %j is %j', (rule, range) => {
    expect(rangeOf(statistics, rule)).toEqual(range);
  });

  it('is linear between the percentiles that are known', () => {
    expect(percentileAt(percentiles, 40)).toBeCloseTo(400, 9);
    expect(percentileAt(percentiles, 3)).toBeCloseTo(30, 9);
  });

  it('is not there where no pixel has a value, and has a width where all have the same', () => {
    expect(rangeOf({ ...statistics, values: null }, { scale: 'zscale', share: 99, manual })).toBeNull();
    const flat = { ...statistics, values: { ...statistics.values!, min: 3, max: 3 } };
    expect(rangeOf(flat, { scale: 'minmax', share: 99, manual })).toEqual({ low: 2.5, high: 3.5 });
  });

  it('for many images is the middle of theirs, so that one odd camera stands out', () => {
    const ranges = [10, 11, 12, 900, 9].map((low) => ({ low, high: low + 100 }));
    expect(commonRange(ranges)).toEqual({ low: 11, high: 111 });
    expect(commonRange([])).toBeNull();
  });

  it('moves and widens with the pointer', () => {
    expect(draggedRange({ low: 0, high: 10 }, 0.5, 0)).toEqual({ low: -5, high: 5 });
    const narrow = draggedRange({ low: 0, high: 10 }, 0, 1 / 3);
    expect(narrow.low).toBeCloseTo(2.5, 9);
    expect(narrow.high).toBeCloseTo(7.5, 9);
  });
});

describe.each(TRANSFERS)('the curve %s', (transfer) => {
  it('goes from the first to the last colour, rising, and back', () => {
    expect(transferred(transfer, 0)).toBe(0);
    expect(transferred(transfer, 1)).toBeCloseTo(1, 12);
    expect(transferred(transfer, -3)).toBe(0);
    expect(transferred(transfer, 7)).toBeCloseTo(1, 12);
    for (const x of [0.01, 0.2, 0.5, 0.9]) {
      expect(transferred(transfer, x)).toBeGreaterThanOrEqual(x);
      expect(untransferred(transfer, transferred(transfer, x))).toBeCloseTo(x, 9);
    }
  });
});
