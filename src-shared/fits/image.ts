import { FitsError } from './fits-error.ts';
import { axesOf, bitpixOf } from './hdu.ts';
import type { Header } from './header.ts';

export type PixelArray =
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array
  | Float32Array
  | Float64Array;

/** Pixels in physical values: BSCALE and BZERO are applied. */
export interface Image {
  /** NAXIS1 (the fastest, x), NAXIS2 (y) …; empty when the HDU holds no image. */
  axes: readonly number[];
  /** Row by row: pixel (x, y) is pixels[y * axes[0] + x], counted from 0. */
  pixels: PixelArray;
  /** Physical value of integer pixels that are undefined (BLANK), when there is one; in floating-point pixels they are NaN. */
  blank?: number;
}

/** How stored values become physical ones: physical = zero + scale × stored. */
export interface Scaling {
  scale: number;
  zero: number;
  /** Stored value of undefined integer pixels. */
  blank: number | undefined;
}

export function scalingOf(header: Header): Scaling {
  return {
    scale: header.number('BSCALE') ?? 1,
    zero: header.number('BZERO') ?? 0,
    blank: header.number('BLANK'),
  };
}

/**
 * The image of a plain image HDU. Integers without scaling, and the unsigned (signed 8-bit) convention, stay
 * integers of their width; other scaling gives Float32 for 8 and 16 bits, Float64 above.
 * @param data the HDU's data, at least as long as its header says
 * @throws FitsError `bad-header`, `truncated`
 */
export function decodeImage(header: Header, data: Uint8Array): Image {
  const bitpix = bitpixOf(header);
  const axes = axesOf(header);
  const count = axes.length === 0 ? 0 : axes.reduce((product, axis) => product * axis, 1);
  const bytes = (count * Math.abs(bitpix)) / 8;
  if (bytes > data.length) {
    throw new FitsError('truncated', `the image needs ${bytes} bytes of data, there are ${data.length}`);
  }
  const scaling = scalingOf(header);
  if (bitpix === 16 && scaling.scale === 1 && scaling.zero === 32768) {
    return withBlank({ axes, pixels: swapTo16(data, count, 0x8000) }, scaling);
  }
  return scaleImage(axes, decodeStored(data, bitpix, count), scaling);
}

/** Applies BSCALE, BZERO and BLANK to stored pixels; may reuse their memory. */
export function scaleImage(axes: readonly number[], stored: PixelArray, scaling: Scaling): Image {
  const { scale, zero, blank } = scaling;
  if (scale === 1 && zero === 0) return withBlank({ axes, pixels: stored }, scaling);
  const shifted = scale === 1 ? shiftSign(stored, zero) : undefined;
  if (shifted) return withBlank({ axes, pixels: shifted }, scaling);
  const wide = stored.BYTES_PER_ELEMENT > 2 && !(stored instanceof Float32Array);
  const pixels = wide ? new Float64Array(stored.length) : new Float32Array(stored.length);
  for (let i = 0; i < stored.length; i++) pixels[i] = Number(stored[i]) * scale + zero;
  if (blank !== undefined && !isFloat(stored)) {
    for (let i = 0; i < stored.length; i++) if (Number(stored[i]) === blank) pixels[i] = NaN;
  }
  return { axes, pixels };
}

function withBlank(image: Image, scaling: Scaling): Image {
  if (scaling.blank === undefined || isFloat(image.pixels)) return image;
  return { ...image, blank: scaling.blank + scaling.zero };
}

function isFloat(pixels: PixelArray): boolean {
  return pixels instanceof Float32Array || pixels instanceof Float64Array;
}

/** The convention for integers of the other signedness: the sign bit is flipped, in place. */
function shiftSign(stored: PixelArray, zero: number): PixelArray | undefined {
  if (stored instanceof Int16Array && zero === 2 ** 15) {
    const pixels = new Uint16Array(stored.buffer, stored.byteOffset, stored.length);
    for (let i = 0; i < pixels.length; i++) pixels[i]! ^= 0x8000;
    return pixels;
  }
  if (stored instanceof Int32Array && zero === 2 ** 31) {
    const pixels = new Uint32Array(stored.buffer, stored.byteOffset, stored.length);
    for (let i = 0; i < pixels.length; i++) pixels[i]! ^= 0x8000_0000;
    return pixels;
  }
  if (stored instanceof BigInt64Array && zero === 2 ** 63) {
    const pixels = new BigUint64Array(stored.buffer, stored.byteOffset, stored.length);
    for (let i = 0; i < pixels.length; i++) pixels[i]! ^= 0x8000_0000_0000_0000n;
    return pixels;
  }
  if (stored instanceof Uint8Array && zero === -128) {
    const pixels = new Int8Array(stored.buffer, stored.byteOffset, stored.length);
    for (let i = 0; i < pixels.length; i++) pixels[i]! ^= 0x80;
    return pixels;
  }
  return undefined;
}

