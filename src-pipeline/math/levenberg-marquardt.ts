import { choleskyFactor, choleskySolveInPlace } from './cholesky.ts';

/** A model y = f(x; p) and its derivatives, at whole x = 0, 1, 2 … */
export interface Model {
  parameters: number;
  value(p: Float64Array, x: number): number;
  /** ∂f/∂p of every parameter, written to `out`. */
  gradient(p: Float64Array, x: number, out: Float64Array): void;
}

export interface Fit {
  p: Float64Array;
  converged: boolean;
}

/** Relative changes below which a fit has converged: √ε of double precision, as MINPACK's users take it. */
const TOLERANCE = 1.49012e-8;
/** First trust region, in units of the scaled start. */
const FACTOR = 100;

/** Working memory of a fit, so that thousands of fits need no more than one. */
interface Workspace {
  n: number;
  residuals: Float64Array;
  trial: Float64Array;
  next: Float64Array;
  jacobian: Float64Array;
  /** JᵀJ and −Jᵀr of the linearised problem, and the scales of the parameters. */
  matrix: Float64Array;
  right: Float64Array;
  scale: Float64Array;
  factor: Float64Array;
  step: Float64Array;
  direction: Float64Array;
}

function createWorkspace(m: number, n: number): Workspace {
  return {
    n,
    residuals: new Float64Array(m),
    trial: new Float64Array(m),
    next: new Float64Array(n),
    jacobian: new Float64Array(m * n),
    matrix: new Float64Array(n * n),
    right: new Float64Array(n),
    scale: new Float64Array(n),
    factor: new Float64Array(n * n),
    step: new Float64Array(n),
    direction: new Float64Array(n),
  };
}

export type Fitter = (
  y: ArrayLike<number>,
  start: readonly number[],
  maxEvaluations: number,
  weights?: ArrayLike<number> | null,
) => Fit;

/**
 * Least-squares fits by the Levenberg–Marquardt method with a trust region scaled by the columns of the Jacobian, as
 * J. J. Moré describes it (Lecture Notes in Mathematics 630, 1978) and MINPACK's lmder performs it: the damping is found so
 * that the scaled step fits the region, and the region follows the ratio of actual to predicted reduction.
 * For a handful of parameters: the normal equations are solved anew for each trial of the damping.
 *
 * The fitter takes `samples` values y at x = 0 … samples−1 (those of weight 0 are left out), a start, and the number of
 * evaluations of the model after which the fit has not converged.
 */
export function createFitter(model: Model, samples: number): Fitter {
  const work = createWorkspace(samples, model.parameters);
  return (y, start, maxEvaluations, weights = null) => {
    const p = Float64Array.from(start);
    return { p, converged: fit(model, y, weights, p, maxEvaluations, work) };
  };
}

/** One fit; see createFitter. */
export function fitLevenbergMarquardt(
  model: Model,
  y: ArrayLike<number>,
  start: readonly number[],
  maxEvaluations: number,
  weights: ArrayLike<number> | null = null,
): Fit {
  return createFitter(model, y.length)(y, start, maxEvaluations, weights);
}

/** Moves `p` to the minimum; true when it has converged. */
function fit(
  model: Model,
  y: ArrayLike<number>,
  weights: ArrayLike<number> | null,
  p: Float64Array,
  maxEvaluations: number,
  work: Workspace,
): boolean {
  const { residuals, trial, next, step, scale } = work;
  let norm = evaluate(model, y, weights, p, residuals);
  if (!Number.isFinite(norm)) return false;
  let evaluations = 1;
  let damping = 0;
  let region = 0;
  for (let iteration = 0; ; iteration++) {
    linearise(model, weights, p, work, iteration === 0);
    if (iteration === 0) region = FACTOR * scaledNorm(p, scale) || FACTOR;
    if (isStationary(work, norm)) return true;
    for (let accepted = false; !accepted;) {
      damping = boundedStep(work, region, damping);
      if (!(damping >= 0)) return false;
      const length = scaledNorm(step, scale);
      if (evaluations === 1) region = Math.min(region, length);
      for (let j = 0; j < p.length; j++) next[j] = p[j]! + step[j]!;
      const nextNorm = evaluate(model, y, weights, next, trial);
      evaluations++;

      // Reductions of the squared norm, relative: what came, and what the linear model promised.
      const actual = 0.1 * nextNorm < norm ? 1 - (nextNorm / norm) ** 2 : -1;
      const bend = (jacobianNorm(work) / norm) ** 2;
      const damped = (damping * length * length) / (norm * norm);
      const predicted = bend + 2 * damped;
      const ratio = predicted === 0 ? 0 : actual / predicted;
      if (!(ratio > 0.25)) {
        const slope = -(bend + damped);
        let shrink = actual >= 0 ? 0.5 : (0.5 * slope) / (slope + 0.5 * actual);
        if (0.1 * nextNorm >= norm || !(shrink >= 0.1)) shrink = 0.1;
        region = shrink * Math.min(region, 10 * length);
        damping /= shrink;
      } else if (damping === 0 || ratio >= 0.75) {
        region = 2 * length;
        damping *= 0.5;
      }
      accepted = ratio >= 1e-4;
      if (accepted) {
        p.set(next);
        norm = nextNorm;
        residuals.set(trial);
      }
      const flat = Math.abs(actual) <= TOLERANCE && predicted <= TOLERANCE && ratio <= 2;
      if (flat || region <= TOLERANCE * scaledNorm(p, scale)) return true;
      if (evaluations >= maxEvaluations || !(region > 0)) return false;
    }
  }
}

