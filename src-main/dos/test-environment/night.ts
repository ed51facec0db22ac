/** The observatory's clock: local time is UTC−7 all year, and a night's name is the date of the noon before it. */
const LOCAL_HOURS = -7;
const HOUR = 3_600_000;

/** NIGHT of an instant (ms since the epoch), YYYYMMDD: it changes at local noon. */
export function nightOf(instant: number): string {
  return new Date(instant + (LOCAL_HOURS - 12) * HOUR).toISOString().slice(0, 10).replaceAll('-', '');
}

/** Local noon that begins a night, ms since the epoch. */
export function startOfNight(night: string): number {
  const date = `${night.slice(0, 4)}-${night.slice(4, 6)}-${night.slice(6, 8)}`;
  return Date.parse(`${date}T12:00:00Z`) - LOCAL_HOURS * HOUR;
}

/** Modified Julian date of an instant. */
export function modifiedJulianDate(instant: number): number {
  return instant / 86_400_000 + 40_587;
}
