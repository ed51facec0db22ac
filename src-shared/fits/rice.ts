import { FitsError } from './fits-error.ts';

/**
 * RICE_1: the first pixel as it is, then blocks of differences to the pixel before, folded to be positive,
 * each split into a unary high part and `fs` low bits (FITS Standard 4.0, section 10.4.1; R. White's algorithm).
 */

export type RicePixels = Int8Array | Uint8Array | Int16Array | Uint16Array | Int32Array | Uint32Array;
export type BytesPerPixel = 1 | 2 | 4;

interface RiceParameters {
  /** Bits of the block's `fs` field. */
  fsBits: number;
  /** This `fs` means that the block's differences are stored as they are. */
  fsMax: number;
  /** Bits of a pixel. */
  bits: number;
}

const PARAMETERS: Record<BytesPerPixel, RiceParameters> = {
  1: { fsBits: 3, fsMax: 6, bits: 8 },
  2: { fsBits: 4, fsMax: 14, bits: 16 },
  4: { fsBits: 5, fsMax: 25, bits: 32 },
};

/**
 * Decodes one tile into `out[start … start + count)`.
 * @param flip XORed into the first pixel, and so into all: the sign bit for unsigned pixels, otherwise 0
 * @throws FitsError `bad-data` when the stream ends early or holds an impossible block
 */
export function riceDecode(
  input: Uint8Array,
  out: RicePixels,
  start: number,
  count: number,
  bytesPerPixel: BytesPerPixel,
  blockSize: number,
  flip: number,
): void {
  if (count === 0) return;
  const { fsBits, fsMax, bits } = PARAMETERS[bytesPerPixel];
  const total = input.length * 8;
  if (total < bits) throw shortStream();
  let last = 0;
  for (let i = 0; i < bytesPerPixel; i++) last = (last << 8) | input[i]!;
  last ^= flip;
  // The window holds the next `have` bits of the stream at its top; the bits below are zero.
  let next = bytesPerPixel;
  let window = 0;
  let have = 0;
  const end = start + count;
  for (let at = start; at < end;) {
    const stop = Math.min(at + blockSize, end);
    if (have < fsBits) {
      while (have <= 24) {
        window |= next < input.length ? input[next]! << (24 - have) : 0;
        next += 1;
        have += 8;
      }
    }
    const fs = (window >>> (32 - fsBits)) - 1;
    window <<= fsBits;
    have -= fsBits;
    if (fs < 0) {
      for (; at < stop; at++) out[at] = last;
    } else if (fs === fsMax) {
      for (; at < stop; at++) {
        let folded = 0;
        for (let left = bits; left > 0;) {
          while (have <= 24) {
            window |= next < input.length ? input[next]! << (24 - have) : 0;
            next += 1;
            have += 8;
          }
          const take = left < 16 ? left : 16;
          folded = (folded << take) | (window >>> (32 - take));
          window <<= take;
          have -= take;
          left -= take;
        }
        last = (last + ((folded >>> 1) ^ -(folded & 1))) | 0;
        out[at] = last;
      }
    } else if (fs > fsMax) {
      throw new FitsError('bad-data', `RICE block with fs = ${fs}`);
    } else {
      for (; at < stop; at++) {
        let high = 0;
        while (window === 0) {
          high += have;
          if (next >= input.length) throw shortStream();
          window = input[next]! << 24;
          next += 1;
          have = 8;
        }
        const zeros = Math.clz32(window);
        high += zeros;
        window = zeros === 31 ? 0 : window << (zeros + 1);
        have -= zeros + 1;
        let folded = high;
        if (fs > 0) {
          if (have < fs) {
            while (have <= 24) {
              window |= next < input.length ? input[next]! << (24 - have) : 0;
              next += 1;
              have += 8;
            }
          }
          folded = (high << fs) | (window >>> (32 - fs));
          window <<= fs;
          have -= fs;
        }
        last = (last + ((folded >>> 1) ^ -(folded & 1))) | 0;
        out[at] = last;
      }
    }
  }
  if (next * 8 - have > total) throw shortStream();
}

