import { describe, expect, it } from 'vitest';
import {
  count,
  fixed,
  formatAbout,
  formatAge,
  formatBytes,
  formatClock,
  formatDuration,
  formatJudged,
  formatLimit,
  formatValue,
  listed,
  observatoryTime,
  unitText,
  utcTime,
  utcTimeMs,
} from './format.ts';

describe('numbers', () => {
  it('keeps three significant digits and a real minus', () => {
    expect([4.7123, 38.14, 188.4, 1045.87, 0.4312, 0.0024, 500, -0.05].map(formatValue)).toEqual([
      '4.71',
      '38.1',
      '188',
      '1046',
      '0.43',
      '0.0024',
      '500',
      '\u22120.05',
    ]);
  });
  it('goes to powers of ten only far out', () => {
    expect(formatValue(1_234_567)).toBe('1.23e6');
    expect(formatValue(0.000_12)).toBe('1.20e\u22124');
  });
  it('never turns a missing number into one', () => {
    expect(formatValue(null)).toBe('n/a');
    expect(formatValue(Number.NaN)).toBe('n/a');
  });
  it('rounds a tiny deviation to the precision of its limits', () => {
    expect(formatJudged(9.85e-4, [-0.3, 0.3])).toBe('0.00');
    expect(formatJudged(-0.0024, [-0.3, 0.3])).toBe('0.00');
    expect(formatJudged(0.0024, [-0.01, 0.01])).toBe('0.002');
    expect(formatJudged(0.0024, null)).toBe('0.0024');
    expect(formatJudged(4.71, [-2, 2])).toBe('4.71');
  });
  it('has no negative zero', () => {
    expect(fixed(-0.001, 2)).toBe('0.00');
  });
  it('shortens limits and raises the minus of electrons', () => {
    expect(formatLimit(2.6)).toBe('2.6');
    expect(formatLimit(-0.15)).toBe('\u22120.15');
    expect(unitText('e\u2212/\u00c5')).toBe('e\u207b/\u00c5');
  });
});

describe('times', () => {
  it('runs a clock', () => {
    expect([0, 55_400, 652_000, 3_753_000, -5].map(formatClock)).toEqual(['0:00', '0:55', '10:52', '1:02:33', '0:00']);
  });
  it('says durations, estimates and ages', () => {
    expect([400, 39_700, 72_000, 7_500_000].map(formatDuration)).toEqual([
      '0.4 s',
      '39.7 s',
      '1 min 12 s',
      '2 h 5 min',
    ]);
    expect([18_000, 840_000, 5_400_000].map(formatAbout)).toEqual(['18 s', '14 min', '1.5 h']);
    expect([900, 7400, 200_000, 8e6, 3e8].map(formatAge)).toEqual(['now', '7 s', '3 min', '2 h', '3 d']);
  });
  it('shows universal and observatory time', () => {
    const at = Date.UTC(2026, 10, 22, 8, 42, 17, 40);
    expect(utcTime(at)).toBe('08:42:17');
    expect(observatoryTime(at)).toBe('01:42:17');
    expect(utcTimeMs(at)).toBe('08:42:17.040');
  });
});

describe('words', () => {
  it('counts bytes, things and lists', () => {
    expect([512, 4.7e12, 120e6, 999.7e6].map(formatBytes)).toEqual(['512 B', '4.7 TB', '120 MB', '1.0 GB']);
    expect(count(1, 'alarm')).toBe('1 alarm');
    expect(count(2, 'missing', 'missing')).toBe('2 missing');
    expect(listed(['A', 'B', 'C'])).toBe('A, B and C');
  });
});
