import { encodeFits, imageHdu, primaryHdu } from '#shared/fits/write.ts';
import { Header } from '#shared/fits/header.ts';
import type { Image } from '../types.ts';

/** Longest side of the image for the screens, pixels. */
const SCREEN_SIDE = 1050;

/**
 * preproc-CAM-EXPID8.fits as the original lays it out: IMAGE (electrons), IVAR (electrons⁻²), MASK, READNOISE (electrons a
 * pixel).
 */
export function preprocFile(image: Image): Uint8Array {
  const { nx, ny, pix, ivar, mask } = image;
  const axes = [nx, ny];
  const cards = new Header().appendFrom(image.header).set('EXTNAME', 'IMAGE').set('BUNIT', 'electron');
  return encodeFits([
    primaryHdu(cards, { axes, pixels: pix }),
    imageHdu('IVAR', { axes, pixels: ivar }),
    imageHdu('MASK', { axes, pixels: Int16Array.from(mask) }),
    imageHdu('READNOISE', { axes, pixels: readnoiseImage(image) }),
  ]);
}

function readnoiseImage({ nx, ny, amps }: Image): Float32Array {
  const out = new Float32Array(nx * ny);
  for (const { ccdsec, obsrdn } of amps) {
    for (let y = ccdsec.y0; y < ccdsec.y1; y++) out.fill(obsrdn, y * nx + ccdsec.x0, y * nx + ccdsec.x1);
  }
  return out;
}

/**
 * The image for the screens: means of n × n good pixels (NaN where all are masked), with n such that no side is longer than
 * about a thousand pixels. BINNING is n; electrons per original pixel.
 */
export function binnedImageFile(image: Image): Uint8Array {
  const n = Math.max(1, Math.ceil(Math.max(image.nx, image.ny) / SCREEN_SIDE));
  const { nx, ny, values } = binImage(image, n);
  const cards = new Header()
    .set('EXTNAME', 'IMAGE')
    .set('BUNIT', 'electron')
    .set('BINNING', n, 'original pixels a side of each pixel');
  for (const keyword of ['CAMERA', 'EXPID', 'NIGHT', 'FLAVOR', 'EXPTIME'] as const) {
    const value = image.header.get(keyword);
    if (value !== undefined) cards.set(keyword, value);
  }
  return encodeFits([primaryHdu(cards, { axes: [nx, ny], pixels: values })]);
}

/** Means over n × n pixels that are not masked; those at the upper edges may be of fewer. */
export function binImage(
  { nx, ny, pix, mask }: Pick<Image, 'nx' | 'ny' | 'pix' | 'mask'>,
  n: number,
): { nx: number; ny: number; values: Float32Array } {
  const width = Math.ceil(nx / n);
  const height = Math.ceil(ny / n);
  const values = new Float32Array(width * height);
  const sums = new Float64Array(width);
  const counts = new Uint16Array(width);
  for (let row = 0; row < height; row++) {
    sums.fill(0);
    counts.fill(0);
    for (let y = row * n; y < Math.min(row * n + n, ny); y++) addRow(pix, mask, y * nx, nx, n, sums, counts);
    for (let i = 0; i < width; i++) values[row * width + i] = counts[i] === 0 ? NaN : sums[i]! / counts[i]!;
  }
  return { nx: width, ny: height, values };
}

/** Adds a row's good pixels, n by n, to `sums` and their number to `counts`. Masked pixels are 0 and add nothing. */
function addRow(
  pix: Float32Array,
  mask: Uint8Array,
  start: number,
  nx: number,
  n: number,
  sums: Float64Array,
  counts: Uint16Array,
): void {
  for (let bin = 0, i = start; i < start + nx; bin++) {
    const end = Math.min(i + n, start + nx);
    let sum = 0;
    let good = 0;
    for (; i < end; i++) {
      sum += pix[i]!;
      good = (good + Number(mask[i] === 0)) | 0;
    }
    sums[bin]! += sum;
    counts[bin]! += good;
  }
}
