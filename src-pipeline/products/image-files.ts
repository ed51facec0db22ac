import { Header } from '#shared/fits/header.ts';
import type { PixelArray } from '#shared/fits/image.ts';
import { imageHdu, primaryHdu } from '#shared/fits/write.ts';
import type { CcdCalibration, Image, JobFacts } from '../types.ts';
import { identityCards } from './cards.ts';
import { encodedInChunks, type HduStream, streamOf } from './fits-stream.ts';

/** Longest side of the image for the screens, pixels. */
const SCREEN_SIDE = 1050;

/**
 * preproc-CAM-EXPID8.fits as the original lays it out: IMAGE (electrons), IVAR (electrons⁻²), MASK, READNOISE (electrons a
 * pixel, over the pixel flat where one was applied).
 */
export function* preprocFile(image: Image, calibration: CcdCalibration | undefined): Generator<HduStream> {
  const { nx, ny, pix, ivar, mask } = image;
  const axes = [nx, ny];
  const cards = new Header().appendFrom(image.header).set('EXTNAME', 'IMAGE').set('BUNIT', 'electron');
  yield { header: primaryHdu(cards, { axes, pixels: new Float32Array(0) }).header, data: encodedInChunks(pix) };
  yield extension('IVAR', axes, new Float32Array(0), encodedInChunks(ivar));
  yield extension(
    'MASK',
    axes,
    new Int16Array(0),
    inRows(image, (from, to) => Int16Array.from(mask.subarray(from, to))),
  );
  const noise = (from: number, to: number): Float32Array => readnoise(image, calibration?.pixflat ?? null, from, to);
  yield extension('READNOISE', axes, new Float32Array(0), inRows(image, noise));
}

/** `empty` says of which type the pixels are. */
function extension(name: string, axes: number[], empty: PixelArray, data: Iterable<Uint8Array>): HduStream {
  return { header: imageHdu(name, { axes, pixels: empty }).header, data };
}

function* inRows({ nx, ny }: Image, pixels: (from: number, to: number) => PixelArray): Generator<Uint8Array> {
  const rows = 256;
  for (let y = 0; y < ny; y += rows) yield* encodedInChunks(pixels(y * nx, Math.min(y + rows, ny) * nx));
}

function readnoise({ nx, amps }: Image, pixflat: CcdCalibration['pixflat'], from: number, to: number): Float32Array {
  const out = new Float32Array(to - from);
  for (const { ccdsec, obsrdn } of amps) {
    for (let y = Math.max(ccdsec.y0, from / nx); y < Math.min(ccdsec.y1, to / nx); y++) {
      out.fill(obsrdn, y * nx + ccdsec.x0 - from, y * nx + ccdsec.x1 - from);
    }
  }
  if (pixflat) for (let i = 0; i < out.length; i++) out[i]! /= pixflat[from + i]! > 0.001 ? pixflat[from + i]! : 1;
  return out;
}

/**
 * The image for the screens: means of n × n good pixels (NaN where all are masked), with n such that no side is longer than
 * about a thousand pixels. BINNING is n; electrons an original pixel.
 */
export function binnedImageFile(image: Image, facts: JobFacts): HduStream[] {
  const n = Math.max(1, Math.ceil(Math.max(image.nx, image.ny) / SCREEN_SIDE));
  const { nx, ny, values } = binImage(image, n);
  const cards = identityCards(facts)
    .set('EXTNAME', 'IMAGE')
    .set('BUNIT', 'electron')
    .set('BINNING', n, 'original pixels a side of each pixel');
  return [streamOf(primaryHdu(cards, { axes: [nx, ny], pixels: values }))];
}

/** Means over n × n pixels that are not masked; those at the upper edges may be of fewer. */
export function binImage(
  { nx, ny, pix, mask, kernel }: Pick<Image, 'nx' | 'ny' | 'pix' | 'mask' | 'kernel'>,
  n: number,
): { nx: number; ny: number; values: Float32Array } {
  const width = Math.ceil(nx / n);
  const height = Math.ceil(ny / n);
  const binned = kernel?.binMeans(nx, ny, n);
  if (binned) return { nx: width, ny: height, values: binned };
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
