// RICE_1 decoding in AssemblyScript: the same algorithm as rice.ts, with a 64-bit bit buffer.
// `npm run build:kernels` compiles it into rice-kernel.ts.

@inline
function next32(from: usize): u64 {
  return <u64>bswap<u32>(load<u32>(from));
}

@inline
function decode<T>(
  input: usize, length: i32, output: usize, count: i32, blockSize: i32, flip: i32, fsBits: i32, fsMax: i32,
): i32 {
  const width: i32 = sizeof<T>();
  const bits: u64 = width * 8;
  if (length < width) return 1;
  // Beyond the stream the memory holds zeros, which can end no pixel: reading stops soon after `end`.
  const end = input + length;
  let from = input;
  let last: i32 = 0;
  for (let i = 0; i < width; i++) last = (last << 8) | <i32>load<u8>(from++);
  last ^= flip;
  // `have` bits lie at the top of `buffer`, zeros below.
  let buffer: u64 = 0;
  let have: i32 = 0;
  let to = output;
  const stop = output + <usize>count * width;
  const block = <usize>blockSize * width;
  while (to < stop) {
    let blockEnd = to + block;
    if (blockEnd > stop) blockEnd = stop;
    if (have < 32) {
      buffer |= next32(from) << (32 - have);
      from += 4;
      have += 32;
    }
    const fs = <i32>(buffer >> (64 - fsBits)) - 1;
    buffer <<= fsBits;
    have -= fsBits;
    if (fs < 0) {
      for (; to < blockEnd; to += width) store<T>(to, <T>last);
    } else if (fs < fsMax) {
      for (; to < blockEnd; to += width) {
        if (have < 32) {
          buffer |= next32(from) << (32 - have);
          from += 4;
          have += 32;
        }
        let zeros = <i32>clz(buffer);
        // Zeros, a one and fs bits: the one and the bits are taken together (shifts count modulo 64).
        const size = zeros + fs + 1;
        let folded: i32;
        if (size <= have) {
          folded = <i32>(buffer >> -size) + ((zeros - 1) << fs);
          buffer <<= size;
          have -= size;
        } else {
          let high = 0;
          while (zeros >= have) {
            if (from > end) return 1;
            high += have;
            buffer = next32(from) << 32;
            from += 4;
            have = 32;
            zeros = <i32>clz(buffer);
          }
          high += zeros;
          // Two steps, for a shift by 64 would be none.
          buffer = (buffer << zeros) << 1;
          have -= zeros + 1;
          if (have < 32) {
            buffer |= next32(from) << (32 - have);
            from += 4;
            have += 32;
          }
          folded = (high << fs) | <i32>((buffer >> 1) >> (63 - fs));
          buffer <<= fs;
          have -= fs;
        }
        last += (folded >>> 1) ^ -(folded & 1);
        store<T>(to, <T>last);
      }
    } else if (fs == fsMax) {
      for (; to < blockEnd; to += width) {
        if (have < 32) {
          buffer |= next32(from) << (32 - have);
          from += 4;
          have += 32;
        }
        const folded = <i32>(buffer >> (64 - bits));
        buffer <<= bits;
        have -= <i32>bits;
        last += (folded >>> 1) ^ -(folded & 1);
        store<T>(to, <T>last);
        if (from > end + 8) return 1;
      }
    } else {
      return 2;
    }
    if (from > end + 8) return 1;
  }
  return <i32>(from - input) * 8 - have > length * 8 ? 1 : 0;
}

/**
 * Decode one tile of 1-, 2- or 4-byte pixels. Eight zero bytes must follow the input.
 * Answer 0: done; 1: the stream ends before its pixels do; 2: a block with an impossible fs.
 */
export function decode1(input: usize, length: i32, output: usize, count: i32, blockSize: i32, flip: i32): i32 {
  return decode<u8>(input, length, output, count, blockSize, flip, 3, 6);
}

export function decode2(input: usize, length: i32, output: usize, count: i32, blockSize: i32, flip: i32): i32 {
  return decode<u16>(input, length, output, count, blockSize, flip, 4, 14);
}

export function decode4(input: usize, length: i32, output: usize, count: i32, blockSize: i32, flip: i32): i32 {
  return decode<u32>(input, length, output, count, blockSize, flip, 5, 25);
}
