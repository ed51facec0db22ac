import { mean, populationStd } from '../math/statistics.ts';
import type { FiberFlat } from '../types.ts';
import { need, type QaDefinition } from '../types.ts';

/** Mean and standard deviation of every fiber's flat over the wavelengths. */
export interface FlatCheck {
  means: Float64Array;
  rms: Float64Array;
}

/**
 * FLATMEAN and FLATRMS. By default over what was measured (inverse variance above 0), NaN for a fiber without; desispec
 * 0.31 (`compatible`) takes all samples.
 */
export function checkFlat({ nspec, nwave, flat, ivar }: FiberFlat, compatible: boolean): FlatCheck {
  const out: FlatCheck = { means: new Float64Array(nspec), rms: new Float64Array(nspec) };
  for (let f = 0; f < nspec; f++) {
    const values = flat.subarray(f * nwave, (f + 1) * nwave).filter((_, i) => compatible || ivar[f * nwave + i]! > 0);
    out.means[f] = mean(values);
    out.rms[f] = populationStd(values);
  }
  return out;
}

/** CHECKFLAT: mean of FLATMEAN over the fibers that have one. */
export const CHECKFLAT: QaDefinition = {
  metric: 'checkflat',
  algorithm: 'Check_FiberFlat',
  run(products, { compatible }) {
    const { means, rms } = checkFlat(need(products, 'computedFlat'), compatible);
    const known = means.filter((value) => !Number.isNaN(value));
    return { metrics: { CHECKFLAT: mean(known), FLATMEAN: means, FLATRMS: rms } };
  },
};
