import type Database from 'better-sqlite3';
import type { CameraName } from '#shared/domain/camera.ts';
import type { Exposure } from '#shared/domain/exposure.ts';
import type { JudgedKey, Json } from '#shared/domain/measurement.ts';
import type { FiberStore, PostedId } from '../domain/ports/fiber-store.ts';

interface PostedRow {
  id: number;
  camera: string;
  expid: number;
  keys: string;
}

const toPosted = ({ id, camera, expid, keys }: PostedRow): PostedId => ({
  id,
  camera: camera as CameraName,
  expid,
  keys: JSON.parse(keys) as JudgedKey[],
});

type Methods = 'postedInRun' | 'postedUpTo' | 'postedValue' | 'neighbourWithRun';

/** Measurements by fiber: their rows without the values, and single values. */
export function fiberValueRepository(
  db: Database.Database,
  exposures: { exposure(expid: number): Exposure | undefined },
): Pick<FiberStore, Methods> {
  const ofRun = db.prepare<[{ run: number; metric: string }], PostedRow>(`
    SELECT m.id, j.camera, j.expid, m.keys FROM job j JOIN measurement m ON m.id = (
      SELECT n.id FROM measurement n WHERE n.job_id = j.id AND n.metric = @metric ORDER BY n.revision DESC LIMIT 1)
    WHERE j.run_id = @run ORDER BY j.camera`);
  const upTo = db.prepare<[{ camera: string; metric: string; expid: number; limit: number }], PostedRow>(`
    SELECT m.id, @camera AS camera, e.expid, m.keys FROM exposure e JOIN measurement m ON m.id = (
      SELECT n.id FROM job j JOIN measurement n ON n.job_id = j.id
      WHERE j.expid = e.expid AND j.camera = @camera AND n.metric = @metric
      ORDER BY j.run_id DESC, n.revision DESC LIMIT 1)
    WHERE e.expid <= @expid ORDER BY e.expid DESC LIMIT @limit`);
  const value = db.prepare<[number], { value: string }>('SELECT value FROM measurement_value WHERE measurement_id = ?');
  const older = db.prepare<[number], { expid: number }>(
    'SELECT expid FROM exposure WHERE expid < ? AND last_run_id IS NOT NULL ORDER BY expid DESC LIMIT 1',
  );
  const newer = db.prepare<[number], { expid: number }>(
    'SELECT expid FROM exposure WHERE expid > ? AND last_run_id IS NOT NULL ORDER BY expid LIMIT 1',
  );
  return {
    postedInRun: (runId, metric) => ofRun.all({ run: runId, metric }).map(toPosted),
    postedUpTo: (query) => upTo.all(query).map(toPosted),
    postedValue: (id) => {
      const row = value.get(id);
      return row === undefined ? null : (JSON.parse(row.value) as Json);
    },
    neighbourWithRun: (expid, by) => {
      const row = (by < 0 ? older : newer).get(expid);
      return row && exposures.exposure(row.expid);
    },
  };
}
