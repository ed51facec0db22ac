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
  expect(conditionsOf(telemetry, null)).toMatchObject({ airmass: 1.3, seeing: (1.1 + 1.3) / 2 });
  expect(conditionsOf(telemetry, { header: { ETCSEENG: 0.9 } })).toMatchObject({ airmass: 1.3, seeing: 0.9 });
  expect(conditionsOf(null, { seeing: [0.8, null, 1] })).toMatchObject({ airmass: null, seeing: 0.9 });
  expect(conditionsOf({ series: [{ name: 'airmass', values: [-1] }] }, { header: { ETCSEENG: 'bad' } })).toEqual({
    airmass: null,
    seeing: null,
    effectiveTime: null,
    effectiveRequested: null,
  });
  const late = { header: { ETCTEFF: -3, REQTEFF: 900 }, effectiveTime: [10, 20.5, null], expinfo: { req_efftime: 1 } };
  expect(conditionsOf(null, late)).toMatchObject({ effectiveTime: 20.5, effectiveRequested: 900 });
});

it('takes any content', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
      const { airmass, seeing, effectiveTime, effectiveRequested } = conditionsOf(a, b);
      expect(effectiveTime === null || effectiveTime >= 0).toBe(true);
      for (const value of [airmass, seeing, effectiveRequested]) expect(value === null || value > 0).toBe(true);
    }),
  );
});
