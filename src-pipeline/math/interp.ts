/**
 * Linear interpolation as numpy.interp, for ascending `x`: writes f(x) to `out`, with `left` / `right` outside of the
 * nodes. `n` nodes (`xp` ascending) are used, `x` holds `m` values from `xFrom`; `out` is filled from `outFrom`.
 * Both are walked once, so the cost is n + m.
 */
export function interpSorted(
  x: Float64Array,
  xFrom: number,
  m: number,
  xp: Float64Array,
  fp: Float64Array,
  n: number,
  out: Float64Array,
  outFrom: number,
  left: number,
  right: number,
): void {
  const first = xp[0]!;
  const last = xp[n - 1]!;
  let j = 0;
  for (let i = 0; i < m; i++) {
    const value = x[xFrom + i]!;
    let y: number;
    if (value < first) y = left;
    else if (value > last) y = right;
    else if (value === last) y = fp[n - 1]!;
    else {
      while (xp[j + 1]! <= value) j++;
      const x0 = xp[j]!;
      const y0 = fp[j]!;
      y = ((fp[j + 1]! - y0) / (xp[j + 1]! - x0)) * (value - x0) + y0;
    }
    out[outFrom + i] = y;
  }
}

/** numpy.interp of ascending `x` on nodes (`xp`, `fp`), constant outside unless told. */
export function interp(
  x: Float64Array,
  xp: Float64Array,
  fp: Float64Array,
  left = fp[0]!,
  right = fp[xp.length - 1]!,
): Float64Array {
  const out = new Float64Array(x.length);
  interpSorted(x, 0, x.length, xp, fp, xp.length, out, 0, left, right);
  return out;
}
