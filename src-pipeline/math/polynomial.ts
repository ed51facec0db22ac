import { choleskyFactor, choleskySolve } from './cholesky.ts';

/** Σ cₖ uᵏ of u = (x − center)/scale. */
export interface Polynomial {
  center: number;
  scale: number;
  coef: Float64Array;
}

export function polynomialValue({ center, scale, coef }: Polynomial, x: number): number {
  const u = (x - center) / scale;
  let sum = 0;
  for (let k = coef.length - 1; k >= 0; k--) sum = sum * u + coef[k]!;
  return sum;
}

/**
 * Least-squares polynomial through (xᵢ, yᵢ), each residual multiplied by wᵢ before it is squared (as numpy.polyfit's w).
 * x is brought to −1 … 1 first. Null when the points do not determine it.
 */
export function fitPolynomial(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  degree: number,
  weights: ArrayLike<number> | null = null,
): Polynomial | null {
  let low = Infinity;
  let high = -Infinity;
  for (let i = 0; i < x.length; i++) {
    low = Math.min(low, x[i]!);
    high = Math.max(high, x[i]!);
  }
  const center = (low + high) / 2;
  const scale = (high - low) / 2 || 1;
  const n = degree + 1;
  const moments = new Float64Array(2 * n - 1);
  const right = new Float64Array(n);
  for (let i = 0; i < x.length; i++) {
    const u = (x[i]! - center) / scale;
    const w = weights === null ? 1 : weights[i]! * weights[i]!;
    let power = w;
    for (let k = 0; k < moments.length; k++) {
      moments[k]! += power;
      if (k < n) right[k]! += power * y[i]!;
      power *= u;
    }
  }
  const matrix = new Float64Array(n * n);
  for (let j = 0; j < n; j++) for (let k = 0; k <= j; k++) matrix[j * n + k] = moments[j + k]!;
  if (!choleskyFactor(matrix, n)) return null;
  return { center, scale, coef: choleskySolve(matrix, n, right) };
}

/** Where a parabola has its minimum, and the coefficient of x²; null when it opens downwards. */
export function parabolaMinimum({ center, scale, coef }: Polynomial): { at: number; curvature: number } | null {
  const [, linear, square] = coef;
  if (linear === undefined || square === undefined || !(square > 0)) return null;
  return { at: center - (scale * linear) / (2 * square), curvature: square / (scale * scale) };
}
