import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Json } from '../domain/measurement.ts';
import { METRICS } from './catalogue.ts';
import { judgeMeasurement, type JudgeContext } from './judge.ts';
import { judgedPart } from './judged-part.ts';

const keys = METRICS.flatMap((metric) => metric.keys.flatMap(({ key, formerKeys }) => [key, ...formerKeys.flat()]));
const names = fc.oneof(
  fc.constantFrom(...keys, 'OTHER', 'OBJLIST', 'METRICS', 'PARAMS', 'FLAVOR', 'PROGRAM', '__proto__', 'BIG'),
  fc
    .tuple(
      fc.constantFrom(...keys, 'OTHER', 'PARAMS'),
      fc.constantFrom('_STATUS', '_NORMAL_RANGE', '_WARN_RANGE', '_REF', '_DARK_REF', '_A B_C_REF'),
    )
    .map((parts) => parts.join('')),
);
const numbers = fc.oneof(fc.double({ noNaN: true, min: -5, max: 5 }), fc.constant(null));
const values: fc.Arbitrary<Json> = fc.oneof(
  numbers,
  fc.array(numbers, { maxLength: 20 }),
  fc.constant<Json>([-1, 1]),
  fc.constant<Json>([-2, 2]),
  fc.constantFrom<Json[]>('NORMAL', 'ALARM', 'science', 'dark', 'a b_c', 'bright'),
  fc.constant<Json>(['ELG', 'STAR']),
);
const members = fc
  .array(fc.tuple(names, values), { maxLength: 12 })
  .map((pairs) => Object.fromEntries(pairs) as Record<string, Json>);
const posted: fc.Arbitrary<Json> = fc.oneof(
  values,
  members,
  fc
    .tuple(members, fc.oneof(members, values), fc.oneof(members, values))
    .map(([about, metrics, params]) => ({ ...about, METRICS: metrics, PARAMS: params })),
);
const contexts: fc.Arbitrary<JudgeContext> = fc.record({
  flavor: fc.constantFrom(null, 'science', 'arc'),
  program: fc.constantFrom(null, 'dark', 'bright', 'a b_c'),
});

it('is judged as the whole value is', () => {
  const metrics = fc.constantFrom(...METRICS.map(({ name }) => name), 'unheard-of');
  fc.assert(
    fc.property(metrics, posted, contexts, (metric, value, context) => {
      expect(judgeMeasurement(metric, judgedPart(metric, value), context)).toEqual(
        judgeMeasurement(metric, value, context),
      );
    }),
    { numRuns: 3000 },
  );
});

it('leaves out what nobody judges, and keeps what is said of the exposure', () => {
  const long = Array.from({ length: 5000 }, (_, i) => i);
  const value = {
    ...{ NIGHT: '20191115', FLAVOR: 'science', PROGRAM: 'dark', EXPTIME: 900, WAVE: long },
    METRICS: { MEDIAN_SNR: [1, 2], TOTCOUNT_FIB: long },
    PARAMS: { MEDIAN_SNR_NORMAL_RANGE: [-1, 1], MEDIAN_SNR_DARK_REF: [1, 2], SETTINGS: long },
  };
  expect(judgedPart('unheard-of', value)).toEqual({
    ...{ NIGHT: '20191115', FLAVOR: 'science', PROGRAM: 'dark', EXPTIME: 900 },
    METRICS: { MEDIAN_SNR: [1, 2] },
    PARAMS: { MEDIAN_SNR_NORMAL_RANGE: [-1, 1], MEDIAN_SNR_DARK_REF: [1, 2] },
  });
});
