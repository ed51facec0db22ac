import type { NightReport } from './night-report.ts';

const HOUR = 3_600_000;
const MINUTE = 60_000;

/**
 * The hours that a night's timeline shows: all exposures, and the whole of the dark hours where one of them lies there.
 * Null where no exposure has a known begin.
 */
export function timelineSpan(
  report: Pick<NightReport, 'exposures' | 'dusk' | 'dawn'>,
): { from: number; to: number } | null {
  const { exposures, dusk, dawn } = report;
  const times = exposures.flatMap(({ from, to }) => (from === null || to === null ? [] : [from, to]));
  if (times.length === 0) return null;
  let from = Math.min(...times);
  let to = Math.max(...times);
  if (to > dusk && from < dawn) {
    from = Math.min(from, dusk);
    to = Math.max(to, dawn);
  }
  const margin = Math.max(5 * MINUTE, (to - from) * 0.02);
  return { from: from - margin, to: to + margin };
}

/** Round times along a span, eight to fourteen of them. */
export function timelineTicks({ from, to }: { from: number; to: number }): number[] {
  const steps = [MINUTE, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE, 15 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR];
  const step = steps.find((candidate) => (to - from) / candidate <= 14) ?? 2 * HOUR;
  const ticks: number[] = [];
  for (let tick = Math.ceil(from / step) * step; tick <= to; tick += step) ticks.push(tick);
  return ticks;
}
