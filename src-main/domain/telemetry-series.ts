import type { Series } from '#shared/domain/telemetry.ts';

type Named = Readonly<Record<string, unknown>>;

const isNamed = (value: unknown): value is Named =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const UNIX_MJD = 40_587;
const DAY_MS = 86_400_000;

/** ms since the epoch of an ISO 8601 time, UTC where it does not say otherwise. */
function instant(text: unknown): number {
  if (typeof text !== 'string') return NaN;
  return Date.parse(/(?:Z|[+-]\d\d:?\d\d)$/.test(text) ? text : `${text}Z`);
}

/** One value for each time; what is no number is a gap, what has no time is left out. */
function series(name: string, unit: string, at: readonly number[], values: unknown): Series[] {
  if (!Array.isArray(values)) return [];
  const found: Series = { name, unit, at: [], values: [] };
  at.forEach((time, i) => {
    if (!Number.isFinite(time)) return;
    const value: unknown = values[i];
    found.at.push(time);
    found.values.push(typeof value === 'number' && Number.isFinite(value) ? value : null);
  });
  return found.values.some((value) => value !== null) ? [found] : [];
}

/** telemetry-EXPID8.json: series with times of their own, or with seconds from the start that all share. */
function ofSensors(content: unknown): Series[] {
  if (!isNamed(content) || !Array.isArray(content['series'])) return [];
  const start = instant(content['start']);
  const seconds: unknown = content['seconds'];
  const shared = Array.isArray(seconds) ? seconds.map((second) => start + Number(second) * 1000) : [];
  return content['series'].filter(isNamed).flatMap(({ name, unit, times, values }) => {
    if (typeof name !== 'string' || name === '') return [];
    const at = Array.isArray(times) ? times.map(instant) : shared;
    return series(name.slice(0, 200), typeof unit === 'string' ? unit : '', at, values);
  });
}

/** What the calculator calls its series, what they are called here, and in what. */
const CALCULATED = [
  ['thru', 'transparency', 'ETC transparency', ''],
  ['sky', 'level', 'ETC sky level', ''],
  ['accum', 'efftime', 'ETC effective time', 's'],
  [null, 'transparency', 'ETC transparency', ''],
  [null, 'skyLevel', 'ETC sky level', ''],
  [null, 'seeing', 'ETC seeing', 'arcsec'],
  [null, 'effectiveTime', 'ETC effective time', 's'],
] as const;

/** etc-EXPID8.json: the calculator's own file, which counts in MJD, or columns of a database with their times. */
function ofCalculator(content: unknown): Series[] {
  if (!isNamed(content)) return [];
  return CALCULATED.flatMap(([part, key, name, unit]) => {
    const from: unknown = part === null ? content : content[part];
    if (!isNamed(from)) return [];
    const { mjd, times } = from;
    const at = Array.isArray(mjd)
      ? mjd.map((day) => (Number(day) - UNIX_MJD) * DAY_MS)
      : Array.isArray(times)
        ? times.map(instant)
        : [];
    return series(name, unit, at, from[key]);
  });
}

/**
 * Time series of an exposure by what came with its raw file. What cannot be read is left out.
 * @param telemetry content of telemetry-EXPID8.json; null where there is none
 * @param etc content of etc-EXPID8.json; null where there is none
 */
export function seriesOf(telemetry: unknown, etc: unknown): Series[] {
  return [...ofSensors(telemetry), ...ofCalculator(etc)];
}
