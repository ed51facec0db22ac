import type Database from 'better-sqlite3';
import type { CameraName } from '#shared/domain/camera.ts';
import type { ExposureState } from '#shared/domain/exposure.ts';
import type { HistoryRow, NightSummary, Outcome, RunSummary } from '#shared/domain/history.ts';
import type { Flag } from '#shared/domain/notes.ts';
import type { HistoryStore } from '../domain/ports/history-store.ts';
import { EXPOSURE_STATUS, historyOrder, historySource } from './history-where.ts';
import { runSummaries } from './run-summaries.ts';

interface Row {
  expid: number;
  night: string;
  flavor: string;
  program: string | null;
  tileid: number | null;
  mjd_obs: number | null;
  date_obs: string | null;
  ra: number | null;
  dec: number | null;
  exptime: number | null;
  airmass: number | null;
  seeing: number | null;
  state: ExposureState;
  reason: string;
  exposure_status: Outcome;
  run_id: number | null;
  kind: RunSummary['kind'];
  run_state: RunSummary['state'];
  started_at: number;
  ended_at: number | null;
  run_status: Outcome;
  ccd: Outcome;
  ccd_camera: CameraName | null;
  fibers: Outcome;
  fibers_camera: CameraName | null;
  spectra: Outcome;
  spectra_camera: CameraName | null;
  done: number;
  cameras: number;
  contradicted: number;
  finding: string;
  worst: CameraName | null;
  sky: number | null;
  runs: number;
  flag: Flag | null;
  flag_author: string;
  flag_reason: string;
  flag_at: number;
  comments: number;
  comment: string | null;
  gap: number | null;
}

/** Characters of the newest comment that a row carries. */
const SNIPPET = 160;

const COLUMNS = `e.expid, e.night, e.flavor, e.program, e.tileid, e.mjd_obs, e.date_obs, e.ra, e.dec, e.exptime,
  e.airmass, e.seeing, e.state, e.reason, ${EXPOSURE_STATUS} AS exposure_status,
  q.run_id, q.kind, q.state AS run_state, q.started_at, q.ended_at, q.status AS run_status, q.ccd, q.ccd_camera,
  q.fibers, q.fibers_camera, q.spectra, q.spectra_camera, q.done, q.cameras, q.contradicted, q.finding, q.worst, q.sky,
  (SELECT count(*) FROM run_summary o WHERE o.expid = e.expid) AS runs,
  f.flag, f.author AS flag_author, f.reason AS flag_reason, f.at AS flag_at,
  (SELECT count(*) FROM comment c WHERE c.expid = e.expid AND c.deleted_at IS NULL) AS comments,
  (SELECT substr(c.text, 1, ${String(SNIPPET)}) FROM comment c WHERE c.expid = e.expid AND c.deleted_at IS NULL
    ORDER BY c.id DESC LIMIT 1) AS comment,
  (SELECT (e.mjd_obs - p.mjd_obs) * 86400 - coalesce(p.exptime, 0) FROM exposure p
    WHERE p.night = e.night AND p.expid < e.expid AND p.mjd_obs IS NOT NULL ORDER BY p.expid DESC LIMIT 1) AS gap`;

/** The exposure, the flag that holds. */
const FLAGGED = `LEFT JOIN quality_flag f ON f.id = (SELECT max(g.id) FROM quality_flag g WHERE g.expid = e.expid)`;

function toRun(row: Row): RunSummary | null {
  if (row.run_id === null) return null;
  return {
    id: row.run_id,
    kind: row.kind,
    state: row.run_state,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    status: row.run_status,
    ccd: { status: row.ccd, camera: row.ccd_camera },
    fibers: { status: row.fibers, camera: row.fibers_camera },
    spectra: { status: row.spectra, camera: row.spectra_camera },
    done: row.done,
    cameras: row.cameras,
    contradicted: row.contradicted,
    finding: row.finding,
    worst: row.worst,
    sky: row.sky,
  };
}

