import Type from 'typebox';
import {
  AlarmEventSchema,
  AlarmMuteSchema,
  AlarmSchema,
  AlarmSettingsSchema,
  ALARM_SEVERITIES,
} from '../domain/alarm.ts';

const Id = Type.Integer({ minimum: 1 });
const Name = Type.String({ minLength: 1, maxLength: 80 });
const Words = Type.String({ maxLength: 1000 });
const strict = { additionalProperties: false };

/** Channels of the alarms. Who does something says so by name. */
export const ALARM_CONTRACT = {
  /** `active`: not over yet · `night`: raised or seen in one night (the newest where none is named) · `all`. */
  'alarm.list': {
    request: Type.Object(
      {
        view: Type.Enum(['active', 'night', 'all']),
        night: Type.Optional(Type.String({ pattern: '^[0-9]{8}$' })),
        /** Words that the title, the note or a name must hold. */
        text: Type.Optional(Type.String({ maxLength: 100 })),
        limit: Type.Integer({ minimum: 1, maximum: 500 }),
        offset: Type.Integer({ minimum: 0 }),
      },
      strict,
    ),
    response: Type.Object({ total: Type.Integer(), alarms: Type.Array(AlarmSchema) }),
  },
  /** One alarm with all that happened to it, newest first (at most 500). */
  'alarm.get': {
    request: Type.Object({ id: Id }, strict),
    response: Type.Object({ alarm: AlarmSchema, history: Type.Array(AlarmEventSchema) }),
  },
  'alarm.acknowledge': { request: Type.Object({ id: Id, name: Name, note: Words }, strict), response: AlarmSchema },
  'alarm.note': {
    request: Type.Object({ id: Id, name: Name, note: Type.String({ minLength: 1, maxLength: 1000 }) }, strict),
    response: AlarmSchema,
  },
  'alarm.shelve': {
    request: Type.Object(
      {
        id: Id,
        name: Name,
        reason: Type.String({ minLength: 1, maxLength: 1000 }),
        /** ms since the epoch; at most a week from now */
        until: Type.Number(),
      },
      strict,
    ),
    response: AlarmSchema,
  },
  'alarm.unshelve': { request: Type.Object({ id: Id, name: Name }, strict), response: AlarmSchema },
  /** Silence until a time, at most twelve hours from now; a time that is past ends it. */
  'alarm.mute': {
    request: Type.Object(
      { severity: Type.Union([Type.Enum(ALARM_SEVERITIES), Type.Literal('all')]), until: Type.Number(), name: Name },
      strict,
    ),
    response: Type.Array(AlarmMuteSchema),
  },
  'alarm-settings.get': { request: Type.Object({}, strict), response: AlarmSettingsSchema },
  'alarm-settings.set': {
    request: Type.Object({ settings: AlarmSettingsSchema }, strict),
    response: AlarmSettingsSchema,
  },
} as const;
