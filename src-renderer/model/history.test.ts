import { describe, expect, it } from 'vitest';
import type { NightSummary } from '#shared/domain/history.ts';
import { calendarDays, calendarStart } from './calendar.ts';
import { compareRuns } from './compare-runs.ts';
import { FIRST_COLUMNS } from './history-columns.ts';
import {
  FIRST_LOOK,
  keptLook,
  restoredLook,
  searchFilter,
  showsGaps,
  withChoices,
  withSearch,
} from './history-look.ts';
import { detail, job, measurement, withOwnLimits } from '../testing/fixture.ts';

describe('what a search means', () => {
  it.each([
    ['', {}],
    [' 298417 ', { expidFrom: 298_417, expidTo: 298_417 }],
    ['298420-298400', { expidFrom: 298_400, expidTo: 298_420 }],
    ['tile 5821', { tile: 5821 }],
    ['t5821', { tile: 5821 }],
    ['tiles of cloud', { comment: 'tiles of cloud' }],
    ['123456789', { comment: '123456789' }],
  ])('%j', (text, filter) => {
    expect(searchFilter(text)).toEqual(filter);
  });

  it('takes the place of the search before, and of nothing else', () => {
    const before = { from: '20261121', comment: 'cloud', flavors: ['arc'] };
    expect(withSearch(before, '5')).toEqual({ from: '20261121', flavors: ['arc'], expidFrom: 5, expidTo: 5 });
    expect(withChoices(before, 'flavors', [], 3)).toEqual({ from: '20261121', comment: 'cloud' });
    expect(withChoices(before, 'outcomes', ['alarm'], 11)).toEqual({ ...before, outcomes: ['alarm'] });
  });
});

describe('a look that is kept', () => {
  it('comes back with its columns and sort, without its filter', () => {
    const look = {
      ...FIRST_LOOK,
      view: 'runs' as const,
      sort: { column: 'airmass' as const, descending: false },
      columns: ['expid', 'ra'] as const,
      filter: { tile: 1 },
    };
    const kept: unknown = JSON.parse(JSON.stringify(keptLook(look)));
    expect(restoredLook(kept)).toEqual({ ...look, filter: {} });
  });

  it.each([null, 7, {}, { columns: 'all' }, { columns: ['nothing'], sort: { column: 'x', descending: true } }])(
    'is as at first where %j was kept',
    (kept) => {
      expect(restoredLook(kept)).toEqual({ ...FIRST_LOOK, columns: FIRST_COLUMNS });
    },
  );

  it('tells gaps only where rows follow each other in time', () => {
    expect(showsGaps({ ...FIRST_LOOK, filter: { from: '20261121', to: '20261121' } })).toBe(true);
    expect(showsGaps({ ...FIRST_LOOK, filter: { programs: ['dark'] } })).toBe(false);
    expect(showsGaps({ ...FIRST_LOOK, view: 'runs' })).toBe(false);
    expect(showsGaps({ ...FIRST_LOOK, sort: { column: 'airmass', descending: true } })).toBe(false);
  });
});

describe('the calendar', () => {
  const night = (name: string, more: Partial<NightSummary>): NightSummary => ({
    ...{ night: name, exposures: 30, science: 27, judged: 20, normal: 20, warning: 0, alarm: 0, failed: 0 },
    ...{ superseded: 0, exptime: 1, ...more },
  });

  it('begins on a Monday 52 weeks before and ends with the last night', () => {
    // The 21st of November 2026 is a Saturday.
    expect(calendarStart('20261121')).toBe('20251117');
    const { days, months } = calendarDays('20261121', []);
    expect(days).toHaveLength(52 * 7 + 6);
    expect(days[days.length - 1]).toMatchObject({ night: '20261121', week: 52, day: 5, status: null });
    expect(months.map(({ name }) => name)).toEqual([
      ...['Dec', 'Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sept', 'Oct', 'Nov'],
    ]);
  });

  it('gives each night the shape of what became of it, in words too', () => {
    const { days } = calendarDays('20261121', [
      night('20261117', {}),
      night('20261118', { warning: 2, normal: 18 }),
      night('20261119', { warning: 3, normal: 17 }),
      night('20261120', { alarm: 1, failed: 2, normal: 17 }),
      night('20261121', { judged: 0, normal: 0 }),
    ]);
    expect(days.slice(-5).map(({ status }) => status)).toEqual([
      'normal',
      'normal',
      'warning',
      'alarm',
      'not-expected',
    ]);
    expect(days[days.length - 2]?.title).toBe(
      '20 Nov 2026: 30 exposures, 17 of 20 judged normal, 1 alarm, 2 failed or incomplete',
    );
  });
});

describe('comparison of two runs', () => {
  it('puts the largest difference first, in units of its own limits, and what one run lacks last', () => {
    const a = detail(
      [job('r3'), job('b0')],
      [measurement('r3', 'getrms', [2.6, 2.6, 2.6, 2.6]), measurement('b0', 'getbias', [150, 150, 150, 150])],
    );
    const b = detail(
      [job('r3'), job('b0')],
      [
        measurement('r3', 'getrms', [2.6, 2.6, 4.6, 2.7]),
        measurement('b0', 'getbias', [150, 150, 150, 165]),
        measurement('b0', 'countbins', [500]),
      ],
    );
    const { differences, keys } = compareRuns(a, b);
    const rounded = (value: number | null): number | null => (value === null ? null : Math.round(value * 1e9) / 1e9);
    const shown = differences.map(({ camera, words, change, size }) => [camera, words, rounded(change), rounded(size)]);
    expect(shown.slice(0, 2)).toEqual([
      ['r3', 'Noise, amplifier C', 2, 1],
      ['b0', 'Bias, amplifier D', 15, 0.25],
    ]);
    expect(shown[shown.length - 1]).toEqual(['b0', 'Good fibers', null, Infinity]);
    expect(keys.map(({ key, largest }) => [key, Math.round(largest * 1e9) / 1e9])).toEqual([
      ['NOISE_AMP', 1],
      ['BIAS_AMP', 0.25],
      ['NGOODFIB', 0],
    ]);
    const own = withOwnLimits(measurement('r3', 'getrms', [2.6, 2.6, 2.6, 2.6]), 2, { normal: 4, warn: 8 });
    const [noise] = compareRuns({ ...a, measurements: [own] }, b).differences.filter(({ words }) =>
      words.endsWith('Noise, amplifier C'),
    );
    expect(noise?.size).toBeCloseTo(2 / 8, 9);
    expect(differences.every(({ statusA, statusB }) => statusA !== null || statusB !== null)).toBe(true);
  });
});
