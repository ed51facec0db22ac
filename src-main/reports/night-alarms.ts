import type { Alarm } from '#shared/domain/alarm.ts';
import type { NightReport } from '#shared/domain/night-report.ts';
import type { AlarmStore } from '../domain/ports/alarm-store.ts';

/** Alarms that a report tells of. */
const MOST = 200;

function stateOf({ state, by, note }: Alarm): string {
  const who = by === '' ? '' : ` by ${by}`;
  const words = note === '' ? '' : `: ${note}`;
  switch (state) {
    case 'pending':
    case 'new':
      return 'not acknowledged';
    case 'acknowledged':
      return `acknowledged${who}${words}`;
    case 'shelved':
      return `shelved${who}${words}`;
    case 'cleared':
      return 'over';
  }
}

/** The alarms of a night in the order in which they were raised. */
export function nightAlarms(store: Pick<AlarmStore, 'listAlarms'>, night: string): NightReport['alarms'] {
  const { alarms } = store.listAlarms({ view: 'night', night, limit: MOST, offset: 0 });
  return alarms
    .map((alarm) => ({
      at: alarm.raisedAt,
      severity: alarm.severity === 'fault' ? ('failed' as const) : alarm.severity,
      what: [alarm.title, alarm.value].filter((word) => word !== '').join(' '),
      state: stateOf(alarm),
      acknowledged: alarm.state !== 'new',
    }))
    .sort((a, b) => a.at - b.at);
}
