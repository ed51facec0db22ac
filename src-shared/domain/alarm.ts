import Type, { type Static } from 'typebox';
import { CameraSchema } from './camera.ts';

const Nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

/** `alarm` and `warning` judge data; `fault` is machinery, or contact that was lost. */
export const ALARM_SEVERITIES = ['alarm', 'fault', 'warning'] as const;
export type AlarmSeverity = (typeof ALARM_SEVERITIES)[number];

/** Who is concerned; each has a timbre of its own. */
export const ALARM_FAMILIES = ['data', 'machinery', 'contact'] as const;
export type AlarmFamily = (typeof ALARM_FAMILIES)[number];

/**
 * What kind of cause it is: the words of its likely cause and of what to do hang on it. `amplifier` … `metric` are causes
 * in the data, the others those of machinery and contact.
 */
export const ALARM_KINDS = [
  'amplifier-dead',
  'amplifier-noise',
  'amplifier-bias',
  'amplifier-saturated',
  'amplifier-light',
  'focus',
  'traces',
  'fibers',
  'fiber-flat',
  'bright-sky',
  'cloud',
  'throughput',
  'metric',
  'wrong-exposure',
  'damaged-file',
  'missing-camera',
  'failed-job',
  'failed-exposure',
  'contact-dos',
  'contact-transfer',
  'contact-ingest',
  'disk',
] as const;
export type AlarmKind = (typeof ALARM_KINDS)[number];

/**
 * `pending`: off, but not yet for as long as its severity demands; shown nowhere · `new`: not acknowledged ·
 * `acknowledged` · `shelved`: put aside until a time, comes back as `new` · `cleared`: over, in the history.
 */
export const ALARM_STATES = ['pending', 'new', 'acknowledged', 'shelved', 'cleared'] as const;

/** One alarm: one cause, latched until it is over and somebody has seen it. Times are ms since the epoch. */
export const AlarmSchema = Type.Object({
  id: Type.Integer(),
  family: Type.Enum(ALARM_FAMILIES),
  /** The worst since it was raised. */
  severity: Type.Enum(ALARM_SEVERITIES),
  kind: Type.Enum(ALARM_KINDS),
  state: Type.Enum(ALARM_STATES),
  /** Whether what was last seen of it was off; false while it waits to clear, or to be acknowledged. */
  present: Type.Boolean(),
  /** 'r3 amplifier C noise high' */
  title: Type.String(),
  /** '4.71 e\u207b', empty where there is no number. */
  value: Type.String(),
  /** 'limit 4.60', or the reason in words. */
  detail: Type.String(),
  /** The value before it became worse, as it was shown; empty before that. */
  before: Type.String(),
  /** What it concerns: 'r3', 'r3:C', or '*' for the whole exposure, the engine or a connection. */
  members: Type.Array(Type.String()),
  cameras: Type.Array(CameraSchema),
  /** Letters of the amplifiers; empty where it is no amplifier's. */
  amplifiers: Type.Array(Type.String()),
  /** METRICS keys that are off, the main one first. */
  keys: Type.Array(Type.String()),
  /** What else is off with it, in words: consequences more often than causes. */
  also: Type.Array(Type.String()),
  /** The camera to look at, where it is worst. */
  camera: Nullable(CameraSchema),
  night: Nullable(Type.String()),
  /** The first exposure in which it was seen; the newest, and that exposure's run. */
  firstExpid: Nullable(Type.Integer()),
  expid: Nullable(Type.Integer()),
  runId: Nullable(Type.Integer()),
  /** In how many exposures it was seen, and how many good ones came after. */
  exposures: Type.Integer(),
  goods: Type.Integer(),
  /** The newest exposure that counted as good. */
  goodExpid: Nullable(Type.Integer()),
  raisedAt: Type.Number(),
  /** When its state or severity last changed. */
  changedAt: Type.Number(),
  clearedAt: Nullable(Type.Number()),
  /** Who acknowledged or shelved it last, and with what words; after it cleared, what ended it. */
  by: Type.String(),
  note: Type.String(),
  shelvedUntil: Nullable(Type.Number()),
});
export type Alarm = Static<typeof AlarmSchema>;

export const ALARM_EVENT_KINDS = [
  'seen',
  'raised',
  'worse',
  'good',
  'cleared',
  'back',
  'merged',
  'acknowledged',
  'noted',
  'shelved',
  'unshelved',
  'announced',
] as const;
export type AlarmEventKind = (typeof ALARM_EVENT_KINDS)[number];

