import type { Header } from './header.ts';
import type { HduBlock } from './write.ts';

/** FITS checksums: the 32-bit ones' complement sum of the bytes, as big-endian words (FITS Standard 4.0, appendix J). */

/** Words whose single bytes can be summed in 16 bits. */
const RUN = 128;

/**
 * Adds bytes to a sum; pieces of a file can be summed one after another when each but the last is a multiple of 4 long.
 * Missing bytes of the last word count as zero.
 */
export function sumBytes(bytes: Uint8Array, start = 0): number {
  const whole = bytes.length & ~3;
  let sum = start;
  if (bytes.byteOffset % 4 === 0 && LITTLE_ENDIAN) {
    sum = fold(sum + sumSwapped(new Uint32Array(bytes.buffer, bytes.byteOffset, whole / 4)));
  } else {
    const view = new DataView(bytes.buffer, bytes.byteOffset, whole);
    for (let at = 0; at < whole; at += 4) {
      sum += view.getUint32(at);
      if (sum > 0xffff_ffff) sum = fold(sum);
    }
  }
  if (whole < bytes.length) {
    let word = 0;
    for (let i = 0; i < 4; i++) word = (word << 8) | (bytes[whole + i] ?? 0);
    sum = fold(sum + (word >>> 0));
  }
  return sum;
}

const LITTLE_ENDIAN = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/** Sum of byte-swapped words: the bytes of each place are summed in pairs, two to an integer, and put in order after a run. */
function sumSwapped(words: Uint32Array): number {
  let high = 0;
  let low = 0;
  for (let from = 0; from < words.length; from += RUN) {
    const end = Math.min(from + RUN, words.length);
    let evenBytes = 0;
    let oddBytes = 0;
    for (let i = from; i < end; i++) {
      const word = words[i]!;
      evenBytes += word & 0x00ff00ff;
      oddBytes += (word >>> 8) & 0x00ff00ff;
    }
    high += (evenBytes & 0xffff) * 256 + (oddBytes & 0xffff);
    low += (evenBytes >>> 16) * 256 + (oddBytes >>> 16);
  }
  // Each half stays below 2^53; folding them first keeps the product exact.
  return fold((high % 0x1_0000) * 0x1_0000 + Math.floor(high / 0x1_0000) + low);
}

/** Carries go back in at the bottom. */
function fold(sum: number): number {
  let folded = sum;
  while (folded > 0xffff_ffff) folded = (folded % 2 ** 32) + Math.floor(folded / 2 ** 32);
  return folded;
}

/** The 16 letters and digits of a CHECKSUM card that bring the sum of its HDU to all ones. */
export function encodeChecksum(sum: number): string {
  const complement = ~sum >>> 0;
  const letters = new Array<string>(16);
  for (let i = 0; i < 4; i++) {
    const byte = (complement >>> (24 - 8 * i)) & 0xff;
    const parts = [(byte >> 2) + (byte & 3), byte >> 2, byte >> 2, byte >> 2].map((part) => part + 0x30);
    // Punctuation is avoided by moving a pair of characters apart; their sum stays.
    for (let moved = true; moved;) {
      moved = false;
      for (let pair = 0; pair < 4; pair += 2) {
        if (isPunctuation(parts[pair]!) || isPunctuation(parts[pair + 1]!)) {
          parts[pair]! += 1;
          parts[pair + 1]! -= 1;
          moved = true;
        }
      }
    }
    // The string begins one byte before a word boundary, hence one place further.
    parts.forEach((part, j) => (letters[(4 * j + i + 1) % 16] = String.fromCharCode(part)));
  }
  return letters.join('');
}

function isPunctuation(code: number): boolean {
  return (code >= 0x3a && code <= 0x40) || (code >= 0x5b && code <= 0x60);
}

/** Writes DATASUM and CHECKSUM into a header whose data have the sum `dataSum`. */
export function stampChecksum(header: Header, dataSum: number): Header {
  header.set('DATASUM', String(dataSum), 'data unit checksum');
  header.set('CHECKSUM', '0'.repeat(16), 'HDU checksum');
  return header.set('CHECKSUM', encodeChecksum(sumBytes(header.toBytes(), dataSum)));
}

/** The HDU with its CHECKSUM and DATASUM. */
export function withChecksum(block: HduBlock): HduBlock {
  return { header: stampChecksum(block.header.clone(), sumBytes(block.data)), data: block.data };
}

/** What the checksum cards of an HDU say of its bytes; `absent` when there is no such card. */
export interface ChecksumVerdict {
  datasum: 'right' | 'wrong' | 'absent';
  checksum: 'right' | 'wrong' | 'absent';
}

/**
 * Checks an HDU by its checksum cards.
 * @param headerBytes the header as it lies in the file, with its padding
 * @param dataSum sumBytes of the data
 */
export function verifyChecksum(header: Header, headerBytes: Uint8Array, dataSum: number): ChecksumVerdict {
  const stored = header.text('DATASUM')?.trim();
  const total = sumBytes(headerBytes, dataSum);
  return {
    datasum: stored === undefined || stored === '' ? 'absent' : Number(stored) === dataSum ? 'right' : 'wrong',
    checksum: !header.text('CHECKSUM') ? 'absent' : total === 0xffff_ffff || total === 0 ? 'right' : 'wrong',
  };
}
