import type Database from 'better-sqlite3';
import type { CameraName } from '#shared/domain/camera.ts';
import { POSTED_STATUSES, type Job, type JobState } from '#shared/domain/run.ts';
import { QlfError } from '#shared/ipc/result.ts';
import type { IngestStore } from '../domain/ports/ingest-store.ts';
import type { JobPatch, JobProcess, Store } from '../domain/ports/store.ts';

interface JobRow {
  id: number;
  run_id: number;
  expid: number;
  camera: string;
  state: string;
  steps: string;
  plan: string;
  attempt: number;
  started_at: number | null;
  ended_at: number | null;
  exit_code: number | null;
  signal: string | null;
  reason: string;
  log_file: string | null;
  posted_status: number | null;
}

const COLUMNS =
  'id, run_id, expid, camera, state, steps, plan, attempt, started_at, ended_at, exit_code, signal, reason, log_file, posted_status';

const toJob = (row: JobRow): Job => ({
  id: row.id,
  runId: row.run_id,
  expid: row.expid,
  camera: row.camera as CameraName,
  state: row.state as JobState,
  steps: JSON.parse(row.steps) as Job['steps'],
  plan: JSON.parse(row.plan) as Job['plan'],
  attempt: row.attempt,
  startedAt: row.started_at,
  endedAt: row.ended_at,
  exitCode: row.exit_code,
  signal: row.signal,
  reason: row.reason,
  logFile: row.log_file,
  posted: row.posted_status === null ? null : (POSTED_STATUSES[row.posted_status] ?? null),
});

type Methods =
  'createJobs' | 'job' | 'jobOf' | 'jobs' | 'updateJob' | 'setJobProcess' | 'clearJobProcess' | 'jobProcesses';

export interface JobRepository extends Pick<Store, Methods>, Pick<IngestStore, 'listJobs'> {
  /** Keeps what the pipeline last said of its job. */
  setPosted(jobId: number, status: number, label: string | number | null): void;
}

export function jobRepository(db: Database.Database): JobRepository {
  const select = (rest: string) => `SELECT ${COLUMNS} FROM job ${rest}`;
  const insert = db.prepare<[CameraName, JobState, string, number]>(`
    INSERT INTO job (run_id, expid, camera, state, steps, plan, attempt, reason)
    SELECT id, expid, ?, ?, '[]', '[]', 0, ? FROM run WHERE id = ?
    ON CONFLICT (run_id, camera) DO NOTHING`);
  const byId = db.prepare<[number], JobRow>(select('WHERE id = ?'));
  const ofRun = db.prepare<[number], JobRow>(select('WHERE run_id = ? ORDER BY camera'));
  const ofCamera = db.prepare<[number, CameraName], JobRow>(select('WHERE run_id = ? AND camera = ?'));
  const update = db.prepare<unknown[], JobRow>(`
    UPDATE job SET state = ?, steps = ?, plan = ?, attempt = ?, started_at = ?, ended_at = ?, exit_code = ?, signal = ?,
      reason = ?, log_file = ?
    WHERE id = ? RETURNING ${COLUMNS}`);
  const setPosted = db.prepare<[{ id: number; status: number; label: string | null }]>(`
    UPDATE job SET posted_status = @status, posted_label = @label
    WHERE id = @id AND (posted_status, posted_label) IS NOT (@status, @label)`);
  const setProcess = db.prepare<[number, number, string | null]>(
    'INSERT OR REPLACE INTO job_process (job_id, pid, start_time) VALUES (?, ?, ?)',
  );
  const clearProcess = db.prepare<[number]>('DELETE FROM job_process WHERE job_id = ?');
  const processes = db.prepare<[], JobProcess>(
    'SELECT job_id AS jobId, pid, start_time AS startTime FROM job_process ORDER BY job_id',
  );
  const matching = `FROM job WHERE (@runId IS NULL OR run_id = @runId) AND (@expid IS NULL OR expid = @expid)
    AND (@camera IS NULL OR camera = @camera)`;
  const page = db.prepare<unknown[], JobRow>(
    `SELECT ${COLUMNS} ${matching} ORDER BY id DESC LIMIT @limit OFFSET @offset`,
  );
  const count = db.prepare<unknown[], { n: number }>(`SELECT count(*) AS n ${matching}`);

  return {
    createJobs: db.transaction((runId: number, jobs: Parameters<Store['createJobs']>[1]) => {
      for (const { camera, state, reason } of jobs) insert.run(camera, state, reason, runId);
      return ofRun.all(runId).map(toJob);
    }),
    job: (id) => {
      const row = byId.get(id);
      return row && toJob(row);
    },
    jobOf: (runId, camera) => {
      const row = ofCamera.get(runId, camera);
      return row && toJob(row);
    },
    jobs: (runId) => ofRun.all(runId).map(toJob),
    updateJob: db.transaction((id: number, patch: JobPatch) => {
      const row = byId.get(id);
      if (!row) throw new QlfError('not-found', `there is no job ${id}`);
      const job: Job = { ...toJob(row), ...patch };
      // A clock that was set back does not make a job end before it began.
      if (job.startedAt !== null && job.endedAt !== null) job.endedAt = Math.max(job.startedAt, job.endedAt);
      update.run(
        job.state,
        JSON.stringify(job.steps),
        JSON.stringify(job.plan),
        job.attempt,
        job.startedAt,
        job.endedAt,
        job.exitCode,
        job.signal,
        job.reason,
        job.logFile,
        id,
      );
      return job;
    }),
    setPosted: (id, status, label) =>
      void setPosted.run({ id, status, label: label === null ? null : JSON.stringify(label) }),
    setJobProcess: ({ jobId, pid, startTime }) => void setProcess.run(jobId, pid, startTime),
    clearJobProcess: (jobId) => void clearProcess.run(jobId),
    jobProcesses: () => processes.all(),
    listJobs: ({ runId, expid, camera, limit, offset }) => {
      const filter = { runId: runId ?? null, expid: expid ?? null, camera: camera ?? null };
      return { total: count.get(filter)?.n ?? 0, jobs: page.all({ ...filter, limit, offset }).map(toJob) };
    },
  };
}
