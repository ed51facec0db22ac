import { USUAL_OVERHEAD } from '#shared/domain/history.ts';
import { reasonOf, type LostCause, type LostReason } from '#shared/domain/lost-time.ts';
import type { NightExposure, NightGap, NightReport } from '#shared/domain/night-report.ts';
import { isScienceFlavor } from '#shared/domain/exposure.ts';

interface Interval {
  from: number;
  to: number;
}

type Pause = Omit<NightGap, 'reasons'>;

/** The part of a time that lies in another, ms. */
const overlap = (a: Interval, b: Interval): number => Math.max(0, Math.min(a.to, b.to) - Math.max(a.from, b.from));

const timed = (exposure: NightExposure): exposure is NightExposure & Interval =>
  exposure.from !== null && exposure.to !== null;

/**
 * The time of a night that counts: the dark hours, as far as they have gone; where no science exposure lies in them (an
 * emulated night at noon, a day of tests), from the first science exposure to the last.
 */
function spanOf(science: readonly Interval[], dark: Interval, now: number): (Interval & { dark: boolean }) | null {
  if (science.length === 0) return null;
  const soFar = { from: dark.from, to: Math.min(dark.to, now) };
  if (science.some((one) => overlap(one, soFar) > 0)) return { ...soFar, dark: true };
  const from = Math.min(...science.map((one) => one.from));
  return { from, to: Math.max(...science.map((one) => one.to)), dark: false };
}

/** Pauses between exposures in time order, those at the ends of the span too; null ends are the night's. */
function pausesIn(span: Interval, exposures: readonly (NightExposure & Interval)[]): Pause[] {
  const pauses: Pause[] = [];
  let reached = span.from;
  let after: number | null = null;
  for (const { expid, from, to } of exposures) {
    if (to <= span.from || from >= span.to) continue;
    if (from > reached) pauses.push({ from: reached, to: from, after, before: expid });
    reached = Math.max(reached, to);
    after = expid;
  }
  if (span.to > reached) pauses.push({ from: reached, to: span.to, after, before: null });
  return pauses;
}

/** The time lost to each reason, the longest first; what nobody explained comes last. */
function lostTo(
  gaps: readonly NightGap[],
  seconds: (list: readonly Interval[]) => number,
): NightReport['time']['lostTo'] {
  const causeOf = (gap: NightGap): LostCause | null => reasonOf(gap.reasons)?.cause ?? null;
  return [...new Set(gaps.map(causeOf))]
    .map((cause) => ({ cause, seconds: seconds(gaps.filter((gap) => causeOf(gap) === cause)) }))
    .sort((a, b) => Number(a.cause === null) - Number(b.cause === null) || b.seconds - a.seconds);
}

/**
 * Where the time of a night went: open shutter, calibrations, overhead (pauses of at most USUAL_OVERHEAD) and time lost
 * (longer pauses, from their begin). Exposures that overlap are counted once.
 * @param exposures in the order of time, each ended by the begin of the next at the latest
 * @param dark the hours between the twilights
 * @param reasons why time was lost, newest first; `after`: the exposure before the stretch
 */
export function accountTime(
  exposures: readonly NightExposure[],
  dark: Interval,
  now: number,
  reasons: readonly (LostReason & { after: number | null })[] = [],
): Pick<NightReport, 'time' | 'gaps'> {
  const known = exposures.filter(timed);
  const science = known.filter(({ flavor }) => isScienceFlavor(flavor));
  const span = spanOf(science, dark, now);
  if (!span)
    return {
      gaps: [],
      time: {
        ...{ from: null, to: null, dark: false, span: 0, open: 0, bad: 0, calibration: 0, overhead: 0, lost: 0 },
        lostTo: [],
      },
    };
  const seconds = (list: readonly Interval[]): number => list.reduce((sum, one) => sum + overlap(one, span), 0) / 1000;
  const pauses = pausesIn(span, known);
  const isLong = ({ from, to }: Interval): boolean => to - from > USUAL_OVERHEAD * 1000;
  const gaps = pauses.filter(isLong).map((pause): NightGap => ({
    ...pause,
    reasons: reasons
      .filter(({ after }) => after === pause.after)
      .map(({ cause, words, author, at }) => ({ cause, words, author, at })),
  }));
  return {
    gaps,
    time: {
      ...span,
      span: (span.to - span.from) / 1000,
      open: seconds(science),
      bad: seconds(science.filter(({ flag }) => flag === 'bad')),
      calibration: seconds(known.filter(({ flavor }) => !isScienceFlavor(flavor))),
      overhead: seconds(pauses.filter((pause) => !isLong(pause))),
      lost: seconds(gaps),
      lostTo: lostTo(gaps, seconds),
    },
  };
}
