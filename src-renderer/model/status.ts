/** Every state of the status grammar that a camera, a group of metrics, an exposure or an alarm can show. */
export const STATUSES = [
  'alarm',
  'failed',
  'missing',
  'cancelled',
  'warning',
  'unknown',
  'stale',
  'running',
  'waiting',
  'normal',
  'not-expected',
  'superseded',
  'lost',
  'acknowledged',
  'shelved',
] as const;
export type Status = (typeof STATUSES)[number];

/** The word beside a glyph, or its accessible name. */
export const STATUS_WORDS: Readonly<Record<Status, string>> = {
  alarm: 'alarm',
  failed: 'failed',
  missing: 'missing',
  cancelled: 'cancelled',
  warning: 'warning',
  unknown: 'unknown',
  stale: 'stale',
  running: 'running',
  waiting: 'waiting',
  normal: 'normal',
  'not-expected': 'not expected',
  superseded: 'superseded',
  lost: 'lost contact',
  acknowledged: 'acknowledged',
  shelved: 'shelved',
};

/** Worst first; what is not in this list (not expected, superseded, lost) never rolls up. */
export const ROLL_UP: readonly Status[] = [
  'alarm',
  'failed',
  'missing',
  'cancelled',
  'warning',
  'unknown',
  'stale',
  'running',
  'waiting',
  'normal',
];

/** The status that stands for several: the first of the roll-up order among them; undefined when none rolls up. */
export function rollUp(statuses: Iterable<Status>): Status | undefined {
  let best = ROLL_UP.length;
  for (const status of statuses) {
    const rank = ROLL_UP.indexOf(status);
    if (rank >= 0 && rank < best) best = rank;
  }
  return ROLL_UP[best];
}
