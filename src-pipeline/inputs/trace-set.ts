import { gunzipSync } from 'node:zlib';
import type { LegendreSet } from '#shared/fits/legendre-set.ts';
import { readTraceSeries } from '#shared/fits/trace-series.ts';
import { gradient, linspace } from '../math/grid.ts';
import { legendreFit } from '../math/legendre.ts';
import { evaluate, reduced } from '../psf/legendre-set.ts';
import type { TraceSet } from '../types.ts';

/**
 * Reads the traces of a PSF file in any of its forms (readTraceSeries); widths along the dispersion become pixels.
 * @throws Error (or FitsError) that says what is missing or does not fit
 */
export function readTraceSet(bytes: Uint8Array): TraceSet {
  const { nspec, npixY, x, y, xsig, ysig, wsigma } = readTraceSeries(bytes, (packed, maxOutputLength) =>
    gunzipSync(packed, { maxOutputLength }),
  );
  const along = wsigma === null ? ysig : pixelSigma(y, wsigma);
  return { nspec, wavemin: x.wavemin, wavemax: x.wavemax, npixY, x, y, xsig, ysig: along };
}

/** σ in pixels from σ in Å: times dy/dλ at 100 wavelengths, fitted again with as many coefficients. */
function pixelSigma(y: LegendreSet, wsigma: LegendreSet): LegendreSet {
  const waves = linspace(y.wavemin, y.wavemax, 100);
  const u = waves.map((wave) => reduced(wsigma, wave));
  const steps = gradient(waves);
  const coef = new Float64Array(wsigma.coef.length);
  for (let f = 0; f < coef.length / wsigma.ncoef; f++) {
    const slopes = gradient(waves.map((wave) => evaluate(y, f, wave)));
    const sigma = waves.map((wave, i) => (evaluate(wsigma, f, wave) * slopes[i]!) / steps[i]!);
    coef.set(legendreFit(u, sigma, wsigma.ncoef)!, f * wsigma.ncoef);
  }
  return { ...wsigma, coef };
}
