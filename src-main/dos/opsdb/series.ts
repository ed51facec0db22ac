import type { OpsdbMapping } from '#shared/domain/opsdb.ts';
import type { Ask } from './link.ts';
import { Row } from './row.ts';
import { column, relation, relationName, selectList } from './sql.ts';

/** Values of one quantity in ascending order of time. */
export interface TelemetrySeries {
  name: string;
  unit: string;
  /** ISO 8601 UTC, one a value */
  times: string[];
  /** In `unit`; null where the database has none. */
  values: (number | null)[];
}

export interface TelemetryRange {
  /** ms since the epoch; `to` is not in it. */
  from: number;
  to: number;
  /** Only these; without it all there are. */
  names?: readonly string[];
}

export interface EtcSamples {
  times: string[];
  /** Of a perfect sky: 1. */
  transparency: (number | null)[];
  /** Of a dark sky at the zenith: 1. */
  skyLevel: (number | null)[];
  /** arcsec */
  seeing: (number | null)[];
  /** s */
  effectiveTime: (number | null)[];
}

/** Values that one question takes at most, so that a range of months cannot fill the memory. */
const MOST = 200_000;

const instant = (at: number): string => new Date(at).toISOString();
const utc = (time: string | null): string => (time === null ? '' : `${time}Z`);

/** Time series by name and range of time, series in order of their names. Empty where none are mapped. */
export async function telemetryIn(
  ask: Ask,
  telemetry: OpsdbMapping['telemetry'],
  range: TelemetryRange,
): Promise<TelemetrySeries[]> {
  if (telemetry?.layout === 'long') return longSeries(ask, telemetry, range);
  const wanted = (telemetry?.series ?? []).filter(({ name }) => range.names?.includes(name) ?? true);
  const found: TelemetrySeries[] = [];
  for (const { name, unit, from, columns } of wanted) {
    const time = column(columns.time);
    const { rows } = await ask(
      `SELECT ${selectList(columns)} FROM ${relation(from)} ` +
        `WHERE ${time} >= $1::timestamptz AND ${time} < $2::timestamptz ORDER BY ${time} LIMIT ${MOST}`,
      [instant(range.from), instant(range.to)],
    );
    const series: TelemetrySeries = { name, unit, times: [], values: [] };
    for (const values of rows) {
      const row = new Row(values, columns, `${relationName(from)}, telemetry ${name}`);
      series.times.push(utc(row.time('time')));
      series.values.push(row.number('value'));
    }
    if (series.times.length > 0) found.push(series);
  }
  return found.sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function longSeries(
  ask: Ask,
  { from, columns }: Extract<OpsdbMapping['telemetry'], { layout: 'long' }>,
  range: TelemetryRange,
): Promise<TelemetrySeries[]> {
  const time = column(columns.time);
  const name = column(columns.name);
  const only = range.names === undefined ? '' : ` AND ${name}::text = ANY($3::text[])`;
  const { rows } = await ask(
    `SELECT ${selectList(columns)} FROM ${relation(from)} WHERE ${time} >= $1::timestamptz AND ${time} < $2::timestamptz` +
      ` AND ${name} IS NOT NULL${only} ORDER BY ${time} LIMIT ${MOST}`,
    [instant(range.from), instant(range.to), ...(range.names === undefined ? [] : [range.names])],
  );
  const found = new Map<string, TelemetrySeries>();
  for (const values of rows) {
    const row = new Row(values, columns, `${relationName(from)}, telemetry ${values['name'] ?? ''}`);
    const key = values['name'] ?? '';
    const series = found.get(key) ?? { name: key, unit: row.text('unit') ?? '', times: [], values: [] };
    found.set(key, series);
    series.times.push(utc(row.time('time')));
    series.values.push(row.number('value'));
  }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** What the exposure-time calculator said during an exposure; null where there is nothing. */
export async function etcOf(ask: Ask, etc: OpsdbMapping['etc'], expid: number): Promise<EtcSamples | null> {
  if (!etc) return null;
  const { from, columns } = etc;
  const { rows } = await ask(
    `SELECT ${selectList(columns)} FROM ${relation(from)} WHERE ${column(columns.expid)} = $1::bigint ` +
      `ORDER BY ${column(columns.time)} LIMIT ${MOST}`,
    [expid],
  );
  if (rows.length === 0) return null;
  const samples: EtcSamples = { times: [], transparency: [], skyLevel: [], seeing: [], effectiveTime: [] };
  for (const values of rows) {
    const row = new Row(values, columns, `${relationName(from)}, exposure ${expid}`);
    samples.times.push(utc(row.time('time')));
    samples.transparency.push(row.number('transparency'));
    samples.skyLevel.push(row.number('skyLevel'));
    samples.seeing.push(row.number('seeing'));
    samples.effectiveTime.push(row.number('effectiveTime'));
  }
  return samples;
}
