import { describe, expect, test } from 'vitest';
import type { LimitSamples } from '#shared/domain/limit-samples.ts';
import type { LimitRule } from '#shared/domain/limits.ts';
import { fareOf, linesOf, parseRange, rangeText, spreadOf, withLine } from './limit-preview.ts';

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

const past: LimitSamples = {
  exposures: [2.6, 4.4].map((_, i) => ({
    expid: i + 1,
    runId: i + 1,
    night: `2019111${i}`,
    flavor: 'science',
    program: 'dark',
    flag: null,
  })),
  ranges: [{ normal: [-1.5, 1.5], warn: [-2, 2] }],
  samples: [2.6, 4.4].flatMap((c, exposure) =>
    (['r3', 'z1'] as const).flatMap((camera) =>
      ['A', 'C'].map((element) => ({
        exposure,
        camera,
        element,
        value: camera === 'r3' && element === 'C' ? c : 2.7,
        reference: 2.6,
        ranges: 0,
        status: 'normal' as const,
      })),
    ),
  ),
};

describe('past numbers under other limits', () => {
  test('are counted before and after, by camera, with those that change', () => {
    const fare = fareOf(past, 'NOISE_AMP', [], [rule({ camera: 'r3', element: 'C' })]);
    expect(fare.before).toEqual({ normal: 7, warning: 1, alarm: 0, unknown: 0 });
    expect(fare.after).toEqual({ normal: 7, warning: 0, alarm: 1, unknown: 0 });
    expect(fare.changes.map(({ exposure, before, after }) => [exposure.expid, before, after])).toEqual([
      [2, 'warning', 'alarm'],
    ]);
    expect(fare.cameras.map(({ camera, changes }) => [camera, changes])).toEqual([['r3', 1]]);
  });

  test('stay where a rule is for other nights or cameras', () => {
    for (const other of [rule({ camera: 'b' }), rule({ until: '20191109' }), rule({ program: 'gray' })])
      expect(fareOf(past, 'NOISE_AMP', [], [other]).changes).toEqual([]);
  });

  test('are never good without a number or a reference', () => {
    const { samples } = past;
    const first = samples[0]!;
    const holes = {
      ...past,
      samples: [
        { ...first, value: null },
        { ...first, reference: null },
      ],
    };
    expect(fareOf(holes, 'NOISE_AMP', [], [rule({})]).after).toMatchObject({ normal: 0, unknown: 2 });
  });
});

test('the spread is robust', () => {
  expect(spreadOf([1, 2, 3, 4, 1000])).toMatchObject({ median: 3, count: 5 });
  expect(spreadOf([1, 2, 3, 4, 1000])?.sigma).toBeCloseTo(1.4826);
  expect(spreadOf([1, null, 2])).toBeNull();
});

describe('lines that are dragged', () => {
  test('become deviations again, in their order', () => {
    const lines = linesOf('NOISE_AMP', 2.6, rule({}));
    expect(lines.map((line) => Number(line.toFixed(6)))).toEqual([1.6, 2.1, 3.1, 3.6]);
    expect(withLine('NOISE_AMP', 2.6, lines, 2, 3.3)).toEqual({ normal: [-0.5, 0.7], warn: [-1, 1] });
    expect(withLine('NOISE_AMP', 2.6, lines, 2, 9).normal[1]).toBeCloseTo(1);
  });

  test('of S/N are reference minus value', () => {
    const lines = linesOf('FIDSNR_TGT', 1, rule({ normal: [-0.2, 0.5], warn: [-0.4, 0.8] }));
    expect(lines.map((line) => Number(line.toFixed(6)))).toEqual([0.2, 0.5, 1.2, 1.4]);
    expect(withLine('FIDSNR_TGT', 1, lines, 1, 0.6)).toEqual({ normal: [-0.2, 0.4], warn: [-0.4, 0.8] });
  });
});

test('ranges are written with one number where both sides are alike', () => {
  expect(parseRange('0.6')).toEqual([-0.6, 0.6]);
  expect(parseRange('\u2212100, 20')).toEqual([-100, 20]);
  expect(parseRange('\u00b1 2')).toEqual([-2, 2]);
  for (const wrong of ['', 'x', '-1', '2, 1', '1 2 3', 'Infinity']) expect(parseRange(wrong)).toBeUndefined();
  expect(rangeText([-0.6, 0.6])).toBe('0.6');
  expect(parseRange(rangeText([-1, 2]))).toEqual([-1, 2]);
});
