import type Database from 'better-sqlite3';
import type { CameraName } from '#shared/domain/camera.ts';
import type { Exposure, ExposureMetadata, ExposureState } from '#shared/domain/exposure.ts';
import { QlfError } from '#shared/ipc/result.ts';
import { effectiveOfHeader, type Conditions } from '../domain/exposure-conditions.ts';
import type { Store } from '../domain/ports/store.ts';

interface ExposureRow {
  expid: number;
  night: string;
  flavor: string;
  program: string | null;
  exptime: number | null;
  airmass: number | null;
  seeing: number | null;
  tileid: number | null;
  mjd_obs: number | null;
  date_obs: string | null;
  ra: number | null;
  dec: number | null;
  obstype: string | null;
  header: string;
  state: string;
  reason: string;
  cameras_expected: string;
  registered_at: number;
  last_run_id: number | null;
  effective_time: number | null;
  effective_requested: number | null;
}

const withoutVisit = (row: ExposureRow): Exposure => ({
  expid: row.expid,
  night: row.night,
  flavor: row.flavor,
  program: row.program,
  exptime: row.exptime,
  airmass: row.airmass,
  seeing: row.seeing,
  tileid: row.tileid,
  mjdObs: row.mjd_obs,
  dateObs: row.date_obs,
  ra: row.ra,
  dec: row.dec,
  obstype: row.obstype,
  header: JSON.parse(row.header) as Exposure['header'],
  state: row.state as ExposureState,
  reason: row.reason,
  camerasExpected: JSON.parse(row.cameras_expected) as CameraName[],
  registeredAt: row.registered_at,
  lastRunId: row.last_run_id,
});

type Methods =
  | 'registerExposure'
  | 'exposure'
  | 'isRegistered'
  | 'listExposures'
  | 'exposuresInState'
  | 'setExposureState'
  | 'completeConditions'
  | 'highestExpid';

export interface ExposureRepository extends Pick<Store, Methods> {
  /** Makes a row for an exposure of which only a pipeline's post tells; keeps the one that is there. */
  registerExternal(exposure: ExposureMetadata, cameras: CameraName[], at: number): Exposure;
  setLastRun(expid: number, runId: number): void;
  /** What judging asks of an exposure, for every post: without its header, which takes longer to read than the rest. */
  kindOf(expid: number): Pick<Exposure, 'flavor' | 'program'> | undefined;
}

