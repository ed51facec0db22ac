import type Database from 'better-sqlite3';
import type { CameraName } from '#shared/domain/camera.ts';
import type { JudgedKey, Json, Measurement, MeasurementSummary, QaStatus } from '#shared/domain/measurement.ts';
import type { Job } from '#shared/domain/run.ts';
import { findMetric } from '#shared/qa/catalogue.ts';
import { judgeMeasurement, type JudgeContext } from '#shared/qa/judge.ts';
import type {
  IngestStore,
  MeasurementFilter,
  PostedMeasurement,
  RecordedMeasurement,
} from '../domain/ports/ingest-store.ts';
import type { Store } from '../domain/ports/store.ts';
import { steady } from './steady.ts';
import { trendElements } from './trend-elements.ts';

interface SummaryRow {
  id: number;
  run_id: number;
  job_id: number;
  expid: number;
  camera: string;
  metric: string;
  revision: number;
  status: string;
  keys: string;
  received_at: number;
}

interface ValueRow extends SummaryRow {
  value: string;
  non_finite: string | null;
}

const COLUMNS = 'm.id, j.run_id, m.job_id, j.expid, j.camera, m.metric, m.revision, m.status, m.keys, m.received_at';
const JOINED = 'job j JOIN measurement m ON m.job_id = j.id';
const WITH_VALUE = `${JOINED} JOIN measurement_value v ON v.measurement_id = m.id`;
const NEWEST = `m.revision = (SELECT max(n.revision) FROM measurement n WHERE n.job_id = m.job_id AND n.metric = m.metric)`;

const toSummary = (row: SummaryRow): MeasurementSummary => ({
  id: row.id,
  runId: row.run_id,
  jobId: row.job_id,
  expid: row.expid,
  camera: row.camera as CameraName,
  metric: row.metric,
  revision: row.revision,
  status: row.status as QaStatus,
  keys: JSON.parse(row.keys) as JudgedKey[],
  receivedAt: row.received_at,
});

const toMeasurement = (row: ValueRow): Measurement => ({ ...toSummary(row), value: JSON.parse(row.value) as Json });

/** Name under which a metric is kept: the catalogue's, or the sender's own where the catalogue has none. */
const canonical = (name: string): string => findMetric(name)?.name ?? (name.trim() || name);

/** Conditions of a filter, with their values named. */
function conditions(filter: MeasurementFilter): { where: string; values: Record<string, number | string> } {
  const wanted: [string, string, number | string | undefined][] = [
    ['m.job_id', 'job', filter.jobId],
    ['j.run_id', 'run', filter.runId],
    ['j.expid', 'expid', filter.expid],
    ['j.camera', 'camera', filter.camera],
    ['m.metric', 'metric', filter.metric === undefined ? undefined : canonical(filter.metric)],
  ];
  const terms = filter.revisions ? [] : [NEWEST];
  const values: Record<string, number | string> = {};
  for (const [column, name, value] of wanted) {
    if (value === undefined) continue;
    terms.push(`${column} = @${name}`);
    values[name] = value;
  }
  return { where: terms.length > 0 ? `WHERE ${terms.join(' AND ')}` : '', values };
}

type Methods = 'measurements' | 'measurementSummaries' | 'metricHistory';

export interface MeasurementRepository
  extends Pick<Store, Methods>, Pick<IngestStore, 'listMeasurements' | 'measurement'> {
  /** Stores a value of a job's metric, or finds it there; a different one becomes the next revision. */
  record(job: Job, posted: PostedMeasurement, context: JudgeContext, receivedAt: number): RecordedMeasurement;
}

