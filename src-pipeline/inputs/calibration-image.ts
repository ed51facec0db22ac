import { gunzipSync } from 'node:zlib';
import { readImage } from '#shared/fits/compressed-image.ts';
import { hduData, scanHdusInMemory } from '#shared/fits/hdu.ts';
import { type Image, pixelsAsFloat64 } from '#shared/fits/image.ts';
import { CCD_MASK, type FloatArray } from '../types.ts';

/** The first image of a calibration file. @throws FitsError or Error when there is none */
function firstImage(bytes: Uint8Array): Image {
  const { hdus } = scanHdusInMemory(bytes);
  for (const hdu of hdus) {
    const image = readImage(hdu.header, hduData(bytes, hdu), (packed, maxOutputLength) =>
      gunzipSync(packed, { maxOutputLength }),
    );
    if (image.axes.length === 2) return image;
  }
  throw new Error('it holds no image of two axes');
}

/** Pixels of a bias, dark or pixel-flat image, in the precision that they are stored in. */
export function readCalibrationImage(bytes: Uint8Array): FloatArray {
  const image = firstImage(bytes);
  return image.pixels instanceof Float32Array ? image.pixels : pixelsAsFloat64(image);
}

/** Pixels of a bad-pixel mask, as CCD_MASK bits; higher bits, for which images have no place, count as BAD. */
export function readMaskImage(bytes: Uint8Array): Uint8Array {
  const { pixels } = firstImage(bytes);
  const mask = new Uint8Array(pixels.length);
  for (let i = 0; i < mask.length; i++) {
    const bits = Number(pixels[i]);
    mask[i] = (bits & 0xff) | (bits >>> 8 === 0 ? 0 : CCD_MASK.BAD);
  }
  return mask;
}
