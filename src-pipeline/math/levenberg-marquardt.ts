import { choleskyFactor, choleskySolve } from './cholesky.ts';

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

/** A linearised problem: JᵀJ, −Jᵀr and the scales of the parameters. */
interface Linearised {
  n: number;
  jacobian: Float64Array;
  matrix: Float64Array;
  right: Float64Array;
  scale: Float64Array;
}

/**
 * Least-squares fit by the Levenberg–Marquardt method with a trust region scaled by the columns of the Jacobian, as
 * J. J. Moré describes it (Lecture Notes in Mathematics 630, 1978) and MINPACK's lmder performs it: the damping is found so
 * that the scaled step fits the region, and the region follows the ratio of actual to predicted reduction.
 * For a handful of parameters: the normal equations are solved anew for each trial of the damping.
 * @param y samples at x = 0 … n−1; those of weight 0 are left out
 * @param maxEvaluations of the model, after which it has not converged
 */
export function fitLevenbergMarquardt(
  model: Model,
  y: ArrayLike<number>,
  start: readonly number[],
  maxEvaluations: number,
  weights: ArrayLike<number> | null = null,
): Fit {
  let p = Float64Array.from(start);
  const residuals = new Float64Array(y.length);
  const trial = new Float64Array(y.length);
  const scale = new Float64Array(model.parameters);
  let norm = evaluate(model, y, weights, p, residuals);
  let evaluations = 1;
  let damping = 0;
  let region = 0;
  for (let iteration = 0; ; iteration++) {
    const linear = linearise(model, weights, p, residuals, scale, iteration === 0);
    if (iteration === 0) region = FACTOR * scaledNorm(p, scale) || FACTOR;
    if (isStationary(linear, norm)) return { p, converged: true };
    for (let accepted = false; !accepted;) {
      const found = boundedStep(linear, region, damping);
      if (found === null) return { p, converged: false };
      damping = found.damping;
      const { step, length } = found;
      if (evaluations === 1) region = Math.min(region, length);
      const next = p.map((value, j) => value + step[j]!);
      const nextNorm = evaluate(model, y, weights, next, trial);
      evaluations++;

      // Reductions of the squared norm, relative: what came, and what the linear model promised.
      const actual = 0.1 * nextNorm < norm ? 1 - (nextNorm / norm) ** 2 : -1;
      const bend = (jacobianNorm(linear, step) / norm) ** 2;
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
        p = next;
        norm = nextNorm;
        residuals.set(trial);
      }
      const flat = Math.abs(actual) <= TOLERANCE && predicted <= TOLERANCE && ratio <= 2;
      if (flat || region <= TOLERANCE * scaledNorm(p, scale)) return { p, converged: true };
      if (evaluations >= maxEvaluations || !(region > 0)) return { p, converged: false };
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
  for (let i = 0; i < y.length; i++) {
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
  residuals: Float64Array,
  scale: Float64Array,
  first: boolean,
): Linearised {
  const n = model.parameters;
  const m = residuals.length;
  const jacobian = new Float64Array(m * n);
  const matrix = new Float64Array(n * n);
  const right = new Float64Array(n);
  for (let i = 0; i < m; i++) {
    const weight = weights === null ? 1 : weights[i]!;
    if (weight === 0) continue;
    const row = jacobian.subarray(i * n, i * n + n);
    model.gradient(p, i, row);
    for (let j = 0; j < n; j++) {
      row[j]! *= weight;
      right[j]! -= row[j]! * residuals[i]!;
      for (let k = 0; k <= j; k++) matrix[j * n + k]! += row[j]! * row[k]!;
    }
  }
  for (let j = 0; j < n; j++) {
    const column = Math.sqrt(matrix[j * n + j]!);
    scale[j] = first ? column || 1 : Math.max(scale[j]!, column);
  }
  return { n, jacobian, matrix, right, scale };
}

function scaledNorm(p: Float64Array, scale: Float64Array): number {
  let sum = 0;
  for (let j = 0; j < p.length; j++) sum += (p[j]! * scale[j]!) ** 2;
  return Math.sqrt(sum);
}

function jacobianNorm({ jacobian, n }: Linearised, step: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < jacobian.length; i += n) {
    let row = 0;
    for (let j = 0; j < n; j++) row += jacobian[i + j]! * step[j]!;
    sum += row * row;
  }
  return Math.sqrt(sum);
}

/** Are the residuals orthogonal to the Jacobian's columns, as far as doubles can say? */
function isStationary({ matrix, right, n }: Linearised, norm: number): boolean {
  if (norm === 0) return true;
  for (let j = 0; j < n; j++) {
    const column = Math.sqrt(matrix[j * n + j]!);
    if (column !== 0 && Math.abs(right[j]!) / (column * norm) > Number.EPSILON) return false;
  }
  return true;
}

interface BoundedStep {
  step: Float64Array;
  /** Scaled length of the step. */
  length: number;
  damping: number;
}

/**
 * The step of (JᵀJ + λD²)s = −Jᵀr whose scaled length is within 10 % of the region: λ = 0 where the whole step fits, else by
 * Newton's iteration on 1/region − 1/length(λ) between bounds (Moré, section 5). Null when the equations hold
 * numbers that are none.
 */
function boundedStep(linear: Linearised, region: number, damping: number): BoundedStep | null {
  const whole = solveDamped(linear, linear.right, 0);
  if (whole !== null && whole.length - region <= 0.1 * region) return whole;
  const pull = Math.sqrt(linear.right.reduce((sum, r, j) => sum + (r / linear.scale[j]!) ** 2, 0));
  let high = pull / region;
  if (!Number.isFinite(high)) return null;
  if (high === 0) high = Number.MIN_VALUE / Math.min(region, 0.1);
  let low = whole === null ? 0 : Math.max(0, newton(linear, whole, region) || 0);
  let lambda = Math.min(Math.max(damping, low), high);
  if (lambda === 0) lambda = whole === null ? 0.001 * high : pull / whole.length;
  let best: BoundedStep | null = null;
  for (let tries = 0; tries < 10; tries++) {
    if (lambda === 0) lambda = Math.max(Number.MIN_VALUE, 0.001 * high);
    const solved = solveDamped(linear, linear.right, lambda);
    if (solved === null) return best;
    best = solved;
    const excess = solved.length - region;
    if (Math.abs(excess) <= 0.1 * region) break;
    if (excess > 0) low = Math.max(low, lambda);
    else high = Math.min(high, lambda);
    lambda = Math.max(low, lambda + newton(linear, solved, region));
  }
  return best;
}

/** Newton's correction of the damping, from a step that is too long or too short. */
function newton(linear: Linearised, { step, length, damping }: BoundedStep, region: number): number {
  const direction = step.map((s, j) => (linear.scale[j]! ** 2 * s) / length);
  const inverse = solveDamped(linear, direction, damping);
  if (inverse === null) return 0;
  let slope = 0;
  for (let j = 0; j < linear.n; j++) slope += inverse.step[j]! * direction[j]!;
  return (length - region) / (region * slope);
}

function solveDamped({ matrix, scale, n }: Linearised, right: Float64Array, damping: number): BoundedStep | null {
  const factor = Float64Array.from(matrix);
  for (let j = 0; j < n; j++) factor[j * n + j]! += damping * scale[j]! * scale[j]!;
  if (!choleskyFactor(factor, n)) return null;
  const step = choleskySolve(factor, n, right);
  return { step, length: scaledNorm(step, scale), damping };
}
