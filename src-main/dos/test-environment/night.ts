/** The observatory's clock: local time is UTC−7 all year, and a night's name is the date of the noon before it. */
const LOCAL_HOURS = -7;
const HOUR = 3_600_000;

/** NIGHT of an instant (ms since the epoch), YYYYMMDD: it changes at local noon. */
export function nightOf(instant: number): string {
  return new Date(instant + (LOCAL_HOURS - 12) * HOUR).toISOString().slice(0, 10).replaceAll('-', '');
}

/** Modified Julian date of an instant. */
export function modifiedJulianDate(instant: number): number {
  return instant / 86_400_000 + 40_587;
}
