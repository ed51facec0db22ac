/** How values become colours: in steps, so that equal colours mean equal steps and a legend can show each of them. */
export interface ColorScale {
  kind: 'diverging' | 'sequential';
  low: number;
  high: number;
}

/** Odd, so that a diverging scale has a quiet step in its middle. */
export const STEPS = 9;

/** Step (0 … STEPS − 1) of a value; values beyond the ends take the end's. */
export function stepOf({ low, high }: ColorScale, value: number): number {
  if (!(high > low)) return (STEPS - 1) / 2;
  return Math.min(STEPS - 1, Math.max(0, Math.floor(((value - low) / (high - low)) * STEPS)));
}

type Rgb = readonly [number, number, number];

function parse(color: string): Rgb {
  const digits = color.replace('#', '');
  const long = digits.length === 3 ? digits.replace(/./g, '$&$&') : digits;
  const value = (from: number): number => parseInt(long.slice(from, from + 2), 16) || 0;
  return [value(0), value(2), value(4)];
}

function mix(a: string, b: string, share: number): string {
  const [from, to] = [parse(a), parse(b)];
  const part = (i: 0 | 1 | 2): number => Math.round(from[i] + share * (to[i] - from[i]));
  return `rgb(${part(0)}, ${part(1)}, ${part(2)})`;
}

/** Colours along evenly spaced stops ('#rrggbb'), one a step. */
export function palette(stops: readonly string[]): string[] {
  return Array.from({ length: STEPS }, (_, i) => {
    const at = (i / (STEPS - 1)) * (stops.length - 1);
    const from = Math.min(stops.length - 2, Math.floor(at));
    return mix(stops[from] ?? '#000', stops[from + 1] ?? '#000', at - from);
  });
}

/** Value at a share (0 … 1) of the ascending numbers, between neighbours by proportion; NaN of none. */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  if (sorted.length === 0) return NaN;
  const at = share * (sorted.length - 1);
  const below = Math.floor(at);
  const low = sorted[below] ?? NaN;
  const high = sorted[Math.min(sorted.length - 1, below + 1)] ?? NaN;
  return low + (at - below) * (high - low);
}

/** 1, 2 or 5 times a power of ten, not below `value`. */
export function niceCeil(value: number): number {
  if (!(value > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  const part = value / power;
  const step = [1, 1.5, 2, 3, 5, 7, 10].find((one) => part <= one + 1e-9) ?? 10;
  return step * power;
}
