/** Lowest and highest value of each screen pixel along a line of values. */
export interface Envelope {
  low: Float64Array;
  high: Float64Array;
}

/**
 * What a line of values looks like on `pixels` screen pixels: the extremes of the values that fall on each. Where a value is
 * wider than a pixel several pixels share it.
 * @param start place of the first screen pixel's edge, in values
 * @param step values a screen pixel; negative where the screen runs the other way
 */
export function envelopeOf(values: Float64Array, start: number, step: number, pixels: number): Envelope {
  const low = new Float64Array(pixels).fill(NaN);
  const high = new Float64Array(pixels).fill(NaN);
  for (let i = 0; i < pixels; i++) {
    const a = start + i * step;
    const b = a + step;
    const from = Math.max(0, Math.floor(Math.min(a, b)));
    const to = Math.min(values.length - 1, Math.max(from, Math.ceil(Math.max(a, b)) - 1));
    let min = Infinity;
    let max = -Infinity;
    for (let j = from; j <= to; j++) {
      const value = values[j] ?? NaN;
      if (value < min) min = value;
      if (value > max) max = value;
    }
    if (Math.max(a, b) > 0 && min <= max) {
      low[i] = min;
      high[i] = max;
    }
  }
  return { low, high };
}
