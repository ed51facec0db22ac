import { arcLines } from '../arc/line-list.ts';
import { lineWidths } from '../arc/line-widths.ts';
import { originalLineWidths } from '../arc/original-line-widths.ts';
import { ownWavelengths } from '../spectra/own-wavelengths.ts';
import { need, type StepDefinition } from '../types.ts';
import { positiveOption } from './extract-options.ts';

/** Samples to each side of a line that are fitted, in the stock configuration and in the code. */
const STOCK_BINS = { right: 5, original: 2 } as const;

/** Fits the widths of arc lines and puts them in place of the traces' YSIG. */
export const RESOLUTION_FIT: StepDefinition = {
  algorithm: 'ResolutionFit',
  step: 'resolution',
  onFailure: 'stop',
  run(products, { arm, compatible, options, log }) {
    const traces = need(products, 'traces');
    const spectra = ownWavelengths(products);
    const bins = positiveOption(options, ['NBINS'], compatible ? STOCK_BINS.original : STOCK_BINS.right);
    const fit = compatible ? originalLineWidths : lineWidths;
    const ysig = fit(spectra, traces, arcLines(options, arm), bins);
    let fitted = 0;
    for (let f = 0; f < traces.nspec; f++) if (ysig.coef[f * ysig.ncoef] !== 0) fitted++;
    log.info(`Fitted the resolution of ${fitted} of ${traces.nspec} fibers`);
    return { traces: { ...traces, ysig } };
  },
};