/** Weighted residuals to `out`; their norm. */
function evaluate(
  model: Model,
  y: ArrayLike<number>,
  weights: ArrayLike<number> | null,
  p: Float64Array,
  out: Float64Array,
): number {
  let sum = 0;
  for (let i = 0; i < out.length; i++) {
    const weight = weights === null ? 1 : weights[i]!;
    const residual = weight === 0 ? 0 : (model.value(p, i) - y[i]!) * weight;
    out[i] = residual;
    sum += residual * residual;
  }
  return Math.sqrt(sum);
}

function linearise(
  model: Model,
  weights: ArrayLike<number> | null,
  p: Float64Array,
  { n, jacobian, matrix, right, residuals, scale, direction: row }: Workspace,
  first: boolean,
): void {
  matrix.fill(0);
  right.fill(0);
  for (let i = 0; i < residuals.length; i++) {
    const weight = weights === null ? 1 : weights[i]!;
    if (weight === 0) row.fill(0);
    else model.gradient(p, i, row);
    for (let j = 0; j < n; j++) {
      const derivative = row[j]! * weight;
      row[j] = derivative;
      jacobian[i * n + j] = derivative;
      right[j]! -= derivative * residuals[i]!;
      for (let k = 0; k <= j; k++) matrix[j * n + k]! += derivative * row[k]!;
    }
  }
  for (let j = 0; j < n; j++) {
    const column = Math.sqrt(matrix[j * n + j]!);
    scale[j] = first ? column || 1 : Math.max(scale[j]!, column);
  }
}

function scaledNorm(p: Float64Array, scale: Float64Array): number {
  let sum = 0;
  for (let j = 0; j < p.length; j++) sum += (p[j]! * scale[j]!) ** 2;
  return Math.sqrt(sum);
}

/** Norm of the Jacobian times the step. */
function jacobianNorm({ jacobian, step, n }: Workspace): number {
  let sum = 0;
  for (let i = 0; i < jacobian.length; i += n) {
    let row = 0;
    for (let j = 0; j < n; j++) row += jacobian[i + j]! * step[j]!;
    sum += row * row;
  }
  return Math.sqrt(sum);
}

/** Are the residuals orthogonal to the Jacobian's columns, as far as doubles can say? */
function isStationary({ matrix, right, n }: Workspace, norm: number): boolean {
  if (norm === 0) return true;
  for (let j = 0; j < n; j++) {
    const column = Math.sqrt(matrix[j * n + j]!);
    if (column !== 0 && Math.abs(right[j]!) / (column * norm) > Number.EPSILON) return false;
  }
  return true;
}

/**
 * Finds the step of (JᵀJ + λD²)s = −Jᵀr whose scaled length is within 10 % of the region: λ = 0 where the whole step fits, else
 * by Newton's iteration on 1/region − 1/length(λ) between bounds (Moré, section 5).
 * @returns λ; NaN when the equations hold numbers that are none
 */
function boundedStep(work: Workspace, region: number, damping: number): number {
  const { step, scale, right } = work;
  const isRegular = solveDamped(work, right, 0, step);
  const whole = isRegular ? scaledNorm(step, scale) : NaN;
  if (isRegular && whole - region <= 0.1 * region) return 0;
  let pull = 0;
  for (let j = 0; j < right.length; j++) pull += (right[j]! / scale[j]!) ** 2;
  pull = Math.sqrt(pull);
  let high = pull / region;
  if (!Number.isFinite(high)) return NaN;
  if (high === 0) high = Number.MIN_VALUE / Math.min(region, 0.1);
  let low = isRegular ? Math.max(0, newton(work, 0, whole, region) || 0) : 0;
  let lambda = Math.min(Math.max(damping, low), high);
  if (lambda === 0) lambda = isRegular ? pull / whole : 0.001 * high;
  let solved = NaN;
  for (let tries = 0; tries < 10; tries++) {
    if (lambda === 0) lambda = Math.max(Number.MIN_VALUE, 0.001 * high);
    if (!solveDamped(work, right, lambda, step)) return solved;
    solved = lambda;
    const length = scaledNorm(step, scale);
    const excess = length - region;
    if (Math.abs(excess) <= 0.1 * region) break;
    if (excess > 0) low = Math.max(low, lambda);
    else high = Math.min(high, lambda);
    lambda = Math.max(low, lambda + newton(work, lambda, length, region));
  }
  return solved;
}

/** Newton's correction of the damping, from a step of that scaled length, too long or too short. */
function newton(work: Workspace, damping: number, length: number, region: number): number {
  const { step, scale, direction, next: inverse, n } = work;
  for (let j = 0; j < n; j++) direction[j] = (scale[j]! ** 2 * step[j]!) / length;
  if (!solveDamped(work, direction, damping, inverse)) return 0;
  let slope = 0;
  for (let j = 0; j < n; j++) slope += inverse[j]! * direction[j]!;
  return (length - region) / (region * slope);
}

/** Solves (JᵀJ + λD²)x = right; false when the matrix is singular. */
function solveDamped(
  { matrix, scale, factor, n }: Workspace,
  right: Float64Array,
  damping: number,
  x: Float64Array,
): boolean {
  factor.set(matrix);
  for (let j = 0; j < n; j++) factor[j * n + j]! += damping * scale[j]! * scale[j]!;
  if (!choleskyFactor(factor, n)) return false;
  x.set(right);
  choleskySolveInPlace(factor, n, x);
  return true;
}
