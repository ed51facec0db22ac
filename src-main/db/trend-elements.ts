import type Database from 'better-sqlite3';
import { QA_STATUSES, type JudgedKey } from '#shared/domain/measurement.ts';
import type { Job } from '#shared/domain/run.ts';
import { QlfError } from '#shared/ipc/result.ts';
import { steady } from './steady.ts';

/** Keeps the judged numbers of each exposure's and camera's newest measurement where trends read them. */
export interface TrendElements {
  /** Part of the transaction that stores the measurement. A run older than what is there changes nothing. */
  keep(job: Job, measurementId: number, metric: string, keys: readonly JudgedKey[]): void;
}

const SAME_LIMITS = ['normal_low', 'normal_high', 'warn_low', 'warn_high']
  .map((column) => `coalesce(${column}, 'none') = coalesce(@${column}, 'none')`)
  .join(' AND ');

const SERIES = `series_id = ${steady('INTEGER')} AND expid = ${steady('INTEGER')} AND camera = ${steady('TEXT')}`;

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
  const runOf = db.prepare<[number, number, string], { run: number }>(
    `SELECT run_id AS run FROM trend_element WHERE ${SERIES} LIMIT 1`,
  );
  const remove = db.prepare<[number, number, string]>(`DELETE FROM trend_element WHERE ${SERIES}`);
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
        // All elements of a series, exposure and camera are of one run.
        const there = runOf.get(series, expid, camera);
        if (there && there.run > runId) continue;
        if (there) remove.run(series, expid, camera);
        key.elements.forEach(({ label, value, reference, status, rule }, position) => {
          const limits = limitsOf({ ...key, ...rule });
          const rank = QA_STATUSES.indexOf(status);
          insert.run(series, expid, camera, position, runId, measurementId, label, value, reference, rank, limits);
        });
      }
    },
  };
}
