type Rgb = readonly [number, number, number];

/** Reads '#rrggbb' or '#rgb'; undefined for anything else. */
function parseHex(color: string): Rgb | undefined {
  const short = /^#([\da-f])([\da-f])([\da-f])$/i.exec(color);
  const long = /^#([\da-f]{2})([\da-f]{2})([\da-f]{2})$/i.exec(color);
  const [, r = '', g = '', b = ''] = short ?? long ?? [];
  if (r === '') return undefined;
  const value = (digits: string): number => parseInt(short ? digits + digits : digits, 16);
  return [value(r), value(g), value(b)];
}

/** Relative luminance of WCAG 2.2, 0 … 1. */
function luminance(rgb: Rgb): number {
  const [r, g, b] = rgb.map((value) => {
    const x = value / 255;
    return x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function ratio(a: Rgb, b: Rgb): number {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

/** Colour at `share` (−1 … 1) of a scale that goes from `low` over `middle` to `high`. */
function mixed(share: number, low: Rgb, middle: Rgb, high: Rgb): Rgb {
  const end = share < 0 ? low : high;
  const weight = Math.min(1, Math.abs(share));
  const mix = (i: 0 | 1 | 2): number => middle[i] + weight * (end[i] - middle[i]);
  return [mix(0), mix(1), mix(2)];
}

/**
 * Of the theme's own colours the one that reads best on a diverging scale at `share` (−1 … 1); the first where a colour
 * cannot be read. Plotly would take black or white, and white has no place in the red theme.
 */
export function readableOn(
  share: number,
  scale: readonly [string, string, string],
  candidates: readonly [string, ...string[]],
): string {
  const [low, middle, high] = scale.map(parseHex);
  if (!low || !middle || !high) return candidates[0];
  const ground = mixed(share, low, middle, high);
  const contrast = (color: string): number => {
    const rgb = parseHex(color);
    return rgb ? ratio(rgb, ground) : 0;
  };
  return candidates.reduce((best, color) => (contrast(color) > contrast(best) ? color : best));
}