const toHistoryRow = (row: Row, view: 'exposures' | 'runs'): HistoryRow => ({
  expid: row.expid,
  night: row.night,
  flavor: row.flavor,
  program: row.program,
  tileid: row.tileid,
  mjdObs: row.mjd_obs,
  dateObs: row.date_obs,
  ra: row.ra,
  dec: row.dec,
  exptime: row.exptime,
  airmass: row.airmass,
  seeing: row.seeing,
  state: row.state,
  reason: row.reason,
  status: view === 'exposures' ? row.exposure_status : row.run_status,
  run: toRun(row),
  runs: row.runs,
  flag:
    row.flag === null ? null : { flag: row.flag, author: row.flag_author, reason: row.flag_reason, at: row.flag_at },
  comments: row.comments,
  comment: row.comment ?? '',
  gap: row.gap,
});

/** Runs that are summed up before the table is read: few change between two looks at it. */
const AT_ONCE = 50;

/** The history's table and its calendar. */
export function historyRepository(db: Database.Database): HistoryStore {
  const { summariseStale } = runSummaries(db);
  const rowsOf = db.prepare<[string], Row>(`
    SELECT ${COLUMNS} FROM json_each(?) k JOIN exposure e ON e.expid = k.value ->> 0
    LEFT JOIN run_summary q ON q.run_id = k.value ->> 1 ${FLAGGED} ORDER BY k.key`);
  const nights = db.prepare<[string, string], NightSummary>(`
    SELECT night, count(*) AS exposures, sum(flavor IN ('science', 'object')) AS science,
      sum(status IN ('alarm', 'failed', 'missing', 'cancelled', 'warning', 'unknown', 'normal')) AS judged,
      sum(status = 'normal') AS normal, sum(status = 'warning') AS warning, sum(status = 'alarm') AS alarm,
      sum(status IN ('failed', 'missing')) AS failed, sum(status = 'superseded') AS superseded,
      coalesce(sum(CASE WHEN flavor IN ('science', 'object') THEN exptime END), 0) AS exptime
    FROM (SELECT e.night, e.flavor, e.exptime, ${EXPOSURE_STATUS} AS status
      FROM exposure e LEFT JOIN run_summary q ON q.run_id = e.last_run_id WHERE e.night BETWEEN ? AND ?)
    GROUP BY night ORDER BY night`);
  const words = (column: string) =>
    db.prepare<[], { word: string }>(
      `SELECT DISTINCT ${column} AS word FROM exposure WHERE ${column} IS NOT NULL AND ${column} <> '' ORDER BY word`,
    );
  const flavors = words('flavor');
  const programs = words('program');
  const span = db.prepare<[], { firstNight: string | null; lastNight: string | null }>(
    'SELECT (SELECT min(night) FROM exposure) AS firstNight, (SELECT max(night) FROM exposure) AS lastNight',
  );

  return {
    summariseStale,
    listHistory: ({ view, filter, sort, limit, offset }) => {
      summariseStale(AT_ONCE);
      const { sql, values } = historySource(view, filter);
      const total = db.prepare<[object], { n: number }>(`SELECT count(*) AS n ${sql}`).get(values)?.n ?? 0;
      const keys = db
        .prepare<[object], { expid: number; run: number | null }>(
          `SELECT ${view === 'exposures' ? 'e.expid, e.last_run_id' : 'q.expid, q.run_id'} AS run ${sql}
           ${historyOrder(view, sort.column, sort.descending)} LIMIT @limit OFFSET @offset`,
        )
        .all({ ...values, limit, offset })
        .map(({ expid, run }) => [expid, run]);
      return { total, rows: rowsOf.all(JSON.stringify(keys)).map((row) => toHistoryRow(row, view)) };
    },
    listNights: ({ from, to }) => {
      summariseStale(AT_ONCE);
      return nights.all(from, to);
    },
    historyChoices: () => ({
      flavors: flavors.all().map(({ word }) => word),
      programs: programs.all().map(({ word }) => word),
      ...(span.get() ?? { firstNight: null, lastNight: null }),
    }),
  };
}
