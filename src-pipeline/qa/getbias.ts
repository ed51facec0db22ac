import { need, type QaDefinition } from '../types.ts';

/** BIAS_AMP: overscan level of each amplifier, ADU, as preprocessing measured and subtracted it (OVERSCNx). */
export const GETBIAS: QaDefinition = {
  metric: 'getbias',
  algorithm: 'Bias_From_Overscan',
  run(products, { flavor }) {
    const image = need(products, 'image');
    const metrics = { BIAS_AMP: image.amps.map((amp) => amp.overscan) };
    // DEPVER07 is where simulations write the version of desispec that made them.
    const version = image.header.text('DEPVER07');
    return flavor === 'science' && version !== undefined
      ? { metrics, params: { FITS_DESISPEC_VERSION: version } }
      : { metrics };
  },
};
