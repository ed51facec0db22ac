import { fitSpline, type SplineBasis, splineBasis, splineKnots, splineValues } from '../math/spline.ts';

/** A spline's knots lie this far apart or a little less, and evenly, Å. */
interface KnotRange {
  first: number;
  last: number;
  resolution: number;
}

/**
 * Fits cubic splines to spectra on one wavelength grid. The basis is kept as long as the knots stay the same, as they do
 * for most fibers.
 */
export class SplineSmoother {
  private readonly wave: Float64Array;
  private readonly bases = new Map<string, SplineBasis>();

  /** @param wave Å, ascending */
  constructor(wave: Float64Array) {
    this.wave = wave;
  }

  /**
   * The least-squares spline through the samples of positive weight, at all wavelengths, to `out`: knots every
   * `resolution` Å between the first and the last of them, without those that have no sample near; three times as far apart
   * where these are too many for the samples. False when that fails too.
   * Source: desispec 0.31 `linalg.spline_fit`.
   * @param weights what residuals are multiplied by
   */
  smooth(
    values: Float64Array,
    weights: Float64Array,
    resolution: number,
    coarsest: number,
    out: Float64Array,
  ): boolean {
    const { wave } = this;
    const from = weights.findIndex((w) => w > 0);
    let to = weights.length - 1;
    while (to > from && !(weights[to]! > 0)) to--;
    if (from < 0 || to === from) return false;
    const steps = resolution < coarsest ? [resolution, coarsest] : [resolution];
    for (const step of steps) {
      const basis = this.basis({ first: wave[from]!, last: wave[to]!, resolution: step }, weights);
      const coef = fitSpline(basis, values, weights);
      if (coef === null) continue;
      splineValues(basis, coef, out);
      return true;
    }
    return false;
  }

  private basis(range: KnotRange, weights: Float64Array): SplineBasis {
    const { inner, key } = this.knots(range, weights);
    let basis = this.bases.get(key);
    if (basis === undefined) {
      basis = splineBasis(splineKnots(range.first, inner, range.last), this.wave);
      if (this.bases.size >= MOST_BASES) this.bases.clear();
      this.bases.set(key, basis);
    }
    return basis;
  }

  /** Even knots, without those farther from all good samples than their distance. */
  private knots({ first, last, resolution }: KnotRange, weights: Float64Array): { inner: number[]; key: string } {
    const count = Math.trunc((last - first) / resolution);
    const step = (last - first) / (count + 1);
    const inner: number[] = [];
    let dropped = '';
    let i = 0;
    for (let k = 0; k < count; k++) {
      const knot = first + step * (0.5 + k);
      let nearest = Infinity;
      while (i > 0 && this.wave[i - 1]! > knot - step) i--;
      for (; i < this.wave.length && this.wave[i]! < knot + step; i++) {
        if (weights[i]! > 0) nearest = Math.min(nearest, Math.abs(this.wave[i]! - knot));
      }
      if (nearest < step) inner.push(knot);
      else dropped += `,${k}`;
    }
    return { inner, key: `${first}:${last}:${resolution}${dropped}` };
  }
}

/** Bases that are kept at a time; each takes about 200 kB. */
const MOST_BASES = 16;
