import type { LineFit } from '#shared/domain/trend.ts';

/** Ordinary least squares of y on x; null with fewer than three pairs or one x only. Any standard text has the formulas. */
export function fitLine(x: readonly number[], y: readonly number[]): LineFit | null {
  const n = x.length;
  if (n < 3) return null;
  const mean = (list: readonly number[]): number => list.reduce((sum, value) => sum + value, 0) / n;
  const mx = mean(x);
  const my = mean(y);
  let sxx = 0;
  let syy = 0;
  let sxy = 0;
  for (let i = 0; i < n; i++) {
    const dx = (x[i] ?? mx) - mx;
    const dy = (y[i] ?? my) - my;
    sxx += dx * dx;
    syy += dy * dy;
    sxy += dx * dy;
  }
  if (sxx <= 0) return null;
  const slope = sxy / sxx;
  const rest = Math.max(0, syy - slope * sxy);
  return {
    n,
    slope,
    slopeError: Math.sqrt(rest / (n - 2) / sxx),
    intercept: my - slope * mx,
    r: syy > 0 ? Math.max(-1, Math.min(1, sxy / Math.sqrt(sxx * syy))) : 0,
    scatter: Math.sqrt(rest / n),
  };
}
