import { need, type QaDefinition } from '../types.ts';

/**
 * XYSHIFTS: mean shifts of the light against the calibration's traces in x and in y, pixels, as the flexure step measured
 * them before it corrected the traces. NaN in y for continuum lamps, which cannot tell.
 */
export const XYSHIFTS: QaDefinition = {
  metric: 'xyshifts',
  algorithm: 'Trace_Shifts',
  run(products) {
    const { dx, dy } = need(products, 'shifts');
    return { metrics: { XYSHIFTS: [dx, dy] } };
  },
};
