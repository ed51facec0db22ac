import { describe, expect, it } from 'vitest';
import { darkHours, nightAfter, nightOf, nightStart } from './night.ts';

const utc = (text: string): number => Date.parse(`${text}Z`);

describe('nights of the observatory', () => {
  it('last from one local noon to the next', () => {
    expect(nightOf(utc('2026-11-22T18:59:59'))).toBe('20261121');
    expect(nightOf(utc('2026-11-22T19:00:00'))).toBe('20261122');
    expect(nightStart('20261121')).toBe(utc('2026-11-21T19:00:00'));
    expect(nightStart('20260230')).toBeNaN();
    expect(nightStart('tonight!')).toBeNaN();
  });

  it('follow each other over months, years and leap days', () => {
    expect(nightAfter('20261231', 1)).toBe('20270101');
    expect(nightAfter('20240301', -1)).toBe('20240229');
    expect(nightAfter('20261121', -365)).toBe('20251121');
  });

  // Astronomical twilight at the site by astropy (get_sun, AltAz), to the minute.
  it.each([
    ['20261121', '2026-11-22T01:50', '2026-11-22T12:36'],
    ['20260621', '2026-06-22T04:16', '2026-06-22T10:40'],
    ['20260320', '2026-03-21T03:00', '2026-03-21T12:07'],
  ])('are dark between the twilights: %s', (night, dusk, dawn) => {
    const hours = darkHours(night);
    expect(Math.abs(hours.dusk - utc(`${dusk}:00`)) / 60_000).toBeLessThan(2);
    expect(Math.abs(hours.dawn - utc(`${dawn}:00`)) / 60_000).toBeLessThan(2);
  });
});
