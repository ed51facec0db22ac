import type Database from 'better-sqlite3';
import { QA_STATUSES, type JudgedKey } from '#shared/domain/measurement.ts';
import type { Job } from '#shared/domain/run.ts';
import { QlfError } from '#shared/ipc/result.ts';

/** Keeps the judged numbers of each exposure's and camera's newest measurement where trends read them. */
export interface TrendElements {
  /** Part of the transaction that stores the measurement. A run older than what is there changes nothing. */
  keep(job: Job, measurementId: number, metric: string, keys: readonly JudgedKey[]): void;
}

const SAME_LIMITS = ['normal_low', 'normal_high', 'warn_low', 'warn_high']
  .map((column) => `coalesce(${column}, 'none') = coalesce(@${column}, 'none')`)
  .join(' AND ');

export function trendElements(db: Database.Database): TrendElements {
  const findSeries = db.prepare<[string, string], { id: number }>(
    'SELECT id FROM trend_series WHERE metric = ? AND key = ?',
  );
  const addSeries = db.prepare<[string, string], { id: number }>(
    'INSERT INTO trend_series (metric, key) VALUES (?, ?) RETURNING id',
  );
  const findLimits = db.prepare<[object], { id: number }>(`SELECT id FROM trend_limits WHERE ${SAME_LIMITS}`);
  const addLimits = db.prepare<[object], { id: number }>(`
    INSERT INTO trend_limits (normal_low, normal_high, warn_low, warn_high)
    VALUES (@normal_low, @normal_high, @warn_low, @warn_high) RETURNING id`);
  const remove = db.prepare<[number, number, string, number]>(
    'DELETE FROM trend_element WHERE series_id = ? AND expid = ? AND camera = ? AND run_id <= ?',
  );
  const newer = db.prepare<[number, number, string], { there: 1 }>(
    'SELECT 1 AS there FROM trend_element WHERE series_id = ? AND expid = ? AND camera = ? LIMIT 1',
  );
  const insert = db.prepare(`
    INSERT INTO trend_element (series_id, expid, camera, position, run_id, measurement_id, label, value, reference,
      status, limits_id)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);

  const seriesOf = (metric: string, key: string): number => {
    const row = findSeries.get(metric, key) ?? addSeries.get(metric, key);
    if (!row) throw new QlfError('internal', `the numbers of ${metric} ${key} could not be stored`);
    return row.id;
  };
  const limitsOf = ({ key, normalRange, warnRange }: JudgedKey): number => {
    const values = {
      normal_low: normalRange?.[0] ?? null,
      normal_high: normalRange?.[1] ?? null,
      warn_low: warnRange?.[0] ?? null,
      warn_high: warnRange?.[1] ?? null,
    };
    const row = findLimits.get(values) ?? addLimits.get(values);
    if (!row) throw new QlfError('internal', `the limits of ${key} could not be stored`);
    return row.id;
  };

  return {
    keep: ({ runId, expid, camera }, measurementId, metric, keys) => {
      for (const key of keys) {
        const series = seriesOf(metric, key.key);
        remove.run(series, expid, camera, runId);
        if (key.elements.length === 0 || newer.get(series, expid, camera)) continue;
        key.elements.forEach(({ label, value, reference, status, rule }, position) => {
          const limits = limitsOf({ ...key, ...rule });
          const rank = QA_STATUSES.indexOf(status);
          insert.run(series, expid, camera, position, runId, measurementId, label, value, reference, rank, limits);
        });
      }
    },
  };
}
