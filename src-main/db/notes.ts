import type Database from 'better-sqlite3';
import type { Json } from '#shared/domain/measurement.ts';
import type { Comment, Store } from '../domain/ports/store.ts';

/** Settings, the journal and people's comments. */
export function noteRepository(
  db: Database.Database,
): Pick<Store, 'setting' | 'saveSetting' | 'addJournal' | 'addComment' | 'comments'> {
  const get = db.prepare<[string], { value: string }>('SELECT value FROM setting WHERE key = ?');
  const set = db.prepare<[string, string]>('INSERT OR REPLACE INTO setting (key, value) VALUES (?, ?)');
  const event = db.prepare<[number, string, number | null, string | null, string]>(
    'INSERT INTO event (at, kind, expid, camera, text) VALUES (?, ?, ?, ?, ?)',
  );
  const COLUMNS = 'id, author, text, created_at AS createdAt, expid, camera, fiber';
  const comment = db.prepare<[string, string, number, number, string | null, number | null], Comment>(`
    INSERT INTO comment (author, text, created_at, expid, camera, fiber) VALUES (?, ?, ?, ?, ?, ?) RETURNING ${COLUMNS}`);
  const comments = db.prepare<[number], Comment>(`SELECT ${COLUMNS} FROM comment WHERE expid = ? ORDER BY id`);
  return {
    setting: (key) => {
      const row = get.get(key);
      return row && (JSON.parse(row.value) as Json);
    },
    saveSetting: (key, value) => void set.run(key, JSON.stringify(value)),
    addJournal: ({ at, kind, expid, camera, text }) => void event.run(at, kind, expid, camera, text),
    addComment: ({ author, text, createdAt, expid, camera, fiber }) => {
      const row = comment.get(author, text, createdAt, expid, camera, fiber);
      if (!row) throw new Error(`the comment on exposure ${expid} could not be stored`);
      return row;
    },
    comments: (expid) => comments.all(expid),
  };
}
