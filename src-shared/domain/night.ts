import Type from 'typebox';

/** NIGHT, YYYYMMDD of the local evening. */
export const NightSchema = Type.String({ pattern: '^[0-9]{8}$' });

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Kitt Peak keeps UTC−7 all year; a night lasts from one local noon to the next. */
const NOON_UTC = 19 * HOUR;

/** NIGHT of an instant (ms since the epoch). */
export function nightOf(instant: number): string {
  return new Date(instant - NOON_UTC).toISOString().slice(0, 10).replaceAll('-', '');
}

/** First instant of a night, local noon, ms since the epoch; NaN where the text is no date. */
export function nightStart(night: string): number {
  const date = `${night.slice(0, 4)}-${night.slice(4, 6)}-${night.slice(6, 8)}`;
  const start = Date.parse(`${date}T00:00:00Z`) + NOON_UTC;
  if (Number.isNaN(start)) return NaN;
  // 20260230 is read as the 2nd of March by some engines: only what comes back as it was is a date.
  return nightOf(start + DAY / 2) === night ? start : NaN;
}

/** The night `days` after (before, where negative) this one. */
export function nightAfter(night: string, days: number): string {
  return nightOf(nightStart(night) + days * DAY + DAY / 2);
}

/** Mayall telescope, degrees, east and north positive. */
const LONGITUDE = -111.5997;
const LATITUDE = 31.9634;
const RADIANS = Math.PI / 180;

/**
 * Sine of the Sun's altitude over the Mayall telescope. The Sun's place is the low-precision one of the Astronomical Almanac
 * (0.01 deg until 2050); refraction is left out.
 */
function sineOfSunAltitude(instant: number): number {
  const days = instant / DAY - 10_957.5;
  const anomaly = (357.528 + 0.985_600_3 * days) * RADIANS;
  const longitude = (280.46 + 0.985_647_4 * days + 1.915 * Math.sin(anomaly) + 0.02 * Math.sin(2 * anomaly)) * RADIANS;
  const obliquity = (23.439 - 4e-7 * days) * RADIANS;
  const ra = Math.atan2(Math.cos(obliquity) * Math.sin(longitude), Math.cos(longitude));
  const sineDec = Math.sin(obliquity) * Math.sin(longitude);
  const sidereal = (280.460_618_37 + 360.985_647_366_29 * days + LONGITUDE) * RADIANS;
  const cosineDec = Math.sqrt(1 - sineDec * sineDec);
  return Math.sin(LATITUDE * RADIANS) * sineDec + Math.cos(LATITUDE * RADIANS) * cosineDec * Math.cos(sidereal - ra);
}

/** Sine of −18 deg: beyond it the sky is as dark as it gets. */
const DARK = Math.sin(-18 * RADIANS);

/** The instant between `from` and `to` at which the Sun passes 18 deg below the horizon; it does so once between them. */
function crossing(from: number, to: number): number {
  const before = sineOfSunAltitude(from) > DARK;
  let [low, high] = [from, to];
  while (high - low > 1000) {
    const middle = (low + high) / 2;
    if (sineOfSunAltitude(middle) > DARK === before) low = middle;
    else high = middle;
  }
  return Math.round(high);
}

/** End of evening and begin of morning astronomical twilight (Sun 18 deg below the horizon) of a night, ms since the epoch. */
export function darkHours(night: string): { dusk: number; dawn: number } {
  const noon = nightStart(night);
  // The Sun is lowest near local midnight: the site's longitude is 6.6 degrees west of its time zone's.
  const midnight = noon + 12 * HOUR - ((LONGITUDE + 105) / 15) * HOUR;
  return { dusk: crossing(noon, midnight), dawn: crossing(midnight, noon + DAY) };
}
