import { NO_QUESTIONS } from '#shared/domain/connection.ts';
import type { EngineSettings } from '#shared/domain/settings.ts';
import { RECENT_EXPOSURES } from '#shared/state/control-room.ts';
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
  return new ControlRoom(
    {
      seq,
      engine: {
        activity: 'off',
        mode: storedMode(db.setting('mode')),
        since: now(),
        parallel: settings.parallel,
        dataDir: root,
        ingestUrl: '',
        warnings: [],
      },
      connections: [],
      exposures: db.listExposures({ limit: RECENT_EXPOSURES, offset: 0 }).exposures,
      current: (last && db.runDetail(last.id)) ?? null,
      transfer: null,
      log: [],
      disk: null,
      alarms: [],
      mutes: [],
      announcement: null,
      questions: NO_QUESTIONS,
      notes: 0,
      typicalStageMs: db.typicalStageMs(20),
    },
    now,
  );
}
