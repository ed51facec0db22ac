import type Database from 'better-sqlite3';
import type { FootprintAnswer, ObservedTile, PlannedTile, TileExposure, TileList } from '#shared/domain/footprint.ts';
import type { ExposureFilter } from '#shared/domain/trend.ts';
import type { ExposureQueries } from './trend-exposures.ts';

const LIST = 'planned-tiles';

interface ListInfo {
  name: string;
  importedAt: number;
}

/** Exposures of one tile that are listed: no tile is taken so often in earnest. */
const MAX_TILE_EXPOSURES = 1000;

export function footprintQueries(db: Database.Database, exposures: ExposureQueries) {
  const planned = db.prepare<[], PlannedTile>('SELECT tileid, ra, dec, program FROM planned_tile ORDER BY tileid');
  const list = db.prepare<[string], { value: string }>('SELECT value FROM setting WHERE key = ?');
  const ofTile = db.prepare<[number, number], TileExposure>(`
    SELECT expid, night, flavor, program, exptime, airmass, seeing, state, last_run_id AS runId,
      coalesce((mjd_obs - 40587) * 86400000.0, registered_at) AS at
    FROM exposure WHERE tileid = ? ORDER BY expid DESC LIMIT ?`);
  return {
    answer: (filter: ExposureFilter): FootprintAnswer => {
      const { where, values } = exposures.condition({ ...filter, flavor: null });
      // The bare columns are those of the newest exposure: SQLite takes them from the row of the max().
      const observed = db.prepare<[object], ObservedTile & { newest: number }>(`
        SELECT tileid, ra, dec, program, count(*) AS exposures, coalesce(sum(exptime), 0) AS exptime,
          min(night) AS firstNight, max(night) AS lastNight, max(expid) AS newest
        FROM exposure
        WHERE tileid >= 0 AND flavor IN ('science', 'object') AND ${where} GROUP BY tileid`);
      const tiles = planned.all();
      const row = list.get(LIST);
      const info = row && (JSON.parse(row.value) as ListInfo);
      return {
        list: info && tiles.length > 0 ? { ...info, count: tiles.length } : null,
        planned: tiles,
        observed: observed.all(values).map(({ newest: _, ...tile }) => tile),
      };
    },
    exposures: (tileid: number): TileExposure[] => ofTile.all(tileid, MAX_TILE_EXPOSURES),
  };
}

/** Keeps the list of planned tiles, one at a time. */
export function tileRepository(db: Database.Database) {
  const clear = db.prepare('DELETE FROM planned_tile');
  const insert = db.prepare<[number, number, number, string | null]>(
    'INSERT OR REPLACE INTO planned_tile (tileid, ra, dec, program) VALUES (?, ?, ?, ?)',
  );
  const describe = db.prepare<[string, string]>('INSERT OR REPLACE INTO setting (key, value) VALUES (?, ?)');
  const replace = db.transaction(({ name, tiles }: TileList, at: number): void => {
    clear.run();
    for (const { tileid, ra, dec, program } of tiles) insert.run(tileid, ra, dec, program);
    describe.run(LIST, JSON.stringify({ name, importedAt: at } satisfies ListInfo));
  });
  return {
    /** Takes the place of the list before, all or nothing. */
    savePlannedTiles: (list: TileList, at: number): void => {
      replace.immediate(list, at);
    },
  };
}
