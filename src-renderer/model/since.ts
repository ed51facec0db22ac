import type { Exposure } from '#shared/domain/exposure.ts';
import { formatAbout } from './format.ts';

/** Longest time from shutter close to registration for the header's clock to be the one to count from. */
const FRESH_MS = 15 * 60_000;
/** Past the usual interval by this factor, the next exposure is late. */
const LATE_FACTOR = 1.5;
/** Exposures behind the usual interval. */
const INTERVALS = 10;

/** What the clock since the last exposure counts from. */
export interface LastExposure {
  exposure: Exposure;
  at: number;
  /** Shutter close as the header has it, or else when QLF saw it (an old night read again). */
  from: 'shutter' | 'seen';
}

function shutterClose(exposure: Exposure): number | null {
  if (exposure.dateObs === null) return null;
  const zoned = /(Z|[+-]\d\d:?\d\d)$/.test(exposure.dateObs) ? exposure.dateObs : `${exposure.dateObs}Z`;
  const start = Date.parse(zoned);
  return Number.isNaN(start) ? null : start + (exposure.exptime ?? 0) * 1000;
}

/** The newest exposure and the moment it ended; null when there is none. */
export function lastExposure(exposures: readonly Exposure[]): LastExposure | null {
  const [exposure] = exposures;
  if (!exposure) return null;
  const close = shutterClose(exposure);
  const delay = close === null ? Number.NaN : exposure.registeredAt - close;
  // A second of disagreement between the telescope's clock and ours is no reason for doubt.
  if (close !== null && delay > -1000 && delay < FRESH_MS) return { exposure, at: close, from: 'shutter' };
  return { exposure, at: exposure.registeredAt, from: 'seen' };
}

/** Median time between the registrations of the last exposures of the newest night, ms; null with fewer than three. */
export function usualInterval(exposures: readonly Exposure[]): number | null {
  const night = exposures[0]?.night;
  const times = exposures.filter((exposure) => exposure.night === night).slice(0, INTERVALS + 1);
  const gaps = times.slice(1).map((exposure, i) => (times[i]?.registeredAt ?? 0) - exposure.registeredAt);
  if (gaps.length < 2) return null;
  const sorted = gaps.sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const high = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? high : ((sorted[middle - 1] ?? 0) + high) / 2;
}

/** The line under the clock. */
export interface Expectation {
  state: 'none' | 'due' | 'late';
  /** ms until the next one is due, or since it was. */
  ms: number;
}

/** The expectation in words; empty without one. */
export function expectationWords({ state, ms }: Expectation): string {
  switch (state) {
    case 'none':
      return '';
    case 'due':
      return ms < 1000 ? 'Next expected now' : `Next expected in about ${formatAbout(ms)}`;
    case 'late':
      return `Next is late by ${formatAbout(ms)}`;
  }
}

/** When the next exposure is due, by the usual interval; late past one and a half of them. */
export function nextExposure(last: LastExposure, interval: number | null, now: number): Expectation {
  if (interval === null || interval <= 0) return { state: 'none', ms: 0 };
  const due = last.exposure.registeredAt + interval;
  if (now > last.exposure.registeredAt + LATE_FACTOR * interval) return { state: 'late', ms: now - due };
  return { state: 'due', ms: Math.max(0, due - now) };
}
