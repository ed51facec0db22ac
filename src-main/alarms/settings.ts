import { Value } from 'typebox/value';
import Type from 'typebox';
import {
  AlarmMuteSchema,
  AlarmSettingsSchema,
  DEFAULT_ALARM_SETTINGS,
  type AlarmMute,
  type AlarmSettings,
} from '#shared/domain/alarm.ts';
import type { Json } from '#shared/domain/measurement.ts';

const MutesSchema = Type.Array(AlarmMuteSchema);

/** Stored settings over the defaults; a stored value that no longer fits the schema gives way to the defaults. */
export function alarmSettingsFrom(stored: Json | undefined): AlarmSettings {
  const merged =
    typeof stored === 'object' && stored !== null && !Array.isArray(stored)
      ? { ...DEFAULT_ALARM_SETTINGS, ...stored }
      : DEFAULT_ALARM_SETTINGS;
  return Value.Check(AlarmSettingsSchema, merged) ? merged : DEFAULT_ALARM_SETTINGS;
}

/** Stored mutes that still hold. */
export function mutesFrom(stored: Json | undefined, now: number): AlarmMute[] {
  return Value.Check(MutesSchema, stored) ? stored.filter(({ until }) => until > now) : [];
}
