import fc from 'fast-check';
import { expect, it } from 'vitest';
import { conditionsOf } from './exposure-conditions.ts';

const telemetry = {
  series: [
    { name: 'wind speed', unit: 'm/s', values: [3, 4] },
    { name: 'Airmass', unit: '', values: [1.2, null, 1.4, 0, 1.3] },
    { name: 'seeing', unit: 'arcsec', values: [1.1, 99, 1.3] },
  ],
};

it('are the calculator’s seeing and the medians of what sensors said, without what cannot be', () => {
  expect(conditionsOf(telemetry, null)).toEqual({ airmass: 1.3, seeing: (1.1 + 1.3) / 2 });
  expect(conditionsOf(telemetry, { header: { ETCSEENG: 0.9 } })).toEqual({ airmass: 1.3, seeing: 0.9 });
  expect(conditionsOf(null, { seeing: [0.8, null, 1] })).toEqual({ airmass: null, seeing: 0.9 });
  expect(conditionsOf({ series: [{ name: 'airmass', values: [-1] }] }, { header: { ETCSEENG: 'bad' } })).toEqual({
    airmass: null,
    seeing: null,
  });
});

it('takes any content', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
      const { airmass, seeing } = conditionsOf(a, b);
      for (const value of [airmass, seeing]) expect(value === null || value > 0).toBe(true);
    }),
  );
});
