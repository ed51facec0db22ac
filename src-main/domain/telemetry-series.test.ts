import { expect, it } from 'vitest';
import { seriesOf } from './telemetry-series.ts';

const AT = Date.UTC(2026, 10, 22, 23, 0, 0);

it('reads sensors by shared seconds or by times of their own, and the calculator by days or by times', () => {
  const shared = {
    start: '2026-11-22T23:00:00.000',
    seconds: [0, 30],
    series: [
      { name: 'wind speed', unit: 'm/s', values: [3, null] },
      { name: 'dome', values: ['open', 'open'] },
      { name: '', unit: 'x', values: [1, 2] },
    ],
  };
  expect(seriesOf(shared, null)).toEqual([
    { name: 'wind speed', unit: 'm/s', at: [AT, AT + 30_000], values: [3, null] },
  ]);
  const own = { series: [{ name: 'humidity', unit: '%', times: ['2026-11-22T23:00:00Z', 'never'], values: [40, 41] }] };
  expect(seriesOf(own, null)).toEqual([{ name: 'humidity', unit: '%', at: [AT], values: [40] }]);
  const days = {
    thru: { mjd: [61366.958333333336], transparency: [0.97] },
    accum: { mjd: [61366.958333333336], efftime: [0] },
  };
  expect(seriesOf(null, days)).toMatchObject([
    { name: 'ETC transparency', values: [0.97] },
    { name: 'ETC effective time', unit: 's', values: [0] },
  ]);
  expect(Math.abs((seriesOf(null, days)[0]?.at[0] ?? 0) - AT)).toBeLessThan(10);
  expect(seriesOf(null, { times: ['2026-11-22T23:00:00'], seeing: [1.1], skyLevel: [null] })).toEqual([
    { name: 'ETC seeing', unit: 'arcsec', at: [AT], values: [1.1] },
  ]);
});

it('makes nothing of what is nothing', () => {
  for (const strange of [null, 7, 'x', [], {}, { series: 3 }, { series: [{ name: 'a', values: [1] }] }, { thru: [] }])
    expect(seriesOf(strange, strange)).toEqual([]);
});
