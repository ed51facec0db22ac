/** Order of a cubic spline: coefficients that each point touches. */
const ORDER = 4;

/** A cubic spline's knots: the ends four times, and what lies between. */
export interface SplineKnots {
  knots: Float64Array;
  /** number of coefficients */
  n: number;
}

export function splineKnots(first: number, inner: ArrayLike<number>, last: number): SplineKnots {
  const knots = new Float64Array(inner.length + 2 * ORDER);
  knots.fill(first, 0, ORDER);
  knots.set(inner, ORDER);
  knots.fill(last, ORDER + inner.length);
  return { knots, n: inner.length + ORDER };
}

/** The four B-splines that are not 0 at each of the points, and the first's index. */
export interface SplineBasis {
  n: number;
  first: Int32Array;
  /** [points, 4] */
  values: Float64Array;
}

/** Values of the cubic B-splines at ascending points; beyond the ends the outermost polynomials go on. */
export function splineBasis({ knots, n }: SplineKnots, x: Float64Array): SplineBasis {
  const basis: SplineBasis = { n, first: new Int32Array(x.length), values: new Float64Array(x.length * ORDER) };
  let span = ORDER - 1;
  for (let i = 0; i < x.length; i++) {
    const at = x[i]!;
    while (span < n - 1 && knots[span + 1]! <= at) span++;
    basis.first[i] = span - ORDER + 1;
    deBoor(knots, span, at, basis.values, i * ORDER);
  }
  return basis;
}

/** Cox and de Boor's recurrence in the span between two knots. */
function deBoor(knots: Float64Array, span: number, x: number, out: Float64Array, from: number): void {
  out[from] = 1;
  for (let k = 1; k < ORDER; k++) {
    let saved = 0;
    for (let r = 0; r < k; r++) {
      const right = knots[span + r + 1]!;
      const left = knots[span + 1 - k + r]!;
      const part = out[from + r]! / (right - left);
      out[from + r] = saved + (right - x) * part;
      saved = (x - left) * part;
    }
    out[from + k] = saved;
  }
}

/**
 * Coefficients of the spline with the least Σ(wᵢ(yᵢ − s(xᵢ)))², by Cholesky's method on the banded normal equations.
 * Null when the points do not determine it (a span of knots without points).
 */
export function fitSpline(basis: SplineBasis, y: Float64Array, weights: Float64Array): Float64Array | null {
  const { n, first, values } = basis;
  // Lower band: element (i, i − k) at i·4 + k.
  const band = new Float64Array(n * ORDER);
  const right = new Float64Array(n);
  for (let p = 0; p < y.length; p++) {
    const w = weights[p]! * weights[p]!;
    if (!(w > 0)) continue;
    const at = first[p]!;
    for (let j = 0; j < ORDER; j++) {
      const weighted = w * values[p * ORDER + j]!;
      right[at + j]! += weighted * y[p]!;
      for (let k = 0; k <= j; k++) band[(at + j) * ORDER + k]! += weighted * values[p * ORDER + j - k]!;
    }
  }
  return solveBanded(band, right, n) ? right : null;
}

/** Pivots below this share of the diagonal mean that the equations are singular. */
const SINGULAR = 1e-12;

function solveBanded(band: Float64Array, right: Float64Array, n: number): boolean {
  for (let i = 0; i < n; i++) {
    const whole = band[i * ORDER]!;
    for (let k = Math.min(ORDER - 1, i); k >= 0; k--) {
      const j = i - k;
      let sum = band[i * ORDER + k]!;
      for (let m = 1; m <= ORDER - 1 - k && j - m >= 0; m++) {
        sum -= band[i * ORDER + k + m]! * band[j * ORDER + m]!;
      }
      if (k > 0) band[i * ORDER + k] = sum / band[j * ORDER]!;
      else if (sum > SINGULAR * whole) band[i * ORDER] = Math.sqrt(sum);
      else return false;
    }
  }
  for (let i = 0; i < n; i++) {
    let sum = right[i]!;
    for (let k = 1; k < ORDER && i - k >= 0; k++) sum -= band[i * ORDER + k]! * right[i - k]!;
    right[i] = sum / band[i * ORDER]!;
  }
  for (let i = n - 1; i >= 0; i--) {
    let sum = right[i]!;
    for (let k = 1; k < ORDER && i + k < n; k++) sum -= band[(i + k) * ORDER + k]! * right[i + k]!;
    right[i] = sum / band[i * ORDER]!;
  }
  return true;
}

/** Values of a spline at the points of a basis. */
export function splineValues({ first, values }: SplineBasis, coef: Float64Array, out: Float64Array): void {
  for (let p = 0; p < first.length; p++) {
    const at = first[p]!;
    const v = p * ORDER;
    out[p] =
      values[v]! * coef[at]! +
      values[v + 1]! * coef[at + 1]! +
      values[v + 2]! * coef[at + 2]! +
      values[v + 3]! * coef[at + 3]!;
  }
}
