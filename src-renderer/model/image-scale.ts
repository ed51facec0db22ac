import { PERCENTILES, type ImageStatistics } from '#shared/domain/image.ts';
import type { CcdOptions, Transfer } from './ccd-options.ts';

/** The values that the first and the last colour stand for. */
export interface ValueRange {
  low: number;
  high: number;
}

/** The percentile of the statistics at `percent`, linear between those that it holds. */
export function percentileAt(percentiles: readonly number[], percent: number): number {
  const at = PERCENTILES.findIndex((held) => held >= percent);
  const above = PERCENTILES[at];
  const below = PERCENTILES[at - 1];
  const high = percentiles[at];
  const low = percentiles[at - 1];
  if (above === undefined || high === undefined) return percentiles[percentiles.length - 1] ?? NaN;
  if (below === undefined || low === undefined || above === percent) return high;
  return low + ((high - low) * (percent - below)) / (above - below);
}

/** The range of an image by the chosen rule; null where the image has no defined pixel. */
export function rangeOf(
  statistics: ImageStatistics,
  { scale, share, manual }: Pick<CcdOptions, 'scale' | 'share' | 'manual'>,
): ValueRange | null {
  if (scale === 'manual') return manual;
  const { values } = statistics;
  if (!values) return null;
  if (scale === 'minmax') return widened({ low: values.min, high: values.max });
  if (scale === 'zscale') return widened({ low: values.zscale[0], high: values.zscale[1] });
  const outside = (100 - share) / 2;
  return widened({
    low: percentileAt(values.percentiles, outside),
    high: percentileAt(values.percentiles, 100 - outside),
  });
}

/** A range without width has one to the next whole number, so that there is a middle to show. */
function widened({ low, high }: ValueRange): ValueRange {
  return high > low ? { low, high } : { low: low - 0.5, high: high + 0.5 };
}

/** One range for many images: the middle one of their lower and of their upper ends; those that differ stand out. */
export function commonRange(ranges: readonly ValueRange[]): ValueRange | null {
  if (ranges.length === 0) return null;
  const middle = (values: number[]): number => values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
  return widened({ low: middle(ranges.map(({ low }) => low)), high: middle(ranges.map(({ high }) => high)) });
}

const LOG_STEEPNESS = 1000;
const ASINH_STEEPNESS = 10;

/** Place among the colours (0 to 1) of a place in the range (0 to 1); the curves of DS9. */
export function transferred(transfer: Transfer, share: number): number {
  const x = Math.min(1, Math.max(0, share));
  switch (transfer) {
    case 'linear':
      return x;
    case 'sqrt':
      return Math.sqrt(x);
    case 'asinh':
      return Math.asinh(ASINH_STEEPNESS * x) / Math.asinh(ASINH_STEEPNESS);
    case 'log':
      return Math.log1p(LOG_STEEPNESS * x) / Math.log1p(LOG_STEEPNESS);
  }
}

/** The inverse of `transferred`: which place in the range has this place among the colours. */
export function untransferred(transfer: Transfer, place: number): number {
  const x = Math.min(1, Math.max(0, place));
  switch (transfer) {
    case 'linear':
      return x;
    case 'sqrt':
      return x * x;
    case 'asinh':
      return Math.sinh(x * Math.asinh(ASINH_STEEPNESS)) / ASINH_STEEPNESS;
    case 'log':
      return Math.expm1(x * Math.log1p(LOG_STEEPNESS)) / LOG_STEEPNESS;
  }
}

/**
 * The range after a drag with the pointer: across moves it (brightness), up and down widens or narrows it (contrast).
 * @param dx share of the width dragged to the right
 * @param dy share of the height dragged upwards
 */
export function draggedRange({ low, high }: ValueRange, dx: number, dy: number): ValueRange {
  const width = high - low;
  const middle = (low + high) / 2 - dx * width;
  const half = (width / 2) * 2 ** (-3 * dy);
  return { low: middle - half, high: middle + half };
}
