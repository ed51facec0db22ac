import type { Alarm, AlarmKind, AlarmSettings, AlarmSeverity } from '#shared/domain/alarm.ts';
import type { Connection, ConnectionName, DiskUsage, EngineStatus } from '#shared/state/control-room.ts';
import type { Cause } from './cause.ts';
import { alarmOf, event, measuredWords, over, type AlarmChange } from './change.ts';

/** A condition that holds or does not, whatever is exposed: contact, the disk. */
export interface Condition {
  kind: AlarmKind;
  /** Null: it does not hold. */
  cause: Cause | null;
  /** Why it is over, in words. */
  over: string;
}

const TITLES: Readonly<Record<ConnectionName, string>> = {
  dos: 'No contact with the DOS',
  transfer: 'Transfer does not work',
  ingest: 'Results cannot be posted',
};

function conditionCause(kind: AlarmKind, family: Cause['family'], severity: AlarmSeverity, title: string): Cause {
  const nothing = { cameras: [], amplifiers: [], keys: [], also: [], camera: null, value: '', detail: '' };
  return { kind, family, severity, title, members: ['*'], ...nothing };
}

/** Contact that has been lost for as long as the settings say; none is expected of an engine that is stopped. */
function contactCondition(
  { name, state, since, error }: Connection,
  engine: EngineStatus,
  settings: AlarmSettings,
  at: number,
): Condition {
  const kind = `contact-${name}` as const;
  const lost = state === 'lost' && engine.activity !== 'off' && at - since >= settings.contactDelay * 1000;
  const cause = conditionCause(kind, 'contact', 'fault', TITLES[name]);
  return {
    kind,
    cause: lost ? { ...cause, detail: error } : null,
    over: state === 'lost' ? 'the engine was stopped' : 'came back by itself',
  };
}

/** A disk that was too full must be this share emptier before it is good again. */
const DISK_HYSTERESIS = 0.01;

function diskCondition(
  { totalBytes, freeBytes }: DiskUsage,
  before: Alarm | undefined,
  settings: AlarmSettings,
): Condition {
  const used = totalBytes > 0 ? 1 - freeBytes / totalBytes : 0;
  const slack = before ? DISK_HYSTERESIS : 0;
  const severity: AlarmSeverity | null =
    used >= settings.diskFault - (before?.severity === 'fault' ? slack : 0)
      ? 'fault'
      : used >= settings.diskWarning - slack
        ? 'warning'
        : null;
  const cause = severity && conditionCause('disk', 'machinery', severity, 'The disk is filling up');
  const limit = severity === 'fault' ? settings.diskFault : settings.diskWarning;
  const words = { value: `${Math.round(used * 100)}% used`, detail: `limit ${Math.round(limit * 100)}%` };
  return { kind: 'disk', cause: cause && { ...cause, ...words }, over: `${Math.round(used * 100)}% used` };
}

/** All conditions as the control room is now. A connection that is idle, or a disk never looked at, says nothing. */
export function conditionsOf(
  room: { connections: readonly Connection[]; engine: EngineStatus; disk: DiskUsage | null },
  open: readonly Alarm[],
  settings: AlarmSettings,
  at: number,
): Condition[] {
  const contacts = room.connections.map((connection) => contactCondition(connection, room.engine, settings, at));
  const before = open.find(({ kind }) => kind === 'disk');
  return room.disk ? [...contacts, diskCondition(room.disk, before, settings)] : contacts;
}

/** What a condition changes in the alarms: raised, worse, over, or nothing. */
export function stepCondition(
  open: readonly Alarm[],
  { kind, cause, over: why }: Condition,
  settings: AlarmSettings,
  at: number,
): AlarmChange[] {
  const alarm = open.find((candidate) => candidate.kind === kind);
  if (!cause) return alarm && (alarm.present || alarm.state !== 'new') ? [over(alarm, why, settings, at)] : [];
  if (!alarm) {
    const words = measuredWords(cause);
    return [{ alarm: alarmOf(cause, 'new', at), events: [event('raised', words, null)], announce: 'new' }];
  }
  const { value, detail } = cause;
  if (alarm.severity === 'warning' && cause.severity === 'fault') {
    const worse: Alarm = {
      ...alarm,
      severity: 'fault',
      state: 'new',
      present: true,
      value,
      detail,
      before: alarm.value,
    };
    return [
      {
        alarm: { ...worse, changedAt: at, shelvedUntil: null },
        events: [event('worse', measuredWords(cause), null)],
        announce: 'worse',
      },
    ];
  }
  if (!alarm.present)
    return [
      {
        alarm: { ...alarm, present: true, value, detail, changedAt: at },
        events: [event('back', measuredWords(cause), null)],
        announce: alarm.state === 'shelved' ? null : 'new',
      },
    ];
  const same = alarm.value === value && alarm.detail === detail;
  return same ? [] : [{ alarm: { ...alarm, value, detail }, events: [], announce: null }];
}
