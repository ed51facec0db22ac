import type Database from 'better-sqlite3';
import type { Cleaned, StorageKind } from '#shared/domain/storage.ts';
import type { KeepingFacts, StorageStore } from '../domain/ports/storage-store.ts';

interface FactsRow {
  state: KeepingFacts['state'];
  judged: number;
  running: number;
  commented: number;
  flagged: number;
  alarmed: number;
  touchedAt: number;
}

/** Deletions from the disk, and what keeps an exposure's files from it. */
export function storageRepository(db: Database.Database): StorageStore {
  const facts = db.prepare<[number], FactsRow>(`
    SELECT e.state,
      EXISTS (SELECT 1 FROM run r WHERE r.expid = e.expid AND r.kind = 'qlf' AND r.stage = 'verdict') AS judged,
      EXISTS (SELECT 1 FROM run r WHERE r.expid = e.expid AND r.state = 'running') AS running,
      EXISTS (SELECT 1 FROM comment c WHERE c.expid = e.expid AND c.deleted_at IS NULL) AS commented,
      (SELECT q.flag FROM quality_flag q WHERE q.expid = e.expid ORDER BY q.id DESC LIMIT 1) IS NOT NULL AS flagged,
      EXISTS (SELECT 1 FROM alarm a WHERE a.state <> 'cleared'
        AND (a.record ->> 'expid' = e.expid OR a.record ->> 'firstExpid' = e.expid)) AS alarmed,
      max(e.registered_at, coalesce((SELECT max(coalesce(r.ended_at, r.started_at)) FROM run r
        WHERE r.expid = e.expid), 0)) AS touchedAt
    FROM exposure e WHERE e.expid = ?`);
  const add = db.prepare<[Cleaned]>(`
    INSERT INTO cleaned (at, expid, run_id, kind, files, bytes, why, by)
    VALUES (@at, @expid, @runId, @kind, @files, @bytes, @why, @by)`);
  const list = db.prepare<[number], Cleaned>(`
    SELECT at, expid, run_id AS runId, kind, files, bytes, why, by FROM cleaned ORDER BY id DESC LIMIT ?`);
  const ofExposure = db.prepare<[number], { at: number; runId: number | null; kind: StorageKind }>(
    'SELECT at, run_id AS runId, kind FROM cleaned WHERE expid = ? ORDER BY id DESC',
  );
  return {
    keepingFacts: (expid) => {
      const row = facts.get(expid);
      if (!row) return undefined;
      const { state, touchedAt } = row;
      return {
        state,
        touchedAt,
        judged: row.judged === 1,
        running: row.running === 1,
        commented: row.commented === 1,
        flagged: row.flagged === 1,
        alarmed: row.alarmed === 1,
      };
    },
    addCleaned: (entry) => void add.run(entry),
    listCleaned: (limit) => list.all(limit),
    cleanedAt: ({ expid, runId, kinds }) =>
      ofExposure
        .all(expid)
        .find((row) => kinds.includes(row.kind) && (row.runId === null || runId === null || row.runId === runId))?.at ??
      null,
  };
}
