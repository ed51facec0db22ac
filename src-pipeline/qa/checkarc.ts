import { median } from '../math/statistics.ts';
import type { LegendreSet } from '../types.ts';
import { need, type QaDefinition } from '../types.ts';

/** Coefficients that are looked at. */
const COEFFICIENTS = 3;
/** A coefficient is odd when it lies so many rms from the median. */
const NSIG = 2;

/** What can be said of fitted line widths. */
export interface ResolutionCheck {
  /** 1 for a fiber with a fit */
  good: Uint8Array;
  ngood: number;
  /** fibers whose k-th coefficient is odd */
  odd: number[];
}

/**
 * CHECKARC: fibers whose line widths could be fitted (first coefficient not 0), GOODPSFS which, CHECKPSF: in how many
 * fibers each of the three coefficients lies more than twice the rms from the median. By default fibers without a fit do
 * not count in the last; in desispec 0.31 (`compatible`) their zeros do.
 */
export function checkResolution(ysig: LegendreSet, compatible: boolean): ResolutionCheck {
  const { coef, ncoef } = ysig;
  const nspec = coef.length / ncoef;
  const good = Uint8Array.from({ length: nspec }, (_, f) => (coef[f * ncoef] === 0 ? 0 : 1));
  const counted = Array.from({ length: nspec }, (_, f) => f).filter((f) => compatible || good[f] === 1);
  const odd = Array.from({ length: Math.min(COEFFICIENTS, ncoef) }, (_, k) => {
    const values = counted.map((f) => coef[f * ncoef + k]!);
    const middle = median(values);
    const rms = Math.sqrt(values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / values.length);
    return values.filter((value) => Math.abs(value - middle) > NSIG * rms).length;
  });
  return { good, ngood: good.reduce((sum, one) => sum + one, 0), odd };
}

export const CHECKARC: QaDefinition = {
  metric: 'checkarc',
  algorithm: 'Check_Resolution',
  run(products, { compatible }) {
    const { ysig } = need(products, 'traces');
    if (ysig === null) throw new Error('the resolution has not been fitted');
    const { good, ngood, odd } = checkResolution(ysig, compatible);
    return { metrics: { CHECKARC: ngood, GOODPSFS: good, CHECKPSF: odd } };
  },
};
