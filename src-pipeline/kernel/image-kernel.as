// Loops over all pixels of an image, in AssemblyScript with 128-bit vectors: the same arithmetic as the JavaScript in
// steps/preproc and qa/countpix, which is what runs where there is no WebAssembly.
// `npm run build:kernels` compiles it into image-kernel.ts.

@inline
function storeElectrons(pix: usize, ivar: usize, low: v128, high: v128, level: v128, rowLevel: v128, gain: v128, noise2: v128): void {
  const a = f64x2.mul(f64x2.sub(f64x2.sub(low, level), rowLevel), gain);
  const b = f64x2.mul(f64x2.sub(f64x2.sub(high, level), rowLevel), gain);
  const electrons = i8x16.shuffle(
    f32x4.demote_f64x2_zero(a), f32x4.demote_f64x2_zero(b), 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23,
  );
  v128.store(pix, electrons);
  // The variance is that of the electrons as they are kept, in single precision.
  const upper = i8x16.shuffle(electrons, electrons, 8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15);
  v128.store(ivar, i8x16.shuffle(
    f32x4.demote_f64x2_zero(inverse(f64x2.promote_low_f32x4(electrons), noise2)),
    f32x4.demote_f64x2_zero(inverse(f64x2.promote_low_f32x4(upper), noise2)),
    0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23,
  ));
}

/** 1 / (max(electrons, 0) + noise2), 0 where that is no positive number. */
@inline
function inverse(electrons: v128, noise2: v128): v128 {
  const zero = f64x2.splat(0);
  const variance = f64x2.add(f64x2.pmax(zero, electrons), noise2);
  return v128.and(f64x2.div(f64x2.splat(1), variance), f64x2.gt(variance, zero));
}

/**
 * Electrons and inverse variances of `count` pixels, at least 4, from 16-bit counts. True when any reaches `saturation`.
 */
export function fillUint16(
  raw: usize, pix: usize, ivar: usize, count: i32,
  level: f64, rowLevel: f64, gain: f64, noise2: f64, saturation: f64,
): bool {
  const levels = f64x2.splat(level);
  const rowLevels = f64x2.splat(rowLevel);
  const gains = f64x2.splat(gain);
  const noises = f64x2.splat(noise2);
  const limit = f64x2.splat(saturation);
  let reached = i64x2.splat(0);
  for (let i = 0; i < count; i += 4) {
    // The last group overlaps the one before.
    if (i > count - 4) i = count - 4;
    const counts = i32x4.extend_low_i16x8_u(v128.load64_zero(raw + (<usize>i << 1)));
    const low = f64x2.convert_low_i32x4_u(counts);
    const high = f64x2.convert_low_i32x4_u(
      i8x16.shuffle(counts, counts, 8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15),
    );
    storeElectrons(pix + (<usize>i << 2), ivar + (<usize>i << 2), low, high, levels, rowLevels, gains, noises);
    reached = v128.or(reached, v128.or(f64x2.ge(low, limit), f64x2.ge(high, limit)));
  }
  return v128.any_true(reached);
}

/**
 * Pixels that may be hit by a cosmic ray, a superset of those that pass the exact test: brighter than `least`, and along some
 * axis more than 1/gradient of the mean of two neighbours, none of which counts for more than the pixel itself.
 * Writes their indices to `out`; returns how many there are, −1 when they are more than `room`.
 * Gradients are doubled and a little enlarged, as this is in single precision.
 */
export function findPointed(
  pix: usize, nx: i32, ny: i32, least: f32, alongX: f32, alongY: f32, rising: f32, falling: f32, out: usize, room: i32,
): i32 {
  let found = 0;
  const row = <usize>nx << 2;
  const leasts = f32x4.splat(least);
  const xs = f32x4.splat(alongX);
  const ys = f32x4.splat(alongY);
  const ups = f32x4.splat(rising);
  const downs = f32x4.splat(falling);
  for (let y = 1; y < ny - 1; y++) {
    const base = pix + <usize>y * row;
    for (let x = 1; x < nx - 1; x += 4) {
      // The last group overlaps the one before.
      if (x > nx - 5) x = nx - 5;
      const at = base + (<usize>x << 2);
      const c = v128.load(at);
      const bright = f32x4.gt(c, leasts);
      if (!v128.any_true(bright)) continue;
      const sumX = f32x4.add(f32x4.min(v128.load(at, 4), c), f32x4.min(v128.load(at - 4), c));
      const sumY = f32x4.add(f32x4.min(v128.load(at + row), c), f32x4.min(v128.load(at - row), c));
      const sumUp = f32x4.add(f32x4.min(v128.load(at + row, 4), c), f32x4.min(v128.load(at - row - 4), c));
      const sumDown = f32x4.add(f32x4.min(v128.load(at + row - 4), c), f32x4.min(v128.load(at - row, 4), c));
      const pointed = v128.or(
        v128.or(f32x4.gt(f32x4.mul(c, xs), sumX), f32x4.gt(f32x4.mul(c, ys), sumY)),
        v128.or(f32x4.gt(f32x4.mul(c, ups), sumUp), f32x4.gt(f32x4.mul(c, downs), sumDown)),
      );
      let bits = i32x4.bitmask(v128.and(bright, pointed));
      while (bits != 0) {
        if (found >= room) return -1;
        store<i32>(out + (<usize>found << 2), y * nx + x + ctz<i32>(bits));
        found++;
        bits &= bits - 1;
      }
    }
  }
  return found;
}

