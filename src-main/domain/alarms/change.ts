import { type Alarm, type AlarmEventKind, type AlarmSettings } from '#shared/domain/alarm.ts';
import type { Cause } from './cause.ts';

/** What happens to an alarm, without its place in the history. */
export interface NewAlarmEvent {
  kind: AlarmEventKind;
  by: string;
  text: string;
  expid: number | null;
}

/** An alarm as it is to be stored, with what happened. `id` 0: a new one. */
export interface AlarmChange {
  alarm: Alarm;
  events: NewAlarmEvent[];
  /** Whether people outside the window are to hear of it. */
  announce: 'new' | 'worse' | null;
  /** It was nothing, or is part of another: no trace is kept. */
  discard?: true;
}

export function event(kind: AlarmEventKind, text: string, expid: number | null, by = ''): NewAlarmEvent {
  return { kind, by, text, expid };
}

/** 'raised to alarm: 4.71 e\u207b, limit 4.60' */
export function measuredWords({ value, detail }: Pick<Cause, 'value' | 'detail'>): string {
  return [value, detail].filter((text) => text !== '').join(', ');
}

/** A first alarm of a cause; the caller decides whether it is pending. */
export function alarmOf(cause: Cause, state: 'pending' | 'new', at: number): Alarm {
  return {
    ...cause,
    id: 0,
    state,
    present: true,
    before: '',
    night: null,
    firstExpid: null,
    expid: null,
    runId: null,
    exposures: 1,
    goods: 0,
    goodExpid: null,
    raisedAt: at,
    changedAt: at,
    clearedAt: null,
    by: '',
    note: '',
    shelvedUntil: null,
  };
}

/** Whether an alarm stays after it is over until somebody has seen it. Contact that is back needs nobody. */
export function isLatched({ family, severity }: Alarm, settings: AlarmSettings): boolean {
  return family !== 'contact' && settings[severity].latched;
}

/** The alarm when its cause is over: kept for somebody to see where it is latched, else cleared. */
export function over(alarm: Alarm, why: string, settings: AlarmSettings, at: number): AlarmChange {
  const { expid } = alarm;
  if (alarm.state === 'new' && isLatched(alarm, settings)) {
    if (!alarm.present) return { alarm, events: [], announce: null };
    const words = `over, ${why}; waits to be acknowledged`;
    return { alarm: { ...alarm, present: false }, events: [event('good', words, expid)], announce: null };
  }
  const note = alarm.note === '' ? why : alarm.note;
  return {
    alarm: { ...alarm, state: 'cleared', present: false, note, clearedAt: at, changedAt: at, shelvedUntil: null },
    events: [event('cleared', why, expid)],
    announce: null,
  };
}
