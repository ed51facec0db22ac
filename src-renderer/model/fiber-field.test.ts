import { describe, expect, it } from 'vitest';
import { FIBERS } from '#shared/domain/fiber.ts';
import type { JudgedElement, JudgedKey } from '#shared/domain/measurement.ts';
import type { FiberMetricAnswer } from '#shared/ipc/fibers-contract.ts';
import type { FiberMetricName } from '#shared/qa/fiber-metrics.ts';
import { palette, stepOf, STEPS } from './color-scale.ts';
import { fiberField, statisticsOf, worstFirst } from './fiber-field.ts';

const empty = (): Float64Array => new Float64Array(FIBERS).fill(NaN);
const key = (reference: number): JudgedKey => ({
  key: 'XWSIGMA',
  normalRange: [-0.2, 0.2],
  warnRange: [-0.3, 0.3],
  elements: [{ label: 'x', value: reference, reference, status: 'normal' }],
  status: 'normal',
});

function answerOf(
  metric: FiberMetricName,
  values: Partial<Record<'b' | 'r' | 'z', Record<number, number>>>,
  judged: JudgedKey | null = null,
): FiberMetricAnswer {
  const of = (arm: 'b' | 'r' | 'z'): Float64Array => {
    const out = empty();
    for (const [fiber, value] of Object.entries(values[arm] ?? {})) out[Number(fiber)] = value;
    return out;
  };
  return {
    metric,
    values: { b: of('b'), r: of('r'), z: of('z') },
    posted: [{ camera: 'r0', key: judged }],
  };
}

describe('a field of fibers', () => {
  it('never takes nothing for something: no value, dead and measured are three states', () => {
    const answer = answerOf('counts', { r: { 0: 5, 1: 0.1, 2: 9 } });
    const good = answerOf('good', { r: { 0: 1, 1: 0, 2: 1 } });
    const field = fiberField({ answer, good, map: null }, 'r');
    expect(field.states.slice(0, 4)).toEqual(['value', 'dead', 'value', 'none']);
    expect(statisticsOf(field, [0, 1, 2, 3])).toMatchObject({ count: 2, median: 7, dead: 1, none: 1 });
  });
  it('has its colours about the reference, as wide as the limits', () => {
    const answer = answerOf('x-width', { r: { 0: 1.1, 1: 1.5 } }, key(1.1));
    const { scale, limits } = fiberField({ answer, good: null, map: null }, 'r');
    expect(scale.kind).toBe('diverging');
    expect([scale.low, scale.high].map((x) => Number(x.toFixed(6)))).toEqual([0.8, 1.4]);
    expect([...limits].sort()).toEqual([0.8, 0.9, 1.3, 1.4]);
  });
  it('has the limits that a person gave, where they judged', () => {
    const posted = key(1.1);
    const rule: JudgedElement['rule'] = { normalRange: [-0.4, 0.5], warnRange: [-0.7, 0.8], postedReference: 1.1 };
    const ruled: JudgedKey = { ...posted, elements: [{ ...posted.elements[0]!, rule }] };
    const { scale, limits } = fiberField(
      { answer: answerOf('x-width', { r: { 0: 1.1, 1: 1.5 } }, ruled), good: null, map: null },
      'r',
    );
    expect([scale.low, scale.high].map((x) => Number(x.toFixed(6)))).toEqual([0.3, 1.9]);
    expect([...limits].sort((a, b) => a - b)).toEqual([0.4, 0.7, 1.6, 1.9]);
  });
  it('takes the worst arm of each fiber in units of its own arm', () => {
    const answer = answerOf('snr-residual', { b: { 0: 0.1, 1: -0.01 }, r: { 0: -0.2, 1: 0.02 }, z: { 0: 0.15 } });
    const field = fiberField({ answer, good: null, map: null }, 'worst');
    expect([field.arms[0], field.raw[0], field.arms[1]]).toEqual(['r', -0.2, 'r']);
    expect(field.values[0]).toBeCloseTo(-0.2 / 0.3, 12);
    expect(field.states[2]).toBe('none');
  });
  it('is bad where any arm is bad, for flags', () => {
    const answer = answerOf('good', { b: { 0: 1, 1: 1 }, r: { 0: 0, 1: 1 } });
    const field = fiberField({ answer, good: answer, map: null }, 'worst');
    expect(field.states.slice(0, 3)).toEqual(['dead', 'value', 'none']);
  });
  it('lists dead fibers first, then those farthest off', () => {
    const answer = answerOf('snr-residual', { r: { 0: 0.1, 1: -0.25, 2: 0.2, 3: 0 } });
    const good = answerOf('good', { r: { 3: 0 } });
    expect(worstFirst(fiberField({ answer, good, map: null }, 'r'), [0, 1, 2, 3, 4])).toEqual([3, 1, 2, 0]);
  });
});

describe('colours', () => {
  it('have a quiet middle, and ends that hold all beyond them', () => {
    const scale = { kind: 'diverging', low: -0.3, high: 0.3 } as const;
    expect([-9, -0.3, 0, 0.3, 9].map((value) => stepOf(scale, value))).toEqual([0, 0, 4, STEPS - 1, STEPS - 1]);
    const colors = palette(['#000000', '#808080', '#ffffff']);
    expect([colors[0], colors[4], colors[8]]).toEqual(['rgb(0, 0, 0)', 'rgb(128, 128, 128)', 'rgb(255, 255, 255)']);
  });
});
