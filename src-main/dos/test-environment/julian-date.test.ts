import { expect, it } from 'vitest';
import { modifiedJulianDate } from './julian-date.ts';

it('tells the modified Julian date', () => {
  expect(modifiedJulianDate(Date.parse('2019-11-15T00:00:00Z'))).toBe(58802);
  expect(modifiedJulianDate(Date.parse('2000-01-01T12:00:00Z'))).toBe(51544.5);
});
