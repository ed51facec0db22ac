import { need, type QaDefinition } from '../types.ts';

/**
 * XYSHIFTS: mean shifts of the light against the calibration's traces in x and in y, pixels, as the flexure step measured
 * them before it corrected the traces. Of flats in x alone: the light of continuum lamps has nothing to measure y by, and what
 * cannot be measured is not left open. NaN where something should have been measured and was not. desispec 0.31
 * (`compatible`) always gives both.
 */
export const XYSHIFTS: QaDefinition = {
  metric: 'xyshifts',
  algorithm: 'Trace_Shifts',
  run(products, { compatible, flavor, params }) {
    const { dx, dy } = need(products, 'shifts');
    if (compatible || flavor !== 'flat') return { metrics: { XYSHIFTS: [dx, dy] } };
    const { XYSHIFTS_REF: references } = params;
    return {
      metrics: { XYSHIFTS: [dx] },
      params: Array.isArray(references) ? { XYSHIFTS_REF: references.slice(0, 1) } : {},
    };
  },
};
