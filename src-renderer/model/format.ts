import { fixed, formatValue } from '#shared/words.ts';

export { count, fixed, formatLimit, formatValue, listed, unitText } from '#shared/words.ts';

/**
 * A judged value: like any other, but what is tiny against its limits is shown to their precision ('0.00' of ±0.2, not
 * '9.85e−4').
 */
export function formatJudged(value: number | null, range: readonly [number, number] | null): string {
  const half = range ? Math.max(Math.abs(range[0]), Math.abs(range[1])) : 0;
  if (value === null || half === 0 || !Number.isFinite(half) || Math.abs(value) >= 0.01) return formatValue(value);
  return fixed(value, Math.min(4, Math.max(0, 1 - Math.floor(Math.log10(half)))));
}

/** A duration that runs: '0:55', '10:52', '1:02:33'. */
export function formatClock(ms: number): string {
  const total = Math.max(0, Math.floor(ms / 1000));
  const hours = Math.floor(total / 3600);
  const minutes = Math.floor(total / 60) % 60;
  const seconds = String(total % 60).padStart(2, '0');
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${seconds}` : `${minutes}:${seconds}`;
}

/** A measured duration: '0.4 s', '39.7 s', '1 min 12 s', '2 h 5 min'. */
export function formatDuration(ms: number): string {
  const seconds = Math.max(0, ms) / 1000;
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor(whole / 60) % 60} min`;
}

/** How long from now, roughly: '18 s', '14 min', '1.5 h'. */
export function formatAbout(ms: number): string {
  const seconds = Math.max(0, ms) / 1000;
  if (seconds < 90) return `${Math.round(seconds)} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  return `${Number((seconds / 3600).toFixed(1))} h`;
}

/** The age of something last heard of: 'now' under two seconds, then '7 s', '3 min', '2 h', '3 d'. */
export function formatAge(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 2) return 'now';
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7200) return `${Math.floor(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.floor(seconds / 3600)} h` : `${Math.floor(seconds / 86_400)} d`;
}

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'] as const;

/** Bytes in decimal units: '4.7 TB', '512 kB'. */
export function formatBytes(bytes: number): string {
  let value = Math.max(0, bytes);
  let unit = 0;
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit > 0 && value < 9.95 ? value.toFixed(1) : Math.round(value)} ${UNITS[unit] ?? 'B'}`;
}

const timeFormat = (timeZone: string) =>
  new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  });
const UTC_TIME = timeFormat('UTC');
/** Kitt Peak keeps Mountain Standard Time all year. */
const OBSERVATORY_TIME = timeFormat('America/Phoenix');

/** '08:42:17', universal time. */
export function utcTime(ms: number): string {
  return UTC_TIME.format(ms);
}

const SHORT_DATE = new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', day: 'numeric', month: 'short' });
const LONG_DATE = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'UTC',
  day: 'numeric',
  month: 'short',
  year: 'numeric',
});

/** '15 Nov': the evening of a night. @param night YYYYMMDD */
export function nightWords(night: string): string {
  return SHORT_DATE.format(
    Date.UTC(Number(night.slice(0, 4)), Number(night.slice(4, 6)) - 1, Number(night.slice(6, 8))),
  );
}

/** '18 Nov', universal time; with the year where that is not this one. */
export function utcDate(ms: number, now: number): string {
  const sameYear = new Date(ms).getUTCFullYear() === new Date(now).getUTCFullYear();
  return (sameYear ? SHORT_DATE : LONG_DATE).format(ms);
}

/** '01:42:17', the observatory's time (MST). */
export function observatoryTime(ms: number): string {
  return OBSERVATORY_TIME.format(ms);
}

/** '08:42:15.040', universal time, for log lines. */
export function utcTimeMs(ms: number): string {
  return new Date(ms).toISOString().slice(11, 23);
}
