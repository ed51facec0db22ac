/** What the sky was like during an exposure; null where nobody measured it. */
export interface Conditions {
  airmass: number | null;
  /** arcsec, full width at half maximum */
  seeing: number | null;
  /** s, by the exposure-time calculator */
  effectiveTime: number | null;
  /** s, asked for of the tile's visit */
  effectiveRequested: number | null;
}

type Named = Readonly<Record<string, unknown>>;

/** A seeing or an airmass outside of these is a sensor's fault, not the sky. */
const PLAUSIBLE = {
  airmass: [1, 10],
  seeing: [0.1, 20],
  effectiveTime: [0, 100_000],
  effectiveRequested: [1, 100_000],
} as const;

const isNamed = (value: unknown): value is Named =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function within(name: keyof Conditions, value: unknown): number | null {
  const [least, most] = PLAUSIBLE[name];
  return typeof value === 'number' && value >= least && value <= most ? value : null;
}

/** The middle of those that are plausible; null where there is none. */
function median(name: keyof Conditions, values: unknown): number | null {
  if (!Array.isArray(values)) return within(name, values);
  const good = values.map((value) => within(name, value)).filter((value) => value !== null);
  good.sort((a, b) => a - b);
  const middle = good.length >> 1;
  if (good.length === 0) return null;
  return good.length % 2 === 1 ? (good[middle] ?? null) : ((good[middle - 1] ?? 0) + (good[middle] ?? 0)) / 2;
}

function inTelemetry(telemetry: unknown, name: keyof Conditions): number | null {
  const series: unknown = isNamed(telemetry) ? telemetry['series'] : null;
  if (!Array.isArray(series)) return null;
  const found = series.find((one) => isNamed(one) && String(one['name']).toLowerCase() === name) as Named | undefined;
  return found ? median(name, found['values']) : null;
}

/** The last plausible one. */
function last(name: keyof Conditions, values: unknown): number | null {
  if (!Array.isArray(values)) return within(name, values);
  const good = values.map((value) => within(name, value)).filter((value) => value !== null);
  return good.at(-1) ?? null;
}

/** What global header cards (of the raw file, or of the calculator's own file) say of the effective time. */
export function effectiveOfHeader(header: unknown): Pick<Conditions, 'effectiveTime' | 'effectiveRequested'> {
  if (!isNamed(header)) return { effectiveTime: null, effectiveRequested: null };
  return {
    effectiveTime: within('effectiveTime', header['ACTTEFF']) ?? within('effectiveTime', header['ETCTEFF']),
    effectiveRequested: within('effectiveRequested', header['REQTEFF']),
  };
}

/** The effective time as the calculator's file has it, or its series from a database. */
function effectiveOf(etc: unknown): Pick<Conditions, 'effectiveTime' | 'effectiveRequested'> {
  if (!isNamed(etc)) return { effectiveTime: null, effectiveRequested: null };
  const { effectiveTime, effectiveRequested } = effectiveOfHeader(etc['header']);
  const about: Named = isNamed(etc['expinfo']) ? etc['expinfo'] : {};
  return {
    effectiveTime: effectiveTime ?? last('effectiveTime', etc['effectiveTime']),
    effectiveRequested: effectiveRequested ?? within('effectiveRequested', about['req_efftime']),
  };
}

/**
 * Conditions as the exposure-time calculator and the telemetry tell them: the calculator's seeing where it has one (its own file's
 * header, or a series from the database), else the median of the telemetry's series of that name.
 * @param telemetry content of telemetry-EXPID8.json; null where there is none
 * @param etc content of etc-EXPID8.json; null where there is none
 */
export function conditionsOf(telemetry: unknown, etc: unknown): Conditions {
  const header: unknown = isNamed(etc) ? etc['header'] : null;
  const calculated =
    (isNamed(header) ? within('seeing', header['ETCSEENG']) : null) ??
    (isNamed(etc) ? median('seeing', etc['seeing']) : null);
  return {
    airmass: inTelemetry(telemetry, 'airmass'),
    seeing: calculated ?? inTelemetry(telemetry, 'seeing'),
    ...effectiveOf(etc),
  };
}
