import type { NightSummary } from '#shared/domain/history.ts';
import { nightAfter, nightStart } from '#shared/domain/night.ts';
import { count } from './format.ts';
import { nightDate } from './history-look.ts';
import type { Status } from './status.ts';

/** A night in the calendar. */
export interface CalendarDay {
  night: string;
  /** Column (week) and row (Monday 0) in the grid. */
  week: number;
  day: number;
  summary: NightSummary | null;
  /** `normal`: a shade of grey by how much was good · null: no observing. */
  status: Extract<Status, 'alarm' | 'failed' | 'warning' | 'normal' | 'not-expected'> | null;
  /** 0 to 1: how much of what was judged is normal. */
  good: number;
  /** All of it in words. */
  title: string;
}

export interface CalendarMonth {
  name: string;
  week: number;
}

const WEEKS = 53;
/** A night is called warned when more than this part of its judged exposures has a warning. */
const WARNED = 0.1;
const MONTH = new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', month: 'short' });

function statusOf(summary: NightSummary | null): CalendarDay['status'] {
  if (!summary) return null;
  if (summary.alarm > 0) return 'alarm';
  if (summary.failed > 0) return 'failed';
  if (summary.judged === 0) return 'not-expected';
  return summary.warning > WARNED * summary.judged ? 'warning' : 'normal';
}

function titleOf(night: string, summary: NightSummary | null): string {
  if (!summary) return `${nightDate(night)}: no exposures`;
  const { exposures, judged, normal, warning, alarm, failed, superseded } = summary;
  const parts = [
    count(exposures, 'exposure'),
    judged === 0 ? 'none judged' : `${normal} of ${judged} judged normal`,
    warning > 0 ? count(warning, 'warning') : '',
    alarm > 0 ? count(alarm, 'alarm') : '',
    failed > 0 ? `${failed} failed or incomplete` : '',
    superseded > 0 ? `${superseded} superseded` : '',
  ];
  return `${nightDate(night)}: ${parts.filter((part) => part !== '').join(', ')}`;
}

/** First night of the calendar that ends with the week of `last`. */
export function calendarStart(last: string): string {
  const weekday = (new Date(nightStart(last)).getUTCDay() + 6) % 7;
  return nightAfter(last, -weekday - 7 * (WEEKS - 1));
}

/** A year of nights in weeks, ending with `last`. */
export function calendarDays(
  last: string,
  nights: readonly NightSummary[],
): { days: CalendarDay[]; months: CalendarMonth[] } {
  const byNight = new Map(nights.map((summary) => [summary.night, summary]));
  const days: CalendarDay[] = [];
  const months: CalendarMonth[] = [];
  const start = calendarStart(last);
  for (let i = 0, night = start; night <= last; i += 1, night = nightAfter(start, i)) {
    const summary = byNight.get(night) ?? null;
    const week = Math.floor(i / 7);
    if (night.endsWith('01')) months.push({ name: MONTH.format(nightStart(night)), week });
    days.push({
      night,
      week,
      day: i % 7,
      summary,
      status: statusOf(summary),
      good: summary && summary.judged > 0 ? summary.normal / summary.judged : 0,
      title: titleOf(night, summary),
    });
  }
  return { days, months };
}
