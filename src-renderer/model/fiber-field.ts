import { ARMS, type Arm, type CameraName } from '#shared/domain/camera.ts';
import { cameraOfFiber, FIBERS, type Fibermap } from '#shared/domain/fiber.ts';
import type { JudgedKey } from '#shared/domain/measurement.ts';
import type { FiberMetricAnswer } from '#shared/ipc/fibers-contract.ts';
import { fiberMetric, type FiberMetric } from '#shared/qa/fiber-metrics.ts';
import { niceCeil, quantile, type ColorScale } from './color-scale.ts';
import { boundsOf, reachOf } from './limits.ts';

export type ArmChoice = Arm | 'worst';

/** `value`: measured · `dead`: no light, broken or not fitted · `none`: nothing was measured. */
export type FiberState = 'value' | 'dead' | 'none';

/** A quantity as it is drawn over all fibers. */
export interface FiberField {
  metric: FiberMetric;
  choice: ArmChoice;
  /** What is coloured: the quantity in its unit, or for the worst of three arms how far it is from where it should be. */
  values: Float64Array;
  /** Arm that each value is of. */
  arms: readonly (Arm | null)[];
  /** The quantity itself, whatever is coloured. */
  raw: Float64Array;
  states: readonly FiberState[];
  scale: ColorScale;
  /** Limits to be drawn in the histogram, in the unit of `values`. */
  limits: readonly number[];
  /** Fibers that have a value. */
  count: number;
}

/** Where an arm's values should be, and how far from there is much. */
interface Norm {
  centre: number;
  span: number;
}

const finite = (values: Float64Array): Float64Array => values.filter((value) => Number.isFinite(value)).sort();

/** Reference and warning limits of the arm's cameras; of several the middle one. */
function referenceOf(keys: readonly (JudgedKey | null)[], element: number): { centre: number; span: number | null } {
  const all = keys.flatMap((key) => {
    const judged = key?.elements[element];
    if (!key || !judged || judged.reference === null) return [];
    return [{ reference: judged.reference, half: reachOf(key, judged) || NaN }];
  });
  const centre = quantile(Float64Array.from(all, ({ reference }) => reference).sort(), 0.5);
  const half = quantile(Float64Array.from(all, (one) => one.half).sort(), 0.5);
  return { centre, span: Number.isFinite(half) ? half : null };
}

/** Half width of a scale that most deviations fit in. */
function spreadAround(sorted: Float64Array, centre: number): number {
  const off = sorted.map((value) => Math.abs(value - centre)).sort();
  return niceCeil(quantile(off, 0.98));
}

function normOf(metric: FiberMetric, sorted: Float64Array, keys: readonly (JudgedKey | null)[]): Norm {
  const middle = quantile(sorted, 0.5);
  switch (metric.scale) {
    case 'flag':
      return { centre: 0.5, span: 0.5 };
    case 'zero':
      return { centre: 0, span: metric.span ?? spreadAround(sorted, 0) };
    case 'median':
      return { centre: middle, span: metric.span ?? spreadAround(sorted, middle) };
    case 'reference': {
      const { centre, span } = referenceOf(keys, metric.key?.element ?? 0);
      if (!Number.isFinite(centre)) return { centre: middle, span: metric.span ?? spreadAround(sorted, middle) };
      return { centre, span: metric.span ?? span ?? spreadAround(sorted, centre) };
    }
    case 'low':
    case 'high':
      return { centre: middle, span: Math.max(Math.abs(middle), 1e-9) };
  }
}

function scaleOf(metric: FiberMetric, sorted: Float64Array, norm: Norm): ColorScale {
  // What is as it should be is the quiet middle; what is not has a mark of its own.
  if (metric.scale === 'flag') return { kind: 'diverging', low: 0, high: 2 };
  if (metric.scale === 'low' || metric.scale === 'high')
    return { kind: 'sequential', low: quantile(sorted, 0.02), high: quantile(sorted, 0.98) };
  return { kind: 'diverging', low: norm.centre - norm.span, high: norm.centre + norm.span };
}

/** The colour scale of one camera's values. */
export function cameraScale(metric: FiberMetric, values: Float64Array, key: JudgedKey | null): ColorScale {
  const sorted = finite(values);
  return scaleOf(metric, sorted, normOf(metric, sorted, [key]));
}

function keysOf(answer: FiberMetricAnswer, arm: Arm): (JudgedKey | null)[] {
  return answer.posted.filter(({ camera }) => camera.startsWith(arm)).map(({ key }) => key);
}

/** Both ends of the normal and warning limits where one limit holds for all cameras of the arm. */
function limitsOf(metric: FiberMetric, keys: readonly (JudgedKey | null)[]): number[] {
  if (!metric.key) return [];
  const { element } = metric.key;
  const ends = keys.flatMap((key) => {
    const judged = key?.elements[element];
    if (!key || !judged) return [];
    const { normal, warn } = boundsOf(key, judged);
    return [...(normal ?? []), ...(warn ?? [])].map((end) => Number(end.toPrecision(9)));
  });
  const different = [...new Set(ends)].filter(Number.isFinite);
  return different.length <= 4 ? different : [];
}

/** Fibers without light in an arm; those that nobody has looked at are none. */
function deadIn(good: FiberMetricAnswer | null, arm: Arm, fiber: number): boolean {
  return good?.values[arm][fiber] === 0;
}

function isBroken(map: Fibermap | null, fiber: number): boolean {
  return (map?.status[fiber] ?? 0) !== 0;
}

