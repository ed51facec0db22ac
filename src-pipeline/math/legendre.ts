import { choleskyFactor, choleskySolve } from './cholesky.ts';

/** Legendre polynomials L₀ … Lₙ₋₁ at u, written to `out`. */
function legendreBasis(u: number, n: number, out: Float64Array): void {
  out[0] = 1;
  if (n > 1) out[1] = u;
  for (let k = 2; k < n; k++) out[k] = ((2 * k - 1) * u * out[k - 1]! - (k - 1) * out[k - 2]!) / k;
}

/**
 * Powers' coefficients p with Σ pₖ uᵏ = Σ cⱼ Lⱼ(u), for Horner's scheme in hot loops: n of them to `out`.
 * Series of the traces are short (degree below 10), where this loses no more than a few units in the last place.
 */
export function legendreToPowers(coef: Float64Array, from: number, n: number, out: Float64Array): void {
  out.fill(0, 0, n);
  let previous = new Float64Array(n);
  let current = new Float64Array(n);
  previous[0] = 1;
  if (n > 1) current[1] = 1;
  out[0] = coef[from]!;
  if (n > 1) out[1] = coef[from + 1]!;
  for (let k = 2; k < n; k++) {
    const next = new Float64Array(n);
    for (let i = 0; i < n; i++) {
      next[i] = ((i > 0 ? (2 * k - 1) * current[i - 1]! : 0) - (k - 1) * previous[i]!) / k;
      out[i]! += coef[from + k]! * next[i]!;
    }
    previous = current;
    current = next;
  }
}

/**
 * Least-squares Legendre series of `n` coefficients through (uᵢ, yᵢ), |u| ≤ 1, each point with weight wᵢ (1 when none
 * are given) on its squared residual. Normal equations: well conditioned in this basis. Null when they are singular.
 */
export function legendreFit(
  u: Float64Array,
  y: Float64Array,
  n: number,
  weights: Float64Array | null = null,
): Float64Array | null {
  const matrix = new Float64Array(n * n);
  const right = new Float64Array(n);
  const basis = new Float64Array(n);
  for (let i = 0; i < u.length; i++) {
    legendreBasis(u[i]!, n, basis);
    const w = weights === null ? 1 : weights[i]!;
    for (let j = 0; j < n; j++) {
      const weighted = w * basis[j]!;
      right[j]! += weighted * y[i]!;
      for (let k = 0; k <= j; k++) matrix[j * n + k]! += weighted * basis[k]!;
    }
  }
  if (!choleskyFactor(matrix, n)) return null;
  return choleskySolve(matrix, n, right);
}

/**
 * {@link legendreFit} without weights for many sets of values at the same points: what depends on the points is done once.
 * @throws Error when the points do not determine so many coefficients
 */
export function legendreFitter(u: Float64Array, n: number): (y: Float64Array) => Float64Array {
  const basis = new Float64Array(u.length * n);
  const matrix = new Float64Array(n * n);
  for (let i = 0; i < u.length; i++) {
    const row = basis.subarray(i * n, (i + 1) * n);
    legendreBasis(u[i]!, n, row);
    for (let j = 0; j < n; j++) for (let k = 0; k <= j; k++) matrix[j * n + k]! += row[j]! * row[k]!;
  }
  if (!choleskyFactor(matrix, n)) throw new Error(`${u.length} points do not determine ${n} coefficients`);
  return (y) => {
    const right = new Float64Array(n);
    for (let i = 0; i < u.length; i++) {
      const value = y[i]!;
      for (let j = 0; j < n; j++) right[j]! += value * basis[i * n + j]!;
    }
    return choleskySolve(matrix, n, right);
  };
}