/** Something that happened to an alarm; never changed or removed. */
export const AlarmEventSchema = Type.Object({
  id: Type.Integer(),
  alarmId: Type.Integer(),
  at: Type.Number(),
  kind: Type.Enum(ALARM_EVENT_KINDS),
  /** A person's name, or empty for the engine. */
  by: Type.String(),
  text: Type.String(),
  expid: Nullable(Type.Integer()),
});
export type AlarmEvent = Static<typeof AlarmEventSchema>;

/** How alarms of one severity come, make themselves heard, and go. */
const SeverityRuleSchema = Type.Object(
  {
    /** Exposures in which it must be seen before it is raised. */
    delay: Type.Integer({ minimum: 1, maximum: 10 }),
    /** Good exposures after which it is over. */
    recovery: Type.Integer({ minimum: 1, maximum: 10 }),
    /** It stays until somebody has acknowledged it, even when it is over. */
    latched: Type.Boolean(),
    sound: Type.Boolean(),
    /** Desktop notification. */
    notify: Type.Boolean(),
  },
  { additionalProperties: false },
);

/** Settings of the alarms, kept in the database; changes hold at once. */
export const AlarmSettingsSchema = Type.Object(
  {
    alarm: SeverityRuleSchema,
    fault: SeverityRuleSchema,
    warning: SeverityRuleSchema,
    /** How far inside the normal range a value must be to count as good again, as a share of the range's half-width. */
    margin: Type.Number({ minimum: 0, maximum: 0.9 }),
    /** s without contact before it is an alarm. */
    contactDelay: Type.Number({ minimum: 5, maximum: 3600 }),
    /** min between reminders of what nobody has acknowledged; 0: none. */
    reminder: Type.Number({ minimum: 0, maximum: 120 }),
    /** Level of the sounds, 0 … 1. */
    level: Type.Number({ minimum: 0, maximum: 1 }),
    /** Used share of the disk from which it is a warning and a fault. */
    diskWarning: Type.Number({ minimum: 0.3, maximum: 0.99 }),
    diskFault: Type.Number({ minimum: 0.3, maximum: 0.995 }),
  },
  { additionalProperties: false },
);
export type AlarmSettings = Static<typeof AlarmSettingsSchema>;

/** Settings that nobody has changed. */
export const DEFAULT_ALARM_SETTINGS: AlarmSettings = {
  alarm: { delay: 1, recovery: 2, latched: true, sound: true, notify: true },
  fault: { delay: 1, recovery: 1, latched: true, sound: true, notify: true },
  warning: { delay: 2, recovery: 1, latched: false, sound: false, notify: false },
  margin: 0.1,
  contactDelay: 30,
  reminder: 2,
  level: 0.6,
  diskWarning: 0.8,
  diskFault: 0.92,
};

/** Silence for one severity, or for all of them, until a time. */
export const AlarmMuteSchema = Type.Object({
  severity: Type.Union([Type.Enum(ALARM_SEVERITIES), Type.Literal('all')]),
  until: Type.Number(),
  by: Type.String(),
});
export type AlarmMute = Static<typeof AlarmMuteSchema>;

/** Whether a severity is muted at a moment. */
export function isMuted(mutes: readonly AlarmMute[], severity: AlarmSeverity, now: number): boolean {
  return mutes.some((mute) => mute.until > now && (mute.severity === 'all' || mute.severity === severity));
}

/** What the engine makes heard or seen outside the window: at most one in ten seconds. */
export interface AlarmAnnouncement {
  /** Rises by one within a start of the engine. */
  id: number;
  at: number;
  /** New, worse than before, or still not acknowledged. */
  why: 'new' | 'worse' | 'reminder';
  family: AlarmFamily;
  /** The one that it is about, the worst of several. */
  alarmId: number;
  title: string;
  /** How many alarms it stands for. */
  count: number;
  sound: boolean;
  notify: boolean;
  /** Level of the sound, 0 … 1. */
  level: number;
}

/** Where a person's attention is wanted first: by state, then data alarms, faults, warnings; the newest of each first. */
export function compareAlarms(a: Alarm, b: Alarm): number {
  const rank = ({ state }: Alarm): number => ['new', 'acknowledged', 'shelved', 'cleared', 'pending'].indexOf(state);
  const weight = ({ severity }: Alarm): number => ALARM_SEVERITIES.indexOf(severity);
  return rank(a) - rank(b) || weight(a) - weight(b) || b.raisedAt - a.raisedAt || b.id - a.id;
}

/** Alarms that somebody must still see to: neither over nor pending. */
export function isOpen({ state }: Alarm): boolean {
  return state === 'new' || state === 'acknowledged' || state === 'shelved';
}
