import { compareAlarms, type Alarm, type AlarmMute, type AlarmSeverity } from '#shared/domain/alarm.ts';
import { count, formatAge, formatClock, utcTime } from './format.ts';
import type { Problem } from './problems.ts';
import type { Status } from './status.ts';

/** The shape of an alarm: filled needs you, outline is known. */
export function alarmStatus({ state, severity, kind, family }: Alarm): Status {
  switch (state) {
    case 'acknowledged':
    case 'shelved':
      return state;
    case 'cleared':
      return 'normal';
    default:
      if (severity !== 'fault') return severity;
      return kind === 'missing-camera' ? 'missing' : family === 'contact' ? 'lost' : 'failed';
  }
}

/** Whose surface it has: filled while nobody has acknowledged it. */
export function alarmTone({ state, severity }: Alarm): 'alarm' | 'fault' | 'warning' | 'quiet' {
  return state === 'new' ? severity : 'quiet';
}

export interface AlarmSection {
  title: string;
  note: string;
  alarms: Alarm[];
}

const oldest = (alarms: readonly Alarm[]): number => Math.min(...alarms.map(({ raisedAt }) => raisedAt));

/** The list in its fixed order: not acknowledged, acknowledged, shelved, cleared; empty sections are left out. */
export function alarmSections(alarms: readonly Alarm[], now: number): AlarmSection[] {
  const sorted = [...alarms].sort(compareAlarms);
  const of = (state: Alarm['state']): Alarm[] => sorted.filter((alarm) => alarm.state === state);
  const fresh = of('new');
  const cleared = of('cleared').sort((a, b) => (b.clearedAt ?? 0) - (a.clearedAt ?? 0));
  const sections: AlarmSection[] = [
    {
      title: 'Not acknowledged',
      note: fresh.length > 0 ? `${fresh.length}, oldest ${formatClock(now - oldest(fresh))}` : '',
      alarms: fresh,
    },
    { title: 'Acknowledged, still active', note: String(of('acknowledged').length), alarms: of('acknowledged') },
    { title: 'Shelved', note: `${of('shelved').length}, come back not acknowledged`, alarms: of('shelved') },
    { title: 'Cleared', note: `${cleared.length}, latest first`, alarms: cleared },
  ];
  return sections.filter((section) => section.alarms.length > 0);
}

const FAMILY_WORDS = { data: 'Data', machinery: 'Machinery', contact: 'Contact' } as const;

/** What stands below the title: 'Data, one camera. Worse than before.' */
export function alarmLine(alarm: Alarm): string {
  const { state, by, note, family, cameras, exposures, also, present, before } = alarm;
  if (state !== 'new' && state !== 'cleared' && by !== '') return note === '' ? by : `${by}: ${note}`;
  const where = cameras.length === 0 ? '' : cameras.length === 1 ? ', one camera' : `, ${cameras.length} cameras`;
  const parts = [
    `${FAMILY_WORDS[family]}${where}${exposures > 1 ? `, in ${exposures} exposures` : ''}`,
    present ? '' : 'Over; waits to be acknowledged',
    present && before !== '' ? 'Worse than before' : '',
    present && before === '' && also.length > 0 ? `Also ${also.join(', ')}` : '',
  ];
  return `${parts.filter((part) => part !== '').join('. ')}.`;
}

/** 'limit 4.60, was 4.20 e\u207b' */
export function limitLine({ detail, before }: Alarm): string {
  return before === '' ? detail : `${detail === '' ? '' : `${detail}, `}was ${before}`;
}

/** How long it stands, or until when it is shelved: the number and what it means. */
export function alarmTimes(alarm: Alarm, now: number): { time: string; note: string } {
  const { state, raisedAt, clearedAt, shelvedUntil } = alarm;
  if (state === 'cleared')
    return { time: `${utcTime(raisedAt).slice(0, 5)} to ${utcTime(clearedAt ?? raisedAt).slice(0, 5)}`, note: 'UTC' };
  if (state === 'shelved' && shelvedUntil !== null)
    return { time: formatClock(shelvedUntil - now), note: `until ${utcTime(shelvedUntil).slice(0, 5)} UTC` };
  return { time: formatClock(now - raisedAt), note: `since ${utcTime(raisedAt)}` };
}

/** '2 new, 2 acknowledged, 1 shelved' */
export function alarmCounts(alarms: readonly Alarm[]): string {
  const words = (['new', 'acknowledged', 'shelved'] as const).map((state) => {
    const n = alarms.filter((alarm) => alarm.state === state).length;
    return n === 0 ? '' : `${n} ${state}`;
  });
  return words.filter((text) => text !== '').join(', ');
}

/** Judged data that nobody has acknowledged. */
export function isNewAlarm({ state, severity }: Alarm): boolean {
  return state === 'new' && severity === 'alarm';
}

/** Alarms of one run that nobody has acknowledged. */
export function newAlarms(alarms: readonly Alarm[], runId: number): Alarm[] {
  return alarms.filter((alarm) => alarm.state === 'new' && alarm.runId === runId);
}

/** What is off in a run and no alarm of it says: warnings that wait, what could not be judged. */
export function uncovered(problems: readonly Problem[], alarms: readonly Alarm[], runId: number): Problem[] {
  const own = alarms.filter((alarm) => alarm.runId === runId);
  return problems.filter(
    ({ cameras, severity }) =>
      severity === 'unknown' || !own.some((alarm) => cameras.every((camera) => alarm.cameras.includes(camera))),
  );
}

const SEVERITY_WORDS: Readonly<Record<AlarmSeverity | 'all', string>> = {
  alarm: 'Data alarms',
  fault: 'Machinery',
  warning: 'Warnings',
  all: 'All',
};

export function severityWord(severity: AlarmSeverity | 'all'): string {
  return SEVERITY_WORDS[severity];
}

/** What is silent now, for the top bar; empty where nothing is. */
export function muteWords(mutes: readonly AlarmMute[], now: number): string {
  const held = mutes.filter(({ until }) => until > now);
  return held
    .map(({ severity, until }) => `${SEVERITY_WORDS[severity]} muted until ${utcTime(until).slice(0, 5)}`)
    .join(', ');
}

/** 'until 09:15', when the last of what is silent is heard again; empty where nothing is. */
export function muteEnd(mutes: readonly AlarmMute[], now: number): string {
  const held = mutes.filter(({ until }) => until > now);
  return held.length === 0 ? '' : `until ${utcTime(Math.max(...held.map(({ until }) => until))).slice(0, 5)}`;
}

/** 'Not acknowledged for 12 min' on the wall. */
export function unacknowledgedWords(alarms: readonly Alarm[], now: number): string {
  const fresh = alarms.filter(({ state, severity }) => state === 'new' && severity !== 'warning');
  if (fresh.length === 0) return '';
  const age = formatAge(now - oldest(fresh));
  return `${count(fresh.length, 'alarm')} not acknowledged${age === 'now' ? '' : `, ${age}`}`;
}

/** 19:00 UTC is noon at the observatory: there a night ends. */
const NIGHT_ENDS_MS = 19 * 3_600_000;
const DAY_MS = 86_400_000;

/** The end of the night in which a moment lies, ms since the epoch. */
export function endOfNight(now: number): number {
  return Math.floor((now - NIGHT_ENDS_MS) / DAY_MS + 1) * DAY_MS + NIGHT_ENDS_MS;
}
