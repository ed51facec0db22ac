import type { Tick } from './canvas-figure.ts';

/** Round steps for about `count` ticks over a range. */
export function tickStep(low: number, high: number, count: number): number {
  const rough = (high - low) / Math.max(1, count);
  if (!(rough > 0) || !Number.isFinite(rough)) return 1;
  const power = 10 ** Math.floor(Math.log10(rough));
  const share = rough / power;
  return power * (share <= 1 ? 1 : share <= 2 ? 2 : share <= 5 ? 5 : 10);
}

const MINUS = '\u2212';

/** Round numbers inside a range, written with the digits that tell them apart. */
export function numberTicks([low, high]: readonly [number, number], count: number): Tick[] {
  const step = tickStep(low, high, count);
  const digits = Math.min(8, Math.max(0, -Math.floor(Math.log10(step) + 1e-9)));
  const ticks: Tick[] = [];
  for (let i = Math.ceil(low / step - 1e-9); i <= high / step + 1e-9; i++) {
    const at = i * step;
    const size = Math.abs(at);
    const text =
      size >= 1e6 || (size > 0 && size < 1e-4) ? size.toExponential(1).replace('e+', 'e') : size.toFixed(digits);
    ticks.push({ at, text: (at < 0 && Number(text) !== 0 ? MINUS : '') + text });
  }
  return ticks;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const TIME_STEPS = [
  MINUTE,
  2 * MINUTE,
  5 * MINUTE,
  10 * MINUTE,
  15 * MINUTE,
  30 * MINUTE,
  HOUR,
  2 * HOUR,
  3 * HOUR,
  6 * HOUR,
  12 * HOUR,
  DAY,
  2 * DAY,
  7 * DAY,
  14 * DAY,
  30 * DAY,
  91 * DAY,
  365 * DAY,
] as const;

/** Moments (ms since the epoch, UTC) inside a range; hours inside a day or two, then dates. */
export function timeTicks([low, high]: readonly [number, number], count: number): Tick[] {
  const rough = (high - low) / Math.max(1, count);
  const step = TIME_STEPS.find((candidate) => candidate >= rough) ?? Math.ceil(rough / (365 * DAY)) * 365 * DAY;
  const long = step >= 30 * DAY;
  const ticks: Tick[] = [];
  for (let at = Math.ceil(low / step) * step; at <= high; at += step) {
    const iso = new Date(at).toISOString();
    const isMidnight = at % DAY === 0;
    ticks.push({ at, text: long ? iso.slice(0, 7) : isMidnight ? iso.slice(5, 10) : iso.slice(11, 16) });
  }
  return ticks;
}

/** A range that holds some values, with room around them; 0 to 1 of none. */
export function paddedRange(values: Iterable<number | null>, room = 0.06): [number, number] {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (value === null || !Number.isFinite(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (low > high) return [0, 1];
  const margin = room * (high - low || Math.abs(high) || 1);
  return [low - margin, high + margin];
}
