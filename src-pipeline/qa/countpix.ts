import { CCD_MASK, need, type AmpFacts, type Image, type QaDefinition } from '../types.ts';
import { referencesOfAmps } from './amp-references.ts';
import { numberParam } from './params.ts';

/**
 * LITFRAC_AMP: fraction of an amplifier's pixels above `cutpix` read noises.
 * As desispec 0.31: noise is the header's nominal RDNOISEx (measured where there is none), masked pixels (which are 0) count
 * as dark, and the fraction is rounded to two decimals. By default the measured noise is used, masked pixels are left out
 * except those that are full, which are lit beyond doubt, and nothing is rounded.
 * @param cutpix in units of the read noise; 5 in the stock configuration
 */
export function litFraction(image: Image, amp: AmpFacts, cutpix: number, compatible: boolean): number {
  const threshold = cutpix * (compatible ? (amp.rdnoise ?? amp.obsrdn) : amp.obsrdn);
  const { nx, pix, mask, kernel } = image;
  const { x0, x1, y0, y1 } = amp.ccdsec;
  let lit = 0;
  let masked = 0;
  for (let y = y0; y < y1; y++) {
    const start = y * nx + x0;
    const end = y * nx + x1;
    lit += kernel ? kernel.countAbove(start, end - start, threshold) : countAbove(pix, start, end, threshold);
    if (compatible) continue;
    const hidden = kernel ? kernel.countMasked(start, end - start) : countMasked(mask, start, end);
    if (hidden === 0) continue;
    // What is masked was set to 0, so that full pixels are not among the lit ones yet.
    const full = countSaturated(mask, start, end);
    lit += full;
    masked += hidden - full;
  }
  const pixels = (x1 - x0) * (y1 - y0);
  return compatible ? Math.round((lit / pixels) * 100) / 100 : lit / (pixels - masked);
}

/** Without a branch: whether a pixel is lit cannot be predicted, and guessing wrong costs ten times the comparison. */
function countAbove(values: Float32Array, start: number, end: number, threshold: number): number {
  let count = 0;
  for (let i = start; i < end; i++) count = (count + Number(values[i]! > threshold)) | 0;
  return count;
}

function countMasked(mask: Uint8Array, start: number, end: number): number {
  let count = 0;
  for (let i = start; i < end; i++) if (mask[i] !== 0) count++;
  return count;
}

function countSaturated(mask: Uint8Array, start: number, end: number): number {
  let count = 0;
  for (let i = start; i < end; i++) count += Number((mask[i]! & CCD_MASK.SATURATED) !== 0);
  return count;
}

export const COUNTPIX: QaDefinition = {
  metric: 'countpix',
  algorithm: 'Count_Pixels',
  run(products, context) {
    const image = need(products, 'image');
    const cutpix = numberParam(context, 'CUTPIX', 5);
    return {
      metrics: { LITFRAC_AMP: image.amps.map((amp) => litFraction(image, amp, cutpix, context.compatible)) },
      params: referencesOfAmps(context.params, image.amps),
    };
  },
};
