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
  let i = 0;
  while (i < m && x[xFrom + i]! < first) out[outFrom + i++] = left;
  // One straight piece after the other: its slope is found once for all values in it.
  for (let j = 0; j < n - 1 && i < m; j++) {
    const end = xp[j + 1]!;
    if (!(x[xFrom + i]! < end)) continue;
    const x0 = xp[j]!;
    const y0 = fp[j]!;
    const slope = (fp[j + 1]! - y0) / (end - x0);
    do {
      out[outFrom + i] = slope * (x[xFrom + i]! - x0) + y0;
      i++;
    } while (i < m && x[xFrom + i]! < end);
  }
  while (i < m && x[xFrom + i]! === last) out[outFrom + i++] = fp[n - 1]!;
  while (i < m) out[outFrom + i++] = right;
}
