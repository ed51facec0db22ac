import { type Image, type PixelArray, pixelsAsFloat64 } from '#shared/fits/image.ts';
import type { Samples } from '#shared/fits/image-statistics.ts';

/** One plane of an image in memory. */
export interface DecodedImage {
  nx: number;
  ny: number;
  /** As in the file, in physical values. */
  exact: PixelArray;
  /** Value of undefined integer pixels. */
  blank: number | undefined;
  samples: Samples;
}

function samplesOf(image: Image): Samples {
  const { pixels, blank } = image;
  if (blank === undefined) {
    if (pixels instanceof Uint8Array || pixels instanceof Uint16Array || pixels instanceof Float32Array) return pixels;
    if (pixels instanceof Int16Array || pixels instanceof Int8Array) return Float32Array.from(pixels);
  }
  return pixelsAsFloat64(image);
}

/** One plane of an image of any number of axes. */
export function decodedPlane(image: Image, plane: number): DecodedImage {
  const [nx = 0, ny = 1] = image.axes;
  const size = nx * ny;
  // Cut out, so that the other planes are not kept.
  const pixels = size === image.pixels.length ? image.pixels : image.pixels.slice(plane * size, (plane + 1) * size);
  const one: Image = { axes: [nx, ny], pixels, ...(image.blank === undefined ? {} : { blank: image.blank }) };
  return { nx, ny, exact: pixels, blank: image.blank, samples: samplesOf(one) };
}

/** Bytes that an image takes. */
export function bytesOf({ exact, samples }: DecodedImage): number {
  return exact.byteLength + (samples.buffer === exact.buffer ? 0 : samples.byteLength);
}

/** The exact value of a pixel: null where it is undefined, text for integers beyond 2^53. */
export function valueAt({ nx, ny, exact, blank }: DecodedImage, x: number, y: number): number | string | null {
  if (x >= nx || y >= ny) return null;
  const value = exact[y * nx + x]!;
  if (blank !== undefined && Number(value) === blank) return null;
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  return Number.isNaN(value) ? null : value;
}

/** The row y, NaN where undefined. */
export function rowAt({ nx, samples }: DecodedImage, y: number): Float64Array {
  return Float64Array.from(samples.subarray(y * nx, (y + 1) * nx));
}

/** The column x, NaN where undefined. */
export function columnAt({ nx, ny, samples }: DecodedImage, x: number): Float64Array {
  const out = new Float64Array(ny);
  for (let y = 0; y < ny; y++) out[y] = samples[y * nx + x]!;
  return out;
}
