/**
 * Floating-point pixels that were quantized to integers before compression
 * (FITS Standard 4.0, section 10.2; the sequence of random numbers is given in its appendix I).
 */

const COUNT = 10_000;
/** Marks an exact zero under SUBTRACTIVE_DITHER_2. */
const ZERO_VALUE = -2_147_483_646;

let sequence: Float32Array | undefined;

/** Park and Miller's minimal generator from seed 1, the same in every FITS library. */
function randomSequence(): Float32Array {
  if (sequence) return sequence;
  const values = new Float32Array(COUNT);
  let seed = 1;
  for (let i = 0; i < COUNT; i++) {
    seed = (16807 * seed) % 2147483647;
    values[i] = seed / 2147483647;
  }
  sequence = values;
  return values;
}

export interface Quantization {
  scale: number;
  zero: number;
  /** Stored integer of undefined pixels. */
  blank: number | undefined;
  /** ZQUANTIZ. */
  method: string;
  /** ZDITHER0. */
  seed: number;
}

/** Restores the pixels of tile number `tile` (from 0) from its integers into `out` (same length). */
export function unquantize(
  stored: Int32Array,
  out: Float32Array | Float64Array,
  tile: number,
  { scale, zero, blank, method, seed }: Quantization,
): void {
  const dithered = method.startsWith('SUBTRACTIVE_DITHER');
  const keepsZeros = method === 'SUBTRACTIVE_DITHER_2';
  const random = randomSequence();
  let start = (((tile + seed - 1) % COUNT) + COUNT) % COUNT;
  let next = Math.trunc(random[start]! * 500);
  for (let i = 0; i < stored.length; i++) {
    const value = stored[i]!;
    if (blank !== undefined && value === blank) out[i] = NaN;
    else if (keepsZeros && value === ZERO_VALUE) out[i] = 0;
    else out[i] = dithered ? (value - random[next]! + 0.5) * scale + zero : value * scale + zero;
    next += 1;
    if (next === COUNT) {
      start = (start + 1) % COUNT;
      next = Math.trunc(random[start]! * 500);
    }
  }
}