export interface FieldParts {
  answer: FiberMetricAnswer;
  /** Which fibers have light, where that has been measured. */
  good: FiberMetricAnswer | null;
  map: Fibermap | null;
}

function oneArm({ answer, good, map }: FieldParts, arm: Arm): FiberField {
  const metric = fiberMetric(answer.metric);
  const raw = answer.values[arm];
  const sorted = finite(raw);
  const keys = keysOf(answer, arm);
  const dead = (fiber: number): boolean =>
    metric.scale === 'flag' ? raw[fiber] === 0 : deadIn(good, arm, fiber) || isBroken(map, fiber);
  const states = Array.from(raw, (value, fiber): FiberState =>
    dead(fiber) ? 'dead' : Number.isFinite(value) ? 'value' : 'none',
  );
  return {
    metric,
    choice: arm,
    values: raw,
    arms: Array.from(raw, () => arm),
    raw,
    states,
    scale: scaleOf(metric, sorted, normOf(metric, sorted, keys)),
    limits: limitsOf(metric, keys),
    count: sorted.length,
  };
}

/** How bad a value is, in units of its arm's own span; more is worse, with the sign that it is drawn with. */
function excess(metric: FiberMetric, norm: Norm, value: number): { drawn: number; bad: number } {
  const off = (value - norm.centre) / norm.span;
  if (metric.scale === 'flag') return { drawn: value, bad: -value };
  if (metric.scale === 'low') return { drawn: off, bad: -off };
  if (metric.scale === 'high') return { drawn: off, bad: off };
  return { drawn: off, bad: Math.abs(off) };
}

function worstOfThree(parts: FieldParts): FiberField {
  const { answer } = parts;
  const metric = fiberMetric(answer.metric);
  const norms = Object.fromEntries(
    ARMS.map((arm) => [arm, normOf(metric, finite(answer.values[arm]), keysOf(answer, arm))]),
  ) as Record<Arm, Norm>;
  const single = ARMS.map((arm) => oneArm(parts, arm));
  const values = new Float64Array(FIBERS).fill(NaN);
  const raw = new Float64Array(FIBERS).fill(NaN);
  const arms: (Arm | null)[] = Array.from({ length: FIBERS }, () => null);
  const states: FiberState[] = Array.from({ length: FIBERS }, () => 'none');
  for (let fiber = 0; fiber < FIBERS; fiber++) {
    let worst = -Infinity;
    ARMS.forEach((arm, i) => {
      const state = single[i]?.states[fiber] ?? 'none';
      const value = answer.values[arm][fiber] ?? NaN;
      if (state === 'dead') states[fiber] = 'dead';
      else if (state === 'value' && states[fiber] === 'none') states[fiber] = 'value';
      if (!Number.isFinite(value)) return;
      const { drawn, bad } = excess(metric, norms[arm], value);
      if (bad <= worst) return;
      worst = bad;
      values[fiber] = drawn;
      raw[fiber] = value;
      arms[fiber] = arm;
    });
  }
  const sorted = finite(values);
  const isEnd = metric.scale === 'low' || metric.scale === 'high';
  const scale: ColorScale = isEnd
    ? { kind: 'sequential', low: quantile(sorted, 0.02), high: quantile(sorted, 0.98) }
    : metric.scale === 'flag'
      ? { kind: 'sequential', low: 0, high: 1 }
      : { kind: 'diverging', low: -1, high: 1 };
  return { metric, choice: 'worst', values, arms, raw, states, scale, limits: [], count: sorted.length };
}

/** The field of one arm, or of each fiber's worst arm. Pure. */
export function fiberField(parts: FieldParts, choice: ArmChoice): FiberField {
  return choice === 'worst' ? worstOfThree(parts) : oneArm(parts, choice);
}

/** Camera that a fiber's value comes from. */
export function cameraOfValue(field: FiberField, fiber: number): CameraName | null {
  const arm = field.arms[fiber] ?? null;
  return arm && cameraOfFiber(arm, fiber);
}

/** Dead fibers first, then by how far a value is from where it should be; fibers without a value are left out. */
export function worstFirst(field: FiberField, fibers: readonly number[]): number[] {
  const { metric, values, states, scale } = field;
  const middle = (scale.low + scale.high) / 2;
  const badness = (fiber: number): number => {
    if (states[fiber] === 'dead') return Infinity;
    const value = values[fiber] ?? NaN;
    if (metric.scale === 'flag' || metric.scale === 'low') return -value;
    return metric.scale === 'high' ? value : Math.abs(value - middle);
  };
  return fibers
    .filter((fiber) => states[fiber] !== 'none')
    .sort((a, b) => {
      const [first, second] = [badness(a), badness(b)];
      return first === second ? a - b : second - first;
    });
}

export interface FieldStatistics {
  count: number;
  median: number;
  low: number;
  high: number;
  dead: number;
  none: number;
}

/** What some fibers have: how many with a value, their median, lowest and highest; how many are dead or have nothing. */
export function statisticsOf(field: FiberField, fibers: readonly number[]): FieldStatistics {
  const lit = fibers.filter((fiber) => field.states[fiber] === 'value');
  const sorted = Float64Array.from(lit, (fiber) => field.values[fiber] ?? NaN).sort();
  return {
    count: lit.length,
    median: quantile(sorted, 0.5),
    low: sorted[0] ?? NaN,
    high: sorted[sorted.length - 1] ?? NaN,
    dead: fibers.filter((fiber) => field.states[fiber] === 'dead').length,
    none: fibers.filter((fiber) => field.states[fiber] === 'none').length,
  };
}