export function exposureRepository(db: Database.Database): ExposureRepository {
  const upsert = db.prepare<unknown[], ExposureRow>(`
    INSERT INTO exposure (expid, source, night, flavor, program, exptime, airmass, seeing, tileid, mjd_obs, date_obs,
      ra, dec, obstype, header, state, reason, cameras_expected, registered_at, effective_time, effective_requested)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (expid) DO UPDATE SET
      source = excluded.source, night = excluded.night, flavor = excluded.flavor, program = excluded.program,
      exptime = excluded.exptime, airmass = excluded.airmass, seeing = excluded.seeing, tileid = excluded.tileid,
      mjd_obs = excluded.mjd_obs, date_obs = excluded.date_obs, ra = excluded.ra, dec = excluded.dec,
      obstype = excluded.obstype, header = excluded.header, state = excluded.state, reason = excluded.reason,
      cameras_expected = excluded.cameras_expected, effective_time = excluded.effective_time,
      effective_requested = excluded.effective_requested
    WHERE exposure.source = 'external' AND excluded.source = 'dos'
    RETURNING *`);
  const byId = db.prepare<[number], ExposureRow>('SELECT * FROM exposure WHERE expid = ?');
  const visitBefore = db.prepare<[number, string, number, number | null], { before: number; exposuresBefore: number }>(`
    SELECT total(effective_time) AS before, count(*) AS exposuresBefore FROM exposure
    WHERE tileid = ? AND night = ? AND expid < ? AND effective_requested IS ? AND effective_time IS NOT NULL`);
  const toExposure = (row: ExposureRow): Exposure => {
    const { effective_time: seconds, effective_requested: requested, tileid, night, expid } = row;
    if (seconds === null) return withoutVisit(row);
    const visit = tileid === null || tileid < 0 ? undefined : visitBefore.get(tileid, night, expid, requested);
    return { ...withoutVisit(row), effective: { seconds, requested, ...(visit ?? { before: 0, exposuresBefore: 0 }) } };
  };
  const kind = db.prepare<[number], Pick<Exposure, 'flavor' | 'program'>>(
    'SELECT flavor, program FROM exposure WHERE expid = ?',
  );
  const known = db.prepare<[number], { known: 1 }>(
    "SELECT 1 AS known FROM exposure WHERE expid = ? AND source = 'dos'",
  );
  const page = db.prepare<[number, number], ExposureRow>('SELECT * FROM exposure ORDER BY expid DESC LIMIT ? OFFSET ?');
  const count = db.prepare<[], { n: number }>('SELECT count(*) AS n FROM exposure');
  const inState = db.prepare<[string], ExposureRow>(
    "SELECT * FROM exposure WHERE state = ? AND source = 'dos' ORDER BY expid DESC",
  );
  const setState = db.prepare<[string, string, number], ExposureRow>(
    'UPDATE exposure SET state = ?, reason = ? WHERE expid = ? RETURNING *',
  );
  const complete = db.prepare<[Conditions & { expid: number }], ExposureRow>(`
    UPDATE exposure SET airmass = coalesce(airmass, @airmass), seeing = coalesce(seeing, @seeing),
      effective_time = coalesce(effective_time, @effectiveTime),
      effective_requested = coalesce(effective_requested, @effectiveRequested)
    WHERE expid = @expid AND ((airmass IS NULL AND @airmass IS NOT NULL) OR (seeing IS NULL AND @seeing IS NOT NULL)
      OR (effective_time IS NULL AND @effectiveTime IS NOT NULL)
      OR (effective_requested IS NULL AND @effectiveRequested IS NOT NULL))
    RETURNING *`);
  const highest = db.prepare<[], { expid: number | null }>(
    "SELECT max(expid) AS expid FROM exposure WHERE source = 'dos'",
  );
  const setLastRun = db.prepare<[number, number]>('UPDATE exposure SET last_run_id = ? WHERE expid = ?');

  const register = (
    source: 'dos' | 'external',
    e: ExposureMetadata,
    as: { state: ExposureState; reason: string; camerasExpected: CameraName[]; at: number },
  ): Exposure => {
    const { effectiveTime, effectiveRequested } = effectiveOfHeader(e.header);
    const row =
      upsert.get(
        e.expid,
        source,
        e.night,
        e.flavor,
        e.program,
        e.exptime,
        e.airmass,
        e.seeing,
        e.tileid,
        e.mjdObs,
        e.dateObs,
        e.ra,
        e.dec,
        e.obstype,
        JSON.stringify(e.header),
        as.state,
        as.reason,
        JSON.stringify(as.camerasExpected),
        as.at,
        effectiveTime,
        effectiveRequested,
      ) ?? byId.get(e.expid);
    if (!row) throw new QlfError('internal', `exposure ${e.expid} could not be registered`);
    return toExposure(row);
  };

  return {
    registerExposure: (exposure, as) => register('dos', exposure, as),
    registerExternal: (exposure, cameras, at) =>
      register('external', exposure, {
        state: 'registered',
        reason: 'known only from an external pipeline',
        camerasExpected: cameras,
        at,
      }),
    exposure: (expid) => {
      const row = byId.get(expid);
      return row && toExposure(row);
    },
    kindOf: (expid) => kind.get(expid),
    isRegistered: (expid) => known.get(expid) !== undefined,
    listExposures: ({ limit, offset }) => ({
      total: count.get()?.n ?? 0,
      exposures: page.all(limit, offset).map(toExposure),
    }),
    exposuresInState: (state) => inState.all(state).map(toExposure),
    completeConditions: (expid, measured) => {
      const row = complete.get({ expid, ...measured });
      return row ? toExposure(row) : null;
    },
    setExposureState: (expid, state, reason) => {
      const row = setState.get(state, reason, expid);
      if (!row) throw new QlfError('not-found', `exposure ${expid} is not registered`);
      return toExposure(row);
    },
    highestExpid: () => highest.get()?.expid ?? null,
    setLastRun: (expid, runId) => void setLastRun.run(runId, expid),
  };
}