export function measurementRepository(db: Database.Database): MeasurementRepository {
  const trends = trendElements(db);
  const byDigest = db.prepare<[number, string, Uint8Array], { id: number }>(
    'SELECT id FROM measurement WHERE job_id = ? AND metric = ? AND digest = ?',
  );
  const lastRevision = db.prepare<[number, string], { revision: number | null }>(
    `SELECT max(revision) AS revision FROM measurement WHERE job_id = ${steady('INTEGER')} AND metric = ${steady('TEXT')}`,
  );
  const insert = db.prepare<
    [number, string, string, number, QaStatus, string, Uint8Array, string | null, number],
    undefined
  >(`
    INSERT INTO measurement (job_id, metric, sender_name, revision, status, keys, digest, non_finite, received_at)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`);
  const insertValue = db.prepare<[number, string | Uint8Array]>(
    'INSERT INTO measurement_value (measurement_id, value) VALUES (?, CAST(? AS TEXT))',
  );
  const ofJob = db.prepare<[number], ValueRow>(
    `SELECT ${COLUMNS}, v.value, m.non_finite FROM ${WITH_VALUE} WHERE m.job_id = ? AND ${NEWEST} ORDER BY m.id`,
  );
  const ofRun = db.prepare<[number], SummaryRow>(
    `SELECT ${COLUMNS} FROM ${JOINED} WHERE j.run_id = ? AND ${NEWEST} ORDER BY m.id`,
  );
  const summaryById = db.prepare<[number], SummaryRow>(`SELECT ${COLUMNS} FROM ${JOINED} WHERE m.id = ?`);
  const byId = db.prepare<[number], ValueRow>(
    `SELECT ${COLUMNS}, v.value, m.non_finite FROM ${WITH_VALUE} WHERE m.id = ?`,
  );
  // Exposure by exposure from the newest: the work is that of the exposures asked for, however long the memory.
  const historyOf = db.prepare<[{ camera: string; metric: string; limit: number }], { expid: number; keys: string }>(`
    SELECT e.expid, m.keys
    FROM exposure e
    JOIN measurement m ON m.id = (
      SELECT n.id FROM job j JOIN measurement n ON n.job_id = j.id
      WHERE j.expid = e.expid AND j.camera = @camera AND n.metric = @metric
      ORDER BY j.run_id DESC, n.revision DESC LIMIT 1)
    ORDER BY e.expid DESC LIMIT @limit`);

  return {
    record: (job, posted, context, receivedAt) => {
      const metric = canonical(posted.name);
      const { digest, nonFinite } = posted;
      const known = byDigest.get(job.id, metric, digest);
      const before = known && summaryById.get(known.id);
      if (before) return { summary: toSummary(before), stored: false };
      const { status, keys } = judgeMeasurement(metric, posted.value, context);
      const revision = 1 + (lastRevision.get(job.id, metric)?.revision ?? 0);
      const noted = nonFinite && JSON.stringify(nonFinite);
      const { lastInsertRowid } = insert.run(
        job.id,
        metric,
        posted.name,
        revision,
        status,
        JSON.stringify(keys),
        digest,
        noted,
        receivedAt,
      );
      const id = Number(lastInsertRowid);
      insertValue.run(id, posted.text);
      trends.keep(job, id, metric, keys);
      const { id: jobId, runId, expid, camera } = job;
      return {
        summary: { id, revision, runId, jobId, expid, camera, metric, status, keys, receivedAt },
        stored: true,
      };
    },
    measurements: (jobId) => ofJob.all(jobId).map(toMeasurement),
    measurementSummaries: (runId) => ofRun.all(runId).map(toSummary),
    metricHistory: ({ camera, metric, key, limit }) =>
      historyOf
        .all({ camera, metric: canonical(metric), limit })
        .flatMap(({ expid, keys }) => {
          const judged = (JSON.parse(keys) as JudgedKey[]).find((candidate) => candidate.key === key);
          return judged ? [{ expid, status: judged.status, values: judged.elements.map(({ value }) => value) }] : [];
        })
        .reverse(),
    listMeasurements: (filter, page) => {
      const { where, values } = conditions(filter);
      const count = db.prepare<[object], { n: number }>(`SELECT count(*) AS n FROM ${JOINED} ${where}`);
      const rows = db.prepare<[object], SummaryRow>(
        `SELECT ${COLUMNS} FROM ${JOINED} ${where} ORDER BY m.id DESC LIMIT @limit OFFSET @offset`,
      );
      return {
        total: count.get(values)?.n ?? 0,
        measurements: rows.all({ ...values, ...page }).map(toSummary),
      };
    },
    measurement: (id) => {
      const row = byId.get(id);
      if (!row) return undefined;
      const nonFinite = row.non_finite === null ? null : (JSON.parse(row.non_finite) as Record<string, string>);
      return { ...toMeasurement(row), nonFinite };
    },
  };
}
