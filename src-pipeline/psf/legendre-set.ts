import { evaluate, type LegendreSet, reduced } from '#shared/fits/legendre-set.ts';
import { linspace } from '../math/grid.ts';
import { legendreFit } from '../math/legendre.ts';

export { evaluate, reduced };

/** Degree that the inverse of a series has more than it: specter's choice. */
const INVERSE_EXTRA_DEGREE = 3;

/**
 * λ as a Legendre series of y, fiber by fiber: least squares over `samples` even steps of λ, three degrees above that of
 * y(λ), domain the range of y over all fibers (specter's TraceSet.invert, which takes 1000 samples). In what it returns
 * `wavemin` and `wavemax` are pixels.
 * @throws Error when a trace does not disperse light (y constant)
 */
export function inverse(y: LegendreSet, samples = 1000): LegendreSet {
  const nspec = y.coef.length / y.ncoef;
  let ymin = Infinity;
  let ymax = -Infinity;
  for (let f = 0; f < nspec; f++) {
    for (const wave of [y.wavemin, y.wavemax]) {
      const value = evaluate(y, f, wave);
      if (value < ymin) ymin = value;
      if (value > ymax) ymax = value;
    }
  }
  const ncoef = y.ncoef + INVERSE_EXTRA_DEGREE;
  const waves = linspace(y.wavemin, y.wavemax, samples);
  const out: LegendreSet = { ncoef, wavemin: ymin, wavemax: ymax, coef: new Float64Array(nspec * ncoef) };
  const u = new Float64Array(samples);
  for (let f = 0; f < nspec; f++) {
    for (let i = 0; i < samples; i++) u[i] = reduced(out, evaluate(y, f, waves[i]!));
    const coef = legendreFit(u, waves, ncoef);
    if (coef === null) throw new Error(`the trace of fiber ${f} has no dispersion: y does not rise with λ`);
    out.coef.set(coef, f * ncoef);
  }
  return out;
}
