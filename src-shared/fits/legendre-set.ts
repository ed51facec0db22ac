/** Legendre series of many fibers over one domain; coefficient j of fiber f is at f·ncoef + j. */
export interface LegendreSet {
  ncoef: number;
  /** Å; the domain of this series (normally that of the trace set) */
  wavemin: number;
  wavemax: number;
  coef: Float64Array;
}

/** Σ cⱼ Lⱼ(u) of `n` coefficients from `from`, by Clenshaw's recurrence. */
export function legendreValue(coef: Float64Array, from: number, n: number, u: number): number {
  if (n === 1) return coef[from]!;
  let c0 = coef[from + n - 2]!;
  let c1 = coef[from + n - 1]!;
  for (let degree = n - 1; degree > 1; degree--) {
    const previous = c0;
    c0 = coef[from + degree - 2]! - (c1 * (degree - 1)) / degree;
    c1 = previous + (c1 * u * (2 * degree - 1)) / degree;
  }
  return c0 + c1 * u;
}

/** The reduced coordinate u of a series at `wave`, −1 … 1 inside its domain. */
export function reduced(set: LegendreSet, wave: number): number {
  return (wave - set.wavemin) * (2 / (set.wavemax - set.wavemin)) - 1;
}

/** Value of fiber `f`'s series at `wave`. */
export function evaluate(set: LegendreSet, f: number, wave: number): number {
  return legendreValue(set.coef, f * set.ncoef, set.ncoef, reduced(set, wave));
}
