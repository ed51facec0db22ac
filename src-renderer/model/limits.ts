import type { Bounds } from '#shared/qa/excess.ts';

export { boundsOf, distanceOf, excessOf, rangesOf, reachOf, type Bounds } from '#shared/qa/excess.ts';

/** Half-widths in words: '±1.5, 2' or, where the range is not symmetric, '−1 +2, −3 +4'. */
export function rangeWords({ normal, warn }: Bounds, format: (value: number) => string): string {
  const words = (range: readonly [number, number]): string =>
    range[0] === -range[1] ? format(range[1]) : `${format(range[0])} +${format(range[1])}`;
  const parts = [normal, warn].filter((range) => range !== null).map(words);
  if (parts.length === 0) return '';
  const symmetric = [normal, warn].every((range) => range === null || range[0] === -range[1]);
  return (symmetric ? '\u00b1' : '') + parts.join(', ');
}
