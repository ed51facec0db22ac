import type Database from 'better-sqlite3';
import { CAMERAS, type CameraName } from '#shared/domain/camera.ts';
import type { TrendAnswer, TrendLimits, TrendLine, TrendQuery } from '#shared/domain/trend.ts';
import { summariseLine } from '../domain/summarise-line.ts';
import { thinLine } from '../domain/thin-line.ts';
import type { ExposurePoint, ExposureQueries } from './trend-exposures.ts';

/** expid, camera, label, value, reference, status, limits, run */
export type ElementRow = [number, CameraName, string, number | null, number | null, number, number, number];

export interface ElementQueries {
  /** A key's numbers of some exposures (rising EXPIDs) in their order. */
  elements(
    metric: string,
    key: string,
    cameras: readonly CameraName[],
    exposures: readonly ExposurePoint[],
  ): Iterable<ElementRow>;
  lines(query: TrendQuery): TrendAnswer;
}

interface LimitsRow {
  id: number;
  normal_low: number | null;
  normal_high: number | null;
  warn_low: number | null;
  warn_high: number | null;
}

type Columns = Omit<TrendLine, 'camera' | 'label' | 'summary'>;

const pair = (low: number | null, high: number | null): [number, number] | null =>
  low === null || high === null ? null : [low, high];

/** The lines with as many points as each may have, shared out evenly. */
function thinned(lines: TrendLine[], points: number): TrendLine[] {
  const total = lines.reduce((n, line) => n + line.value.length, 0);
  if (total <= points) return lines;
  const keep = Math.max(8, Math.floor(points / lines.length));
  return lines.map((line) => {
    const kept = thinLine(line.value, line.status, keep);
    const of = <T>(column: readonly T[]): T[] => kept.map((i) => column[i] as T);
    return {
      ...line,
      exposure: of(line.exposure),
      value: of(line.value),
      reference: of(line.reference),
      status: of(line.status),
      limits: of(line.limits),
      run: of(line.run),
    };
  });
}

export function elementQueries(db: Database.Database, exposures: ExposureQueries): ElementQueries {
  const seriesId = db.prepare<[string, string], { id: number }>(
    'SELECT id FROM trend_series WHERE metric = ? AND key = ?',
  );
  const limitsRows = db.prepare<[], LimitsRow>('SELECT * FROM trend_limits ORDER BY id');

  const elements: ElementQueries['elements'] = (metric, key, cameras, points) => {
    const series = seriesId.get(metric, key);
    const [first] = points;
    const last = points[points.length - 1];
    if (!series || !first || !last) return [];
    const some = cameras.length < CAMERAS.length ? `AND camera IN (${cameras.map(() => '?').join(', ')})` : '';
    return db
      .prepare<unknown[], ElementRow>(
        `SELECT expid, camera, label, value, reference, status, limits_id, run_id FROM trend_element
         WHERE series_id = ? AND expid BETWEEN ? AND ? ${some} ORDER BY expid, camera, position`,
      )
      .raw()
      .iterate(series.id, first.expid, last.expid, ...(some === '' ? [] : cameras)) as Iterable<ElementRow>;
  };

  return {
    elements,
    lines: ({ metric, key, cameras, labels, filter, points }) => {
      const chosen = exposures.points(filter);
      const placeOf = new Map(chosen.map(({ expid }, place) => [expid, place]));
      const limits = limitsRows.all();
      const limitsPlace = new Map(limits.map(({ id }, place) => [id, place]));
      const wanted = labels && new Set(labels);
      const seen = new Set<string>();
      const columns = new Map<string, Columns>();
      for (const [expid, camera, label, value, reference, status, limit, run] of elements(
        metric,
        key,
        cameras,
        chosen,
      )) {
        const place = placeOf.get(expid);
        if (place === undefined) continue;
        seen.add(label);
        if (wanted && !wanted.has(label)) continue;
        const name = `${camera}${label}`;
        let own = columns.get(name);
        if (!own) {
          own = { exposure: [], value: [], reference: [], status: [], limits: [], run: [] };
          columns.set(name, own);
        }
        own.exposure.push(place);
        own.value.push(value);
        own.reference.push(reference);
        own.status.push(status);
        own.limits.push(limitsPlace.get(limit) ?? 0);
        own.run.push(run);
      }
      const whole = [...columns].map(([name, own]): TrendLine => ({
        camera: name.slice(0, 2) as CameraName,
        label: name.slice(2),
        ...own,
        summary: summariseLine(own.value, own.status),
      }));
      const order = [...seen];
      whole.sort(
        (a, b) =>
          CAMERAS.indexOf(a.camera) - CAMERAS.indexOf(b.camera) || order.indexOf(a.label) - order.indexOf(b.label),
      );
      const lines = thinned(whole, points);
      return {
        exposures: {
          expid: chosen.map(({ expid }) => expid),
          at: chosen.map(({ at }) => at),
          night: chosen.map(({ night }) => night),
          flavor: chosen.map(({ flavor }) => flavor),
          program: chosen.map(({ program }) => program),
        },
        lines,
        limits: limits.map((row): TrendLimits => ({
          normal: pair(row.normal_low, row.normal_high),
          warn: pair(row.warn_low, row.warn_high),
        })),
        labels: order,
        total: whole.reduce((n, line) => n + line.value.length, 0),
        kept: lines.reduce((n, line) => n + line.value.length, 0),
      };
    },
  };
}
