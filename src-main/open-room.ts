import type { EngineSettings } from '#shared/domain/settings.ts';
import { emptyRoom, RECENT_EXPOSURES } from '#shared/state/control-room.ts';
import type { QlfDatabase } from './db/open-database.ts';
import { ControlRoom } from './orchestrator/control-room.ts';
import { storedMode } from './orchestrator/engine.ts';

/** The room as a data folder left it: its newest exposures and its last run are on screen from the first moment. */
export function openRoom(
  db: QlfDatabase,
  root: string,
  settings: EngineSettings,
  seq: number,
  now: () => number,
): ControlRoom {
  const last = db.lastRun();
  const empty = emptyRoom(root, now());
  return new ControlRoom(
    {
      ...empty,
      seq,
      engine: { ...empty.engine, activity: 'off', mode: storedMode(db.setting('mode')), parallel: settings.parallel },
      exposures: db.listExposures({ limit: RECENT_EXPOSURES, offset: 0 }).exposures,
      current: (last && db.runDetail(last.id)) ?? null,
      typicalStageMs: db.typicalStageMs(20),
    },
    now,
  );
}
