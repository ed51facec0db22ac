import { describe, expect, test } from 'vitest';
import { checkRule, ruleFor, scopeWords, type LimitRule, type LimitSubject } from '../domain/limits.ts';
import { judgeMeasurement } from './judge.ts';

const rule = (change: Partial<LimitRule>): LimitRule => ({
  key: 'NOISE_AMP',
  camera: null,
  element: null,
  flavor: null,
  program: null,
  from: null,
  until: null,
  reference: null,
  normal: [-0.5, 0.5],
  warn: [-1, 1],
  ...change,
});
const subject: LimitSubject = { camera: 'r3', night: '20191115', flavor: 'science', program: 'dark' };
const judge = (values: number[], rules: LimitRule[], more: object = {}, params: object = {}) =>
  judgeMeasurement(
    'getrms',
    {
      METRICS: { NOISE_AMP: values, ...more },
      PARAMS: {
        NOISE_AMP_NORMAL_RANGE: [-2, 2],
        NOISE_AMP_WARN_RANGE: [-3, 3],
        NOISE_AMP_DARK_REF: [2.6, 2.6, 2.6, 2.6],
        ...params,
      },
    },
    { flavor: 'science', program: 'dark', camera: 'r3', night: '20191115', rules },
  );

describe('of the rules that hold', () => {
  test('the most specific judges: camera before arm before all, then element, program, flavor, nights', () => {
    const all = [
      rule({ reference: 1 }),
      rule({ reference: 2, from: '20190101' }),
      rule({ reference: 3, flavor: 'science' }),
      rule({ reference: 4, program: 'dark' }),
      rule({ reference: 5, element: 'C' }),
      rule({ reference: 6, camera: 'r' }),
      rule({ reference: 7, camera: 'r3' }),
      rule({ reference: 8, camera: 'r3', element: 'C' }),
    ];
    for (let n = all.length; n > 0; n--) {
      const some = all.slice(0, n).reverse();
      expect(ruleFor(some, 'NOISE_AMP', 'C', subject)?.reference).toBe(n);
    }
    expect(ruleFor(all, 'NOISE_AMP', 'A', { ...subject, camera: 'r4' })?.reference).toBe(6);
    expect(ruleFor(all, 'NOISE_AMP', 'A', { ...subject, camera: 'b0', program: 'gray' })?.reference).toBe(3);
    expect(ruleFor(all, 'BIAS_AMP', 'A', subject)).toBeUndefined();
  });

  test.each([
    ['another camera', { camera: 'r4' as const }],
    ['another arm', { camera: 'z' as const }],
    ['another element', { element: 'D' }],
    ['another program', { program: 'gray' as const }],
    ['another flavor', { flavor: 'arc' as const }],
    ['a later night', { from: '20191116' }],
    ['an earlier night', { until: '20191114' }],
  ])('one for %s does not', (_what, change) => {
    expect(ruleFor([rule(change)], 'NOISE_AMP', 'C', subject)).toBeUndefined();
  });
});

describe("a person's limit", () => {
  test('judges its element in the place of what was posted; the others stay as they were', () => {
    const { status, keys } = judge([2.6, 2.6, 4.2, 2.6], [rule({ camera: 'r3', element: 'C' })]);
    expect(status).toBe('alarm');
    expect(keys[0]).toMatchObject({ normalRange: [-2, 2], warnRange: [-3, 3], status: 'alarm' });
    expect(keys[0]?.elements.map((element) => element.status)).toEqual(['normal', 'normal', 'alarm', 'normal']);
    expect(keys[0]?.elements[2]?.rule).toEqual({ normalRange: [-0.5, 0.5], warnRange: [-1, 1], postedReference: 2.6 });
    expect(keys[0]?.elements[0]?.rule).toBeUndefined();
  });

  test('may have a reference of its own', () => {
    const { keys } = judge([2.6, 2.6, 4.2, 2.6], [rule({ element: 'C', reference: 4 })]);
    expect(keys[0]?.elements[2]).toMatchObject({ reference: 4, status: 'normal', rule: { postedReference: 2.6 } });
  });

  test('silences a complaint of the sender that the posted limits explain, and no other', () => {
    const wide = rule({ normal: [-9, 9], warn: [-9, 9] });
    expect(judge([2.6, 2.6, 9, 2.6], [wide], { NOISE_AMP_STATUS: 'ALARM' }).status).toBe('normal');
    expect(judge([2.6, 2.6, 2.6, 2.6], [wide], { NOISE_AMP_STATUS: 'ALARM' }).status).toBe('alarm');
    expect(judge([2.6, 2.6, 9, 2.6], [], { NOISE_AMP_STATUS: 'ALARM' }).status).toBe('alarm');
  });

  test('judges where nothing was posted, and nothing without a reference', () => {
    const bare = { NOISE_AMP_NORMAL_RANGE: null, NOISE_AMP_DARK_REF: null };
    expect(judge([2.6, 2.6, 2.6, 2.6], [rule({ reference: 2.6 })], {}, bare).status).toBe('normal');
    expect(judge([2.6, 2.6, 2.6, 2.6], [rule({})], {}, bare).status).toBe('unknown');
  });
});

test('a rule that makes no sense is refused in words', () => {
  expect(checkRule(rule({}))).toEqual([]);
  expect(checkRule(rule({ normal: [-2, 0.5] }))).toEqual(['warning limits must lie inside the alarm limits']);
  expect(checkRule(rule({ normal: [1, -1] }))[0]).toMatch(/lower warning limit lies above/);
  expect(checkRule(rule({ warn: [-1, Infinity] }))[0]).toMatch(/finite/);
  expect(checkRule(rule({ from: '20200101', until: '20190101' }))[0]).toMatch(/last night/);
  expect(checkRule(rule({ flavor: 'arc', program: 'dark' }))[0]).toMatch(/only science/);
  expect(checkRule(rule({ key: 'NOPE' }))[0]).toMatch(/knows no limits of NOPE/);
  expect(scopeWords(rule({ camera: 'r3', element: 'C', program: 'dark', from: '20191115' }))).toBe(
    'r3, amplifier C, dark program, from night 20191115',
  );
});
