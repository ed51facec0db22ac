import type Database from 'better-sqlite3';
import type { CameraName } from '#shared/domain/camera.ts';
import type { SampledExposure } from '#shared/domain/limit-samples.ts';
import { QA_STATUSES, type JudgedKey } from '#shared/domain/measurement.ts';
import type { QlFlavor } from '#shared/domain/ql-flavor.ts';
import type { LimitSampleStore, StoredSample } from '../domain/ports/limit-sample-store.ts';

/** FLAVORs that take a configuration's block. */
const FLAVORS: Readonly<Record<QlFlavor, readonly string[]>> = {
  science: ['science', 'object'],
  arc: ['arc', 'arcs'],
  flat: ['flat'],
  bias: ['bias', 'zero'],
  dark: ['dark'],
};

interface Row {
  expid: number;
  camera: string;
  label: string;
  position: number;
  value: number | null;
  reference: number | null;
  status: number;
  normal_low: number | null;
  normal_high: number | null;
  warn_low: number | null;
  warn_high: number | null;
  /** JSON of the judged keys, where people's limits were in force. */
  keys: string | null;
}

const pair = (low: number | null, high: number | null): [number, number] | null =>
  low === null || high === null ? null : [low, high];

/** What was posted, from under the limits that judged. */
function toSample(row: Row, key: string): StoredSample {
  const judged = row.keys === null ? undefined : (JSON.parse(row.keys) as JudgedKey[]).find((k) => k.key === key);
  const element = judged?.elements[row.position];
  return {
    expid: row.expid,
    camera: row.camera as CameraName,
    element: row.label,
    value: row.value,
    reference: element?.rule ? element.rule.postedReference : row.reference,
    normal: judged ? judged.normalRange : pair(row.normal_low, row.normal_high),
    warn: judged ? judged.warnRange : pair(row.warn_low, row.warn_high),
    status: QA_STATUSES[row.status] ?? 'unknown',
  };
}

/** Past numbers of one key, exposures first, then the numbers of a few of them at a time. */
export function limitSampleRepository(db: Database.Database): LimitSampleStore {
  const series = db.prepare<[string], { id: number }>('SELECT id FROM trend_series WHERE key = ?');
  const exposures = db.prepare<[object], SampledExposure>(`
    SELECT e.expid, e.night, e.flavor, e.program, e.last_run_id AS runId,
      (SELECT f.flag FROM quality_flag f WHERE f.expid = e.expid ORDER BY f.id DESC LIMIT 1) AS flag
    FROM exposure e
    WHERE (@flavors IS NULL OR e.flavor IN (SELECT value FROM json_each(@flavors)))
      AND (@program IS NULL OR e.program = @program) AND e.last_run_id IS NOT NULL
    ORDER BY e.night DESC, e.expid DESC LIMIT @limit`);
  const elements = db.prepare<[object], Row>(`
    SELECT t.expid, t.camera, t.label, t.position, t.value, t.reference, t.status,
      l.normal_low, l.normal_high, l.warn_low, l.warn_high,
      CASE WHEN r.limits_id IS NULL THEN NULL ELSE m.keys END AS keys
    FROM trend_element t
    JOIN trend_limits l ON l.id = t.limits_id
    JOIN run r ON r.id = t.run_id
    LEFT JOIN measurement m ON m.id = t.measurement_id
    WHERE t.series_id = @series AND t.expid = @expid
      AND (@camera IS NULL OR t.camera = @camera OR substr(t.camera, 1, 1) = @camera)
      AND (@element IS NULL OR t.label = @element)`);
  return {
    sampledExposures: ({ flavor, program, limit }) =>
      exposures.all({ flavors: flavor && JSON.stringify(FLAVORS[flavor]), program, limit }),
    samplesOf: (expid, { key, camera, element }) => {
      const found = series.get(key);
      return found ? elements.all({ series: found.id, expid, camera, element }).map((row) => toSample(row, key)) : [];
    },
  };
}
