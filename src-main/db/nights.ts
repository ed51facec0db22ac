import type Database from 'better-sqlite3';
import type { CameraName } from '#shared/domain/camera.ts';
import type { LostReason } from '#shared/domain/lost-time.ts';
import type { NightNote } from '#shared/domain/night-report.ts';
import type { Comment } from '#shared/domain/notes.ts';
import type { NightStore } from '../domain/ports/night-store.ts';

type CauseRow = Omit<ReturnType<NightStore['nightCauses']>[number], 'cameras'> & { cameras: string };

/** Findings, causes, comments, notes and reasons of lost time by night. */
export function nightRepository(db: Database.Database): NightStore {
  const findings = db.prepare<[string], ReturnType<NightStore['nightFindings']>[number]>(`
    SELECT e.expid, f.run_id AS runId, f.camera, f.metric, f.status, f.metric_key AS key, f.label, f.value
    FROM exposure e JOIN run_finding f ON f.run_id = e.last_run_id WHERE e.night = ? ORDER BY e.expid, f.camera`);
  const comments = db.prepare<[string], Omit<Comment, 'versions'>>(`
    SELECT c.id, c.expid, c.camera, c.fiber, c.author, c.text, c.created_at AS createdAt, c.edited_at AS editedAt,
      c.edited_by AS editedBy, c.deleted_at AS deletedAt, c.deleted_by AS deletedBy
    FROM exposure e JOIN comment c ON c.expid = e.expid
    WHERE e.night = ? AND c.deleted_at IS NULL ORDER BY c.created_at, c.id`);
  const note = db.prepare<[string], NightNote>(
    'SELECT author, text, at FROM night_note WHERE night = ? ORDER BY id DESC LIMIT 1',
  );
  const save = db.prepare<[string, string, string, number]>(
    'INSERT INTO night_note (night, author, text, at) VALUES (?, ?, ?, ?)',
  );
  const causes = db.prepare<[string], CauseRow>(`
    SELECT e.expid, c.run_id AS runId, c.status, c.cameras, c.title, c.words, c.value, c.camera, c.metric_key AS key
    FROM exposure e JOIN run_cause c ON c.run_id = e.last_run_id WHERE e.night = ? ORDER BY e.expid, c.place`);
  const reasons = db.prepare<[string], LostReason & { after: number | null }>(
    'SELECT after_expid AS after, cause, words, author, at FROM lost_time_reason WHERE night = ? ORDER BY id DESC',
  );
  const saveReason = db.prepare<[string, number | null, number, number, LostReason['cause'], string, string, number]>(`
    INSERT INTO lost_time_reason (night, after_expid, from_at, to_at, cause, words, author, at)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)`);
  return {
    nightCauses: (night) =>
      causes.all(night).map((row) => ({ ...row, cameras: row.cameras.split(' ') as CameraName[] })),
    lostReasons: (night) => reasons.all(night),
    saveLostReason: ({ night, after, from, to }, { cause, words, author, at }) =>
      void saveReason.run(night, after, from, to, cause, words, author, at),
    nightFindings: (night) => findings.all(night),
    nightComments: (night) => comments.all(night).map((comment) => ({ ...comment, versions: [] })),
    nightNote: (night) => note.get(night) ?? null,
    saveNightNote: (night, { author, text, at }) => void save.run(night, author, text, at),
  };
}
