import type Database from 'better-sqlite3';
import type { CameraName } from '#shared/domain/camera.ts';
import type { JudgedKey, QaStatus } from '#shared/domain/measurement.ts';
import { POSTED_STATUSES, type JobState, type RunState } from '#shared/domain/run.ts';
import type { Step } from '#shared/domain/step.ts';
import type { HistoryStore } from '../domain/ports/history-store.ts';
import { runCauses } from '../domain/run-causes.ts';
import { summariseRun, type SummarisedJob } from '../domain/summarise-run.ts';

interface JobRow {
  id: number;
  camera: CameraName;
  state: JobState;
  plan: string;
  posted: number | null;
}
interface MeasurementRow {
  jobId: number;
  metric: string;
  status: QaStatus;
  keys: string | null;
}

/** Keeps the runs' summaries: the schema marks those that are stale, this sums them up again. */
export function runSummaries(db: Database.Database): Pick<HistoryStore, 'summariseStale'> {
  const stale = db.prepare<[number], { id: number; state: RunState }>(
    'SELECT run_id AS id, state FROM run_summary WHERE stale = 1 ORDER BY run_id DESC LIMIT ?',
  );
  const jobs = db.prepare<[number], JobRow>(
    'SELECT id, camera, state, plan, posted_status AS posted FROM job WHERE run_id = ? ORDER BY camera',
  );
  const measurements = db.prepare<[number], MeasurementRow>(`
    SELECT m.job_id AS jobId, m.metric, m.status,
      CASE WHEN m.status <> 'normal' OR m.metric = 'skyrband' THEN m.keys END AS keys
    FROM job j JOIN measurement m ON m.job_id = j.id
    WHERE j.run_id = ? AND m.revision =
      (SELECT max(n.revision) FROM measurement n WHERE n.job_id = m.job_id AND n.metric = m.metric)`);
  const update = db.prepare(`
    UPDATE run_summary SET stale = 0, status = @status, ccd = @ccd, ccd_camera = @ccdCamera, fibers = @fibers,
      fibers_camera = @fibersCamera, spectra = @spectra, spectra_camera = @spectraCamera, done = @done,
      cameras = @cameras, contradicted = @contradicted, finding = @finding, worst = @worst, sky = @sky
    WHERE run_id = @id`);
  const forget = db.prepare<[number]>('DELETE FROM run_finding WHERE run_id = ?');
  const insert = db.prepare(`
    INSERT INTO run_finding (run_id, camera, metric, status, metric_key, label, value)
    VALUES (?, ?, ?, ?, ?, ?, ?)`);

  const forgetCauses = db.prepare<[number]>('DELETE FROM run_cause WHERE run_id = ?');
  const insertCause = db.prepare(`
    INSERT INTO run_cause (run_id, place, status, cameras, title, words, value, camera, metric_key)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`);

  const summarise = (id: number, state: RunState): void => {
    const own = new Map<number, SummarisedJob['measurements'][number][]>();
    for (const { jobId, metric, status, keys } of measurements.all(id)) {
      const list = own.get(jobId) ?? [];
      list.push({ metric, status, keys: keys === null ? [] : (JSON.parse(keys) as JudgedKey[]) });
      own.set(jobId, list);
    }
    const summarised = jobs.all(id).map((job) => ({
      camera: job.camera,
      state: job.state,
      plan: JSON.parse(job.plan) as Step[],
      posted: job.posted === null ? null : (POSTED_STATUSES[job.posted] ?? null),
      measurements: own.get(job.id) ?? [],
    }));
    const { summary, findings } = summariseRun(state, summarised);
    const { ccd, fibers, spectra, ...rest } = summary;
    update.run({
      id,
      ...rest,
      ccd: ccd.status,
      ccdCamera: ccd.camera,
      fibers: fibers.status,
      fibersCamera: fibers.camera,
      spectra: spectra.status,
      spectraCamera: spectra.camera,
    });
    forget.run(id);
    for (const { camera, metric, status, key, label, value } of findings)
      insert.run(id, camera, metric, status, key, label, value);
    forgetCauses.run(id);
    runCauses(summarised).forEach(({ status, cameras, title, words, value, camera, key }, place) =>
      insertCause.run(id, place, status, cameras.join(' '), title, words, value, camera, key),
    );
  };

  const bringUpToDate = db.transaction((limit: number) => {
    const found = stale.all(limit);
    for (const { id, state } of found) summarise(id, state);
    return found.length;
  });
  // Who may only read takes them as they are.
  return { summariseStale: (limit) => (db.readonly ? 0 : bringUpToDate(limit)) };
}
