import type { JudgedElement, JudgedKey } from '../domain/measurement.ts';

/** The values that are still normal, and those that are still no more than a warning. */
export interface Bounds {
  normal: readonly [number, number] | null;
  warn: readonly [number, number] | null;
}

/**
 * Deviations are value − reference, but reference − value for S/N: there the range's ends change sides. Infinite ends
 * (no limit on that side) stay infinite.
 */
function around(key: string, reference: number, range: readonly [number, number] | null): [number, number] | null {
  if (!range) return null;
  return key === 'FIDSNR_TGT'
    ? [reference - range[1], reference - range[0]]
    : [reference + range[0], reference + range[1]];
}

/** The deviations that judged an element: a person's limits where there are some, else those posted. */
export function rangesOf(key: JudgedKey, element: JudgedElement): Bounds {
  const { normalRange, warnRange } = element.rule ?? key;
  return { normal: normalRange, warn: warnRange };
}

/** The wider of the outermost limits that judged an element, as a deviation; 0 where there are none. */
export function reachOf(key: JudgedKey, element: JudgedElement): number {
  const { normal, warn } = rangesOf(key, element);
  const range = warn ?? normal;
  return Math.max(0, ...(range ?? []).map(Math.abs).filter(Number.isFinite));
}

/** How far a value is from its reference in units of the limits that judged it; 0 where that has no meaning. */
export function distanceOf(key: JudgedKey, element: JudgedElement): number {
  const { value, reference } = element;
  const reach = reachOf(key, element);
  return value === null || reference === null || reach === 0 ? 0 : Math.abs(value - reference) / reach;
}

/** The limits of one element as values, not as deviations; null where there is no reference or no range. */
export function boundsOf(key: JudgedKey, element: JudgedElement): Bounds {
  if (element.reference === null) return { normal: null, warn: null };
  const { normal, warn } = rangesOf(key, element);
  return {
    normal: around(key.key, element.reference, normal),
    warn: around(key.key, element.reference, warn),
  };
}

/** Which limit a value has passed and on which side; undefined when it is inside or cannot be judged. */
export interface Excess {
  side: 'high' | 'low';
  limit: number;
}

/** The limit that made an element an alarm (warning range) or a warning (normal range). */
export function excessOf(key: JudgedKey, element: JudgedElement): Excess | undefined {
  const { value, status } = element;
  if (value === null || (status !== 'alarm' && status !== 'warning')) return undefined;
  const bounds = boundsOf(key, element);
  const range = status === 'alarm' ? (bounds.warn ?? bounds.normal) : (bounds.normal ?? bounds.warn);
  if (!range) return undefined;
  if (value > range[1]) return { side: 'high', limit: range[1] };
  return value < range[0] ? { side: 'low', limit: range[0] } : undefined;
}
