import {
  compareAlarms,
  isMuted,
  type Alarm,
  type AlarmAnnouncement,
  type AlarmMute,
  type AlarmSettings,
} from '#shared/domain/alarm.ts';

/** Least time between two sounds, ms. */
export const SOUND_GAP_MS = 10_000;
/** A reminder is softer than what it reminds of. */
const REMINDER_LEVEL = 2 / 3;

export interface Heard {
  why: 'new' | 'worse';
  alarm: Alarm;
}

type Told = Omit<AlarmAnnouncement, 'id' | 'at'>;

/**
 * What is to be told of alarms that were raised or became worse: the worst by name, the others by their number. Null where
 * their severities are silent or muted.
 */
export function announcementOf(
  heard: readonly Heard[],
  settings: AlarmSettings,
  mutes: readonly AlarmMute[],
  now: number,
): Told | null {
  const loud = heard.filter(({ alarm: { severity } }) => settings[severity].sound && !isMuted(mutes, severity, now));
  const shown = heard.filter(({ alarm: { severity } }) => settings[severity].notify && !isMuted(mutes, severity, now));
  const all = [...new Set([...loud, ...shown])].sort((a, b) => compareAlarms(a.alarm, b.alarm));
  const [first] = all;
  if (!first) return null;
  const { family, id, title } = first.alarm;
  return {
    why: all.some(({ why }) => why === 'new') ? 'new' : 'worse',
    family,
    alarmId: id,
    title,
    count: new Set(all.map(({ alarm }) => alarm.id)).size,
    sound: loud.length > 0,
    notify: shown.length > 0,
    level: settings.level,
  };
}

/** A reminder of what nobody has acknowledged; null where that is nothing, silent or muted. */
export function reminderOf(
  open: readonly Alarm[],
  settings: AlarmSettings,
  mutes: readonly AlarmMute[],
  now: number,
): Told | null {
  const waiting = open.filter(({ state, severity }) => state === 'new' && settings[severity].sound);
  const told = announcementOf(
    waiting.map((alarm) => ({ why: 'new', alarm })),
    settings,
    mutes,
    now,
  );
  return told && { ...told, why: 'reminder', notify: false, level: settings.level * REMINDER_LEVEL };
}
