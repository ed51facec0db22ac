/** What a line or a band covers in each pixel column: its lowest and its highest value there; NaN where it is not. */
export interface Columns {
  low: Float64Array;
  high: Float64Array;
}

/** The first index of rising values that is not below `wanted`. */
function firstNotBelow(values: Float64Array, wanted: number): number {
  let [low, high] = [0, values.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (values[middle]! < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * The pixel columns that a band between two curves covers, both straight between their bins; a line is a band whose curves are
 * the same. A column costs what falls on it, however many bins the curve has beyond the edges, and drawing costs a column.
 * @param wavelength rising, Å
 * @param lower value of the lower edge in each bin; the band ends where it or the upper edge is not finite
 * @param upper value of the upper edge in each bin
 * @param start wavelength of the left edge of the first column
 * @param step Å a column
 */
export function columnsOf(
  wavelength: Float64Array,
  lower: ArrayLike<number>,
  upper: ArrayLike<number>,
  start: number,
  step: number,
  columns: number,
): Columns {
  const low = new Float64Array(columns).fill(NaN);
  const high = new Float64Array(columns).fill(NaN);
  const cover = (column: number, down: number, up: number): void => {
    // Comparisons with NaN are false: the first to come is taken.
    if (!(low[column]! <= down)) low[column] = down;
    if (!(high[column]! >= up)) high[column] = up;
  };
  const first = Math.max(0, firstNotBelow(wavelength, start) - 1);
  const last = Math.min(wavelength.length - 1, firstNotBelow(wavelength, start + step * columns));
  for (let i = first; i < last; i++) {
    const [down0, up0, down1, up1] = [lower[i]!, upper[i]!, lower[i + 1]!, upper[i + 1]!];
    if (!Number.isFinite(down0 + up0 + down1 + up1)) continue;
    const from = (wavelength[i]! - start) / step;
    const to = (wavelength[i + 1]! - start) / step;
    const begin = Math.max(0, Math.floor(from));
    const end = Math.min(columns - 1, Math.floor(to));
    for (let column = begin; column <= end; column++) {
      const enters = (Math.max(from, column) - from) / (to - from);
      const leaves = (Math.min(to, column + 1) - from) / (to - from);
      const [downIn, downOut] = [down0 + enters * (down1 - down0), down0 + leaves * (down1 - down0)];
      const [upIn, upOut] = [up0 + enters * (up1 - up0), up0 + leaves * (up1 - up0)];
      cover(column, Math.min(downIn, downOut), Math.max(upIn, upOut));
    }
  }
  return { low, high };
}
