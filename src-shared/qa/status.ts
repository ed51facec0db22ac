import type { QaStatus } from '../domain/measurement.ts';

/** Lowest and highest deviation, both still inside. */
export type Range = readonly [number, number];

/** `none`: each number keeps its identity · `desispec-0.31`: the original's decision, sorted and all. */
export type Compatibility = 'none' | 'desispec-0.31';

/** Everything that decides about one key. */
export interface KeyLimits {
  /** METRICS key; FIDSNR_TGT has a rule of its own. */
  key: string;
  /** In the order of the elements; null where there is no number (NaN, a failed measurement). */
  values: readonly (number | null)[];
  /** What is expected, element by element. */
  references: readonly (number | null)[];
  /** Deviations (value − reference) that are normal. */
  normal: Range;
  /** Deviations that are no more than a warning. */
  warn: Range;
}

export interface KeyJudgement {
  status: QaStatus;
  /** One status an element, in their order. */
  elements: QaStatus[];
}

const SEVERITY: Readonly<Record<QaStatus, number>> = { normal: 0, unknown: 1, warning: 2, alarm: 3 };

/** The worst of some statuses: alarm, warning, unknown, normal. Of none: unknown, as there is no data. */
export function worstStatus(statuses: Iterable<QaStatus>): QaStatus {
  let worst: QaStatus | undefined;
  for (const status of statuses) if (worst === undefined || SEVERITY[status] > SEVERITY[worst]) worst = status;
  return worst ?? 'unknown';
}

/** A status as the original writes it: upper case. */
export function wireStatus(status: QaStatus): string {
  return status.toUpperCase();
}

/** Reads a sender's status in any case; undefined when it is none. */
export function parseStatus(text: unknown): QaStatus | undefined {
  if (typeof text !== 'string') return undefined;
  switch (text.trim().toUpperCase()) {
    case 'NORMAL':
      return 'normal';
    case 'WARNING':
    case 'WARN':
      return 'warning';
    case 'ALARM':
      return 'alarm';
    case 'UNKNOWN':
      return 'unknown';
    default:
      return undefined;
  }
}

const within = (x: number, [low, high]: Range): boolean => x >= low && x <= high;

function judgeDeviation(deviation: number, normal: Range, warn: Range): QaStatus {
  if (!Number.isFinite(deviation)) return 'unknown';
  if (within(deviation, normal)) return 'normal';
  return within(deviation, warn) ? 'warning' : 'alarm';
}

const isNumber = (x: number | null | undefined): x is number => typeof x === 'number' && Number.isFinite(x);

/**
 * The rule of FIDSNR_TGT: the deviation is reference − value, and a value of exactly 0 is a fit that failed. One failed
 * fit does not count (its element is `unknown`), two or more are an alarm.
 */
function judgeFittedSnr({ values, references, normal, warn }: KeyLimits): KeyJudgement {
  const failed = values.filter((value) => value === 0).length;
  const elements = values.map((value, i): QaStatus => {
    const reference = references[i];
    if (value === 0) return failed >= 2 ? 'alarm' : 'unknown';
    return isNumber(value) && isNumber(reference) ? judgeDeviation(reference - value, normal, warn) : 'unknown';
  });
  const counted = failed === 1 ? elements.filter((_, i) => values[i] !== 0) : elements;
  return { status: worstStatus(counted), elements };
}

/** The original pairs the lowest value with the lowest reference and so on; a NaN ends it without a status. */
function judgeSorted({ values, references, normal, warn }: KeyLimits): QaStatus {
  const ascending = (list: readonly (number | null)[]): number[] => list.filter(isNumber).sort((a, b) => a - b);
  const sortedReferences = ascending(references);
  const sortedValues = ascending(values);
  if (sortedValues.length !== values.length || sortedReferences.length !== references.length) return 'unknown';
  return worstStatus(
    sortedValues.map((value, i) => judgeDeviation(value - (sortedReferences[i] ?? NaN), normal, warn)),
  );
}

/**
 * Judges a key: the deviation of each value from its own reference inside the normal range (ends included) is normal,
 * inside the warning range a warning, else an alarm; the key takes the worst. No values, another number of references, or
 * a value that is no number: unknown, never normal.
 *
 * The original (desispec 0.31) sorts values and references first and so forgets which amplifier is which: a bad C can hide
 * behind a low reference of B. `desispec-0.31` gives its status; its elements are still judged each by its own reference.
 */
export function judgeKey(limits: KeyLimits, compatibility: Compatibility = 'none'): KeyJudgement {
  const { key, values, references, normal, warn } = limits;
  if (values.length === 0 || values.length !== references.length) {
    return { status: 'unknown', elements: values.map(() => 'unknown') };
  }
  if (key === 'FIDSNR_TGT') return judgeFittedSnr(limits);
  const elements = values.map((value, i): QaStatus => {
    const reference = references[i];
    return isNumber(value) && isNumber(reference) ? judgeDeviation(value - reference, normal, warn) : 'unknown';
  });
  return { status: compatibility === 'desispec-0.31' ? judgeSorted(limits) : worstStatus(elements), elements };
}
