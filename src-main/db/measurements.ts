import { createHash } from 'node:crypto';
import type Database from 'better-sqlite3';
import type { CameraName } from '#shared/domain/camera.ts';
import type { JudgedKey, Json, Measurement, MeasurementSummary, QaStatus } from '#shared/domain/measurement.ts';
import type { Job } from '#shared/domain/run.ts';
import { findMetric } from '#shared/qa/catalogue.ts';
import { judgeMeasurement, type JudgeContext } from '#shared/qa/judge.ts';
import type { IngestStore, PostedMeasurement, RecordedMeasurement } from '../domain/ports/ingest-store.ts';
import type { Store } from '../domain/ports/store.ts';

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

const COLUMNS = 'm.id, m.run_id, m.job_id, m.expid, m.camera, m.metric, m.revision, m.status, m.keys, m.received_at';
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
const canonical = (name: string): string => findMetric(name)?.name ?? name.trim();

type Methods = 'measurements' | 'measurementSummaries' | 'metricHistory';

export interface MeasurementRepository
  extends Pick<Store, Methods>, Pick<IngestStore, 'listMeasurements' | 'measurement'> {
  /** Stores a value of a job's metric, or finds it there; a different one becomes the next revision. */
  record(job: Job, posted: PostedMeasurement, context: JudgeContext, receivedAt: number): RecordedMeasurement;
}

export function measurementRepository(db: Database.Database): MeasurementRepository {
  const byHash = db.prepare<[number, string, Buffer], SummaryRow>(
    `SELECT ${COLUMNS} FROM measurement m WHERE m.job_id = ? AND m.metric = ? AND m.value_hash = ?`,
  );
  const lastRevision = db.prepare<[number, string], { revision: number | null }>(
    'SELECT max(revision) AS revision FROM measurement WHERE job_id = ? AND metric = ?',
  );
  const insert = db.prepare<unknown[]>(`
    INSERT INTO measurement (job_id, run_id, expid, camera, metric, sender_name, revision, status, keys, value_hash,
      non_finite, received_at)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
  const insertValue = db.prepare<[number | bigint, string]>(
    'INSERT INTO measurement_value (measurement_id, value) VALUES (?, ?)',
  );
  const ofJob = db.prepare<[number], ValueRow>(`
    SELECT ${COLUMNS}, v.value, m.non_finite FROM measurement m JOIN measurement_value v ON v.measurement_id = m.id
    WHERE m.job_id = ? AND ${NEWEST} ORDER BY m.id`);
  const ofRun = db.prepare<[number], SummaryRow>(`
    SELECT ${COLUMNS} FROM job j JOIN measurement m ON m.job_id = j.id WHERE j.run_id = ? AND ${NEWEST} ORDER BY m.id`);
  const byId = db.prepare<[number], ValueRow>(`
    SELECT ${COLUMNS}, v.value, m.non_finite FROM measurement m JOIN measurement_value v ON v.measurement_id = m.id
    WHERE m.id = ?`);
  // One row an exposure, that of its newest run and revision: a bare column beside max() comes from the maximum's row.
  const history = db.prepare<[string, string, number], { expid: number; keys: string }>(`
    SELECT expid, keys, max(run_id * 1000000.0 + revision) FROM measurement WHERE metric = ? AND camera = ?
    GROUP BY expid ORDER BY expid DESC LIMIT ?`);
  const matching = `FROM measurement m WHERE (@jobId IS NULL OR m.job_id = @jobId) AND (@runId IS NULL OR m.run_id = @runId)
    AND (@expid IS NULL OR m.expid = @expid) AND (@camera IS NULL OR m.camera = @camera)
    AND (@metric IS NULL OR m.metric = @metric) AND (@revisions OR ${NEWEST})`;
  const page = db.prepare<unknown[], SummaryRow>(
    `SELECT ${COLUMNS} ${matching} ORDER BY m.id DESC LIMIT @limit OFFSET @offset`,
  );
  const count = db.prepare<unknown[], { n: number }>(`SELECT count(*) AS n ${matching}`);

  return {
    record: (job, posted, context, receivedAt) => {
      const metric = canonical(posted.name);
      const hash = createHash('sha256').update(posted.text).digest().subarray(0, 16);
      const before = byHash.get(job.id, metric, hash);
      if (before) return { summary: toSummary(before), stored: false };
      const { status, keys } = judgeMeasurement(metric, posted.value, context);
      const revision = (lastRevision.get(job.id, metric)?.revision ?? 0) + 1;
      const { lastInsertRowid: id } = insert.run(
        job.id,
        job.runId,
        job.expid,
        job.camera,
        metric,
        posted.name,
        revision,
        status,
        JSON.stringify(keys),
        hash,
        posted.nonFinite && JSON.stringify(posted.nonFinite),
        receivedAt,
      );
      insertValue.run(id, posted.text);
      const { id: jobId, runId, expid, camera } = job;
      return {
        summary: { id: Number(id), runId, jobId, expid, camera, metric, revision, status, keys, receivedAt },
        stored: true,
      };
    },
    measurements: (jobId) => ofJob.all(jobId).map(toMeasurement),
    measurementSummaries: (runId) => ofRun.all(runId).map(toSummary),
    metricHistory: ({ camera, metric, key, limit }) =>
      history
        .all(canonical(metric), camera, limit)
        .flatMap(({ expid, keys }) => {
          const judged = (JSON.parse(keys) as JudgedKey[]).find((candidate) => candidate.key === key);
          return judged ? [{ expid, status: judged.status, values: judged.elements.map(({ value }) => value) }] : [];
        })
        .reverse(),
    listMeasurements: ({ jobId, runId, expid, camera, metric, revisions }, { limit, offset }) => {
      const filter = {
        jobId: jobId ?? null,
        runId: runId ?? null,
        expid: expid ?? null,
        camera: camera ?? null,
        metric: metric === undefined ? null : canonical(metric),
        revisions: revisions ? 1 : 0,
      };
      return {
        total: count.get(filter)?.n ?? 0,
        measurements: page.all({ ...filter, limit, offset }).map(toSummary),
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
