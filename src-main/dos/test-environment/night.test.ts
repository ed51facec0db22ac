import { expect, it } from 'vitest';
import { modifiedJulianDate, nightOf } from './night.ts';

it('names a night after the local noon before it, at UTC−7', () => {
  expect(nightOf(Date.parse('2019-11-15T18:59:59Z'))).toBe('20191114');
  expect(nightOf(Date.parse('2019-11-15T19:00:00Z'))).toBe('20191115');
  expect(nightOf(Date.parse('2019-11-16T08:41:03Z'))).toBe('20191115');
  expect(nightOf(Date.parse('2020-01-01T05:00:00Z'))).toBe('20191231');
});

it('tells the modified Julian date', () => {
  expect(modifiedJulianDate(Date.parse('2019-11-15T00:00:00Z'))).toBe(58802);
  expect(modifiedJulianDate(Date.parse('2000-01-01T12:00:00Z'))).toBe(51544.5);
});
