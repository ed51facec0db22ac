import { isOpen, type Alarm, type AlarmSettings } from '#shared/domain/alarm.ts';
import { QlfError } from '#shared/ipc/result.ts';
import { event, over, type AlarmChange } from './change.ts';

const WEEK_MS = 7 * 86_400_000;

function mustBeOpen(alarm: Alarm, what: string): void {
  if (!isOpen(alarm))
    throw new QlfError('conflict', `alarm ${alarm.id} (${alarm.title}) is over; it cannot be ${what} any more`);
}

const utc = (at: number): string => `${new Date(at).toISOString().slice(11, 16)} UTC`;

/** Somebody has seen it. What is over already goes to the history with that. */
export function acknowledge(
  alarm: Alarm,
  { name, note }: { name: string; note: string },
  settings: AlarmSettings,
  at: number,
): AlarmChange {
  mustBeOpen(alarm, 'acknowledged');
  const seen: Alarm = { ...alarm, state: 'acknowledged', by: name, note, changedAt: at, shelvedUntil: null };
  const events = [event('acknowledged', note, alarm.expid, name)];
  if (alarm.present) return { alarm: seen, events, announce: null };
  const ended = over(seen, 'over, and acknowledged', settings, at);
  return { ...ended, events: [...events, ...ended.events] };
}

/** Adds a note; the state stays. */
export function addNote(alarm: Alarm, { name, note }: { name: string; note: string }, at: number): AlarmChange {
  return {
    alarm: { ...alarm, by: name, note, changedAt: isOpen(alarm) ? alarm.changedAt : at },
    events: [event('noted', note, alarm.expid, name)],
    announce: null,
  };
}

/** Puts it aside until a time, with a reason that the next shift can read. */
export function shelve(
  alarm: Alarm,
  { name, reason, until }: { name: string; reason: string; until: number },
  at: number,
): AlarmChange {
  mustBeOpen(alarm, 'shelved');
  if (until <= at || until > at + WEEK_MS)
    throw new QlfError('bad-request', 'an alarm is shelved until a time in the future, at most a week from now');
  return {
    alarm: { ...alarm, state: 'shelved', by: name, note: reason, shelvedUntil: until, changedAt: at },
    events: [event('shelved', `until ${utc(until)}: ${reason}`, alarm.expid, name)],
    announce: null,
  };
}

/** Brings a shelved alarm back, not acknowledged: by a person, or (`name` null) because its time is over. */
export function unshelve(alarm: Alarm, name: string | null, settings: AlarmSettings, at: number): AlarmChange {
  if (alarm.state !== 'shelved')
    throw new QlfError('conflict', `alarm ${alarm.id} (${alarm.title}) is not shelved; there is nothing to bring back`);
  const back: Alarm = { ...alarm, state: 'new', shelvedUntil: null, changedAt: at };
  const words = name === null ? 'its time is over' : '';
  const events = [event('unshelved', words, alarm.expid, name ?? '')];
  if (!alarm.present) {
    const ended = over({ ...back, state: 'acknowledged' }, 'over while it was shelved', settings, at);
    return { ...ended, events: [...events, ...ended.events] };
  }
  return { alarm: back, events, announce: name === null ? 'new' : null };
}