/** How many of `count` values are above a threshold. */
export function countAbove(values: usize, count: i32, threshold: f32): i32 {
  const thresholds = f32x4.splat(threshold);
  let counts = i32x4.splat(0);
  const whole = count & ~3;
  for (let i = 0; i < whole; i += 4) {
    counts = i32x4.sub(counts, f32x4.gt(v128.load(values + (<usize>i << 2)), thresholds));
  }
  let total =
    i32x4.extract_lane(counts, 0) + i32x4.extract_lane(counts, 1) +
    i32x4.extract_lane(counts, 2) + i32x4.extract_lane(counts, 3);
  for (let i = whole; i < count; i++) if (load<f32>(values + (<usize>i << 2)) > threshold) total++;
  return total;
}

/** How many of `count` bytes are not 0. */
export function countMarked(marks: usize, count: i32): i32 {
  const zero = i8x16.splat(0);
  const whole = count & ~15;
  let total = 0;
  for (let i = 0; i < whole; i += 16) {
    const marked = i8x16.ne(v128.load(marks + i), zero);
    if (v128.any_true(marked)) total += popcnt<i32>(i8x16.bitmask(marked));
  }
  for (let i = whole; i < count; i++) if (load<u8>(marks + i) != 0) total++;
  return total;
}

/** Sets to 0 the pixels whose mark is not 0. */
export function clearMarked(pix: usize, marks: usize, count: i32): void {
  const whole = count & ~15;
  for (let i = 0; i < count; i++) {
    if (i < whole && (i & 15) == 0 && !v128.any_true(v128.load(marks + i))) {
      i += 15;
      continue;
    }
    if (load<u8>(marks + i) != 0) store<f32>(pix + (<usize>i << 2), 0);
  }
}

/** Sum and number of the unmarked pixels of a rectangle, left to right and bottom to top; marked pixels are 0. */
@inline
function meanOf(pix: usize, marks: usize, nx: i32, left: i32, right: i32, bottom: i32, top: i32): f32 {
  let sum: f64 = 0;
  let good = 0;
  for (let y = bottom; y < top; y++) {
    const row = <usize>y * nx;
    for (let x = left; x < right; x++) {
      sum += <f64>load<f32>(pix + ((row + x) << 2));
      good += i32(load<u8>(marks + row + x) == 0);
    }
  }
  return <f32>(sum / <f64>good);
}

/** The same for four by four pixels, in another order. */
@inline
function meanOfFour(pix: usize, marks: usize, nx: i32, left: i32, bottom: i32): f32 {
  let low = f64x2.splat(0);
  let high = f64x2.splat(0);
  let marked: u32 = 0;
  let good = 16;
  for (let y = bottom; y < bottom + 4; y++) {
    const at = <usize>y * nx + left;
    const four = v128.load(pix + (at << 2));
    low = f64x2.add(low, f64x2.promote_low_f32x4(four));
    high = f64x2.add(high, f64x2.promote_low_f32x4(
      i8x16.shuffle(four, four, 8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15),
    ));
    marked = load<u32>(marks + at);
    if (marked != 0) {
      good -= i32((marked & 0xff) != 0) + i32((marked & 0xff00) != 0) + i32((marked & 0xff0000) != 0) + i32(marked > 0xffffff);
    }
  }
  const both = f64x2.add(low, high);
  return <f32>((f64x2.extract_lane(both, 0) + f64x2.extract_lane(both, 1)) / <f64>good);
}

/**
 * Means over `n` × `n` pixels that are not marked, NaN where all are, to `out`, row after row. Marked pixels are 0.
 */
export function binMeans(pix: usize, marks: usize, nx: i32, ny: i32, n: i32, out: usize): void {
  let to = out;
  for (let bottom = 0; bottom < ny; bottom += n) {
    const top = min(bottom + n, ny);
    for (let left = 0; left < nx; left += n) {
      const right = min(left + n, nx);
      store<f32>(
        to,
        n == 4 && right - left == 4 && top - bottom == 4
          ? meanOfFour(pix, marks, nx, left, bottom)
          : meanOf(pix, marks, nx, left, right, bottom, top),
      );
      to += 4;
    }
  }
}
