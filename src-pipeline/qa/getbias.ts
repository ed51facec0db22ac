import { need, type QaDefinition } from '../types.ts';
import { referencesOfAmps } from './amp-references.ts';

/** BIAS_AMP: overscan level of each amplifier, ADU, as preprocessing measured and subtracted it (OVERSCNx). */
export const GETBIAS: QaDefinition = {
  metric: 'getbias',
  algorithm: 'Bias_From_Overscan',
  run(products, { flavor, params }) {
    const { amps, header } = need(products, 'image');
    const references = referencesOfAmps(params, amps);
    // DEPVER07 is where simulations write the version of desispec that made them.
    const version = flavor === 'science' ? header.text('DEPVER07') : undefined;
    return {
      metrics: { BIAS_AMP: amps.map((amp) => amp.overscan) },
      params: version === undefined ? references : { ...references, FITS_DESISPEC_VERSION: version },
    };
  },
};
