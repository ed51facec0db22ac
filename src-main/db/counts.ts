import type Database from 'better-sqlite3';
import type { ExposureState } from '#shared/domain/exposure.ts';
import type { CountStore } from '../domain/ports/observability.ts';

/** Counts that come from an index alone: they are asked for every few seconds. */
export function countRepository(db: Database.Database): CountStore {
  const states = db.prepare<[], { state: ExposureState; n: number }>(
    'SELECT state, count(*) AS n FROM exposure GROUP BY state',
  );
  return { exposureCounts: () => Object.fromEntries(states.all().map(({ state, n }) => [state, n])) };
}