const LITTLE_ENDIAN = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/** Big-endian stored values as a new typed array. */
export function decodeStored(data: Uint8Array, bitpix: number, count: number): PixelArray {
  // Uint8Array.from copies; slice() of a Node Buffer would give a view of its pool.
  if (bitpix === 8) return Uint8Array.from(data.subarray(0, count));
  if (bitpix === 16) {
    const pixels = swapTo16(data, count, 0);
    return new Int16Array(pixels.buffer, pixels.byteOffset, count);
  }
  const width = Math.abs(bitpix) / 8;
  const buffer = new ArrayBuffer(count * width);
  new Uint8Array(buffer).set(data.subarray(0, count * width));
  if (LITTLE_ENDIAN) swapInPlace(buffer, width);
  if (bitpix === 32) return new Int32Array(buffer);
  if (bitpix === -32) return new Float32Array(buffer);
  return bitpix === -64 ? new Float64Array(buffer) : new BigInt64Array(buffer);
}

/** Big-endian bytes of the values in `pixels`, as FITS stores them (the unsigned convention applied). */
export function encodeStored(pixels: PixelArray): Uint8Array {
  const width = pixels.BYTES_PER_ELEMENT;
  const bytes = new Uint8Array(pixels.buffer, pixels.byteOffset, pixels.byteLength).slice();
  if (LITTLE_ENDIAN && width > 1) swapInPlace(bytes.buffer, width);
  if (unsignedZero(pixels) !== 0) for (let i = 0; i < bytes.length; i += width) bytes[i]! ^= 0x80;
  return bytes;
}

/** BZERO of the convention that stores these integers with the other signedness; 0 when none is needed. */
export function unsignedZero(pixels: PixelArray): number {
  if (pixels instanceof Uint16Array) return 2 ** 15;
  if (pixels instanceof Uint32Array) return 2 ** 31;
  if (pixels instanceof BigUint64Array) return 2 ** 63;
  return pixels instanceof Int8Array ? -128 : 0;
}

export function bitpixFor(pixels: PixelArray): 8 | 16 | 32 | 64 | -32 | -64 {
  if (pixels instanceof Float32Array) return -32;
  if (pixels instanceof Float64Array) return -64;
  return (pixels.BYTES_PER_ELEMENT * 8) as 8 | 16 | 32 | 64;
}

/** Two pixels at a time: raw frames of 18 million pixels pass here. `flip` is XORed into each. */
function swapTo16(data: Uint8Array, count: number, flip: number): Uint16Array<ArrayBuffer> {
  const pairs = (count + 1) >> 1;
  const words = new Uint32Array(pairs);
  new Uint8Array(words.buffer).set(data.subarray(0, count * 2));
  if (LITTLE_ENDIAN) {
    const both = (flip << 16) | flip;
    for (let i = 0; i < pairs; i++) {
      const word = words[i]!;
      words[i] = (((word & 0x00ff00ff) << 8) | ((word >>> 8) & 0x00ff00ff)) ^ both;
    }
    return new Uint16Array(words.buffer, 0, count);
  }
  const pixels = new Uint16Array(words.buffer, 0, count);
  for (let i = 0; i < count; i++) pixels[i]! ^= flip;
  return pixels;
}

function swapInPlace(buffer: ArrayBuffer, width: number): void {
  if (width === 2) {
    const values = new Uint16Array(buffer);
    for (let i = 0; i < values.length; i++) {
      const value = values[i]!;
      values[i] = (value << 8) | (value >>> 8);
    }
    return;
  }
  const words = new Uint32Array(buffer);
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    words[i] = (word << 24) | ((word & 0xff00) << 8) | ((word >>> 8) & 0xff00) | (word >>> 24);
  }
  if (width === 8) {
    for (let i = 0; i < words.length; i += 2) {
      const high = words[i]!;
      words[i] = words[i + 1]!;
      words[i + 1] = high;
    }
  }
}

/** Pixels as numbers of double precision, undefined ones as NaN; a Float64 image is returned as it is. */
export function pixelsAsFloat64(image: Image): Float64Array {
  const { pixels, blank } = image;
  if (pixels instanceof Float64Array) return pixels;
  const out = new Float64Array(pixels.length);
  if (pixels instanceof BigInt64Array || pixels instanceof BigUint64Array) {
    for (let i = 0; i < out.length; i++) out[i] = Number(pixels[i]);
  } else {
    out.set(pixels);
  }
  if (blank !== undefined) for (let i = 0; i < out.length; i++) if (out[i] === blank) out[i] = NaN;
  return out;
}