function shortStream(): FitsError {
  return new FitsError('bad-data', 'RICE stream ends before its pixels do');
}

/** Bytes that a tile of `count` pixels can take at most. */
export function riceBound(count: number, bytesPerPixel: BytesPerPixel, blockSize: number): number {
  return count * bytesPerPixel + Math.ceil(count / blockSize) + bytesPerPixel + 8;
}

/**
 * Encodes one tile, with the same bits as cfitsio.
 * @param out at least riceBound bytes from `offset`
 * @param flip as in riceDecode
 * @returns bytes written
 */
export function riceEncode(
  pixels: RicePixels,
  start: number,
  count: number,
  out: Uint8Array,
  offset: number,
  bytesPerPixel: BytesPerPixel,
  blockSize: number,
  flip: number,
): number {
  const { fsBits, fsMax, bits } = PARAMETERS[bytesPerPixel];
  if (count === 0) return 0;
  const shift = 32 - bits;
  const folded = new Uint32Array(blockSize);
  let to = offset;
  let last = pixels[start]!;
  const first = last ^ flip;
  for (let i = bytesPerPixel - 1; i >= 0; i--) out[to++] = first >>> (8 * i);
  // Bits not yet written lie at the low end of `buffer`, fewer than 8 between pixels; above them lie old ones.
  let buffer = 0;
  let have = 0;
  const end = start + count;
  for (let at = start; at < end; at += blockSize) {
    const size = Math.min(blockSize, end - at);
    let sum = 0;
    for (let i = 0; i < size; i++) {
      const pixel = pixels[at + i]!;
      // The difference wraps around in the pixel's own width.
      const difference = ((pixel - last) << shift) >> shift;
      const value = ((difference << 1) ^ (difference >> 31)) >>> 0;
      folded[i] = value;
      sum += value;
      last = pixel;
    }
    const fs = bestSplit(sum, size);
    if (fs >= fsMax) {
      buffer = (buffer << fsBits) | (fsMax + 1);
      have += fsBits;
      for (let i = 0; i < size; i++) {
        for (let left = bits; left > 0; left -= 8) {
          buffer = (buffer << 8) | ((folded[i]! >>> (left - 8)) & 0xff);
          have += 8;
          while (have >= 8) {
            have -= 8;
            out[to++] = buffer >>> have;
          }
        }
      }
    } else if (fs === 0 && sum === 0) {
      buffer <<= fsBits;
      have += fsBits;
    } else {
      buffer = (buffer << fsBits) | (fs + 1);
      have += fsBits;
      if (have >= 8) {
        have -= 8;
        out[to++] = buffer >>> have;
      }
      const one = 1 << fs;
      for (let i = 0; i < size; i++) {
        const value = folded[i]!;
        const low = value & (one - 1);
        let zeros = value >>> fs;
        if (have + zeros + fs < 31) {
          buffer = (buffer << (zeros + 1 + fs)) | one | low;
          have += zeros + 1 + fs;
        } else {
          while (have + zeros >= 8) {
            out[to++] = buffer << (8 - have);
            zeros -= 8 - have;
            buffer = 0;
            have = 0;
          }
          buffer = (buffer << (zeros + 1)) | 1;
          have += zeros + 1;
          if (have === 8) {
            out[to++] = buffer;
            have = 0;
          }
          buffer = (buffer << fs) | low;
          have += fs;
        }
        while (have >= 8) {
          have -= 8;
          out[to++] = buffer >>> have;
        }
      }
    }
    while (have >= 8) {
      have -= 8;
      out[to++] = buffer >>> have;
    }
  }
  if (have > 0) out[to++] = buffer << (8 - have);
  return to - offset;
}

/** Number of low bits from the mean of the folded differences. */
function bestSplit(sum: number, size: number): number {
  const mean = Math.max(0, (sum - Math.floor(size / 2) - 1) / size);
  return 32 - Math.clz32(Math.floor(mean) >>> 1);
}
