import type { LegendreSet, TraceSet } from '../types.ts';

/** The traces of some fibers, in the order given. */
export function tracesOf(traces: TraceSet, fibers: readonly number[]): TraceSet {
  const pick = (set: LegendreSet): LegendreSet => {
    const coef = new Float64Array(fibers.length * set.ncoef);
    fibers.forEach((f, k) => coef.set(set.coef.subarray(f * set.ncoef, (f + 1) * set.ncoef), k * set.ncoef));
    return { ...set, coef };
  };
  return {
    ...traces,
    nspec: fibers.length,
    x: pick(traces.x),
    y: pick(traces.y),
    xsig: traces.xsig && pick(traces.xsig),
    ysig: traces.ysig && pick(traces.ysig),
  };
}
