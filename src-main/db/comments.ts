import type Database from 'better-sqlite3';
import type { CameraName } from '#shared/domain/camera.ts';
import type { Comment, Flag, FlagEntry } from '#shared/domain/notes.ts';
import { QlfError } from '#shared/ipc/result.ts';
import type { NotesStore } from '../domain/ports/notes-store.ts';

type CommentRow = Omit<Comment, 'versions'>;
interface VersionRow {
  commentId: number;
  text: string;
  author: string;
  until: number;
}

const COLUMNS = `id, expid, camera, fiber, author, text, created_at AS createdAt, edited_at AS editedAt,
  edited_by AS editedBy, deleted_at AS deletedAt, deleted_by AS deletedBy`;

/** People's comments and quality flags. */
export function notesRepository(db: Database.Database): NotesStore {
  const known = db.prepare<[number], { known: 1 }>('SELECT 1 AS known FROM exposure WHERE expid = ?');
  const insert = db.prepare<[string, string, number, number, CameraName | null, number | null], CommentRow>(`
    INSERT INTO comment (author, text, created_at, expid, camera, fiber) VALUES (?, ?, ?, ?, ?, ?) RETURNING ${COLUMNS}`);
  const byId = db.prepare<[number], CommentRow>(`SELECT ${COLUMNS} FROM comment WHERE id = ?`);
  const ofExposure = db.prepare<[number], CommentRow>(`SELECT ${COLUMNS} FROM comment WHERE expid = ? ORDER BY id`);
  const edit = db.prepare<[string, number, string, number]>(
    'UPDATE comment SET text = ?, edited_at = ?, edited_by = ? WHERE id = ?',
  );
  const remove = db.prepare<[number, string, number]>('UPDATE comment SET deleted_at = ?, deleted_by = ? WHERE id = ?');
  const keep = db.prepare<[number, string, string, number]>(
    'INSERT INTO comment_version (comment_id, text, author, until) VALUES (?, ?, ?, ?)',
  );
  const VERSIONS = 'SELECT v.comment_id AS commentId, v.text, v.author, v.until FROM comment_version v';
  const versionsOf = db.prepare<[number], VersionRow>(`${VERSIONS} WHERE v.comment_id = ? ORDER BY v.id`);
  const versionsOfExposure = db.prepare<[number], VersionRow>(
    `${VERSIONS} JOIN comment c ON c.id = v.comment_id WHERE c.expid = ? ORDER BY v.id`,
  );
  const flag = db.prepare<[number, Flag | null, string, string, number], FlagEntry>(`
    INSERT INTO quality_flag (expid, flag, author, reason, at) VALUES (?, ?, ?, ?, ?) RETURNING flag, author, reason, at`);
  const flags = db.prepare<[number], FlagEntry>(
    'SELECT flag, author, reason, at FROM quality_flag WHERE expid = ? ORDER BY id DESC',
  );

  const withVersions = (row: CommentRow, versions: readonly VersionRow[]): Comment => ({
    ...row,
    versions: versions
      .filter(({ commentId }) => commentId === row.id)
      .map(({ text, author, until }) => ({ text, author, until })),
  });
  const get = (id: number): Comment => {
    const row = byId.get(id);
    if (!row) throw new QlfError('not-found', `there is no comment ${String(id)}`);
    return withVersions(row, versionsOf.all(id));
  };
  const alive = (id: number): Comment => {
    const comment = get(id);
    if (comment.deletedAt !== null)
      throw new QlfError('conflict', `comment ${String(id)} was deleted by ${comment.deletedBy ?? 'somebody'}`);
    return comment;
  };
  const mustKnow = (expid: number): void => {
    if (!known.get(expid)) throw new QlfError('not-found', `exposure ${String(expid)} is not registered`);
  };

  return {
    addComment: ({ expid, camera, fiber, author, text, at }) => {
      mustKnow(expid);
      const row = insert.get(author, text, at, expid, camera, fiber);
      if (!row) throw new QlfError('internal', `the comment on exposure ${String(expid)} could not be stored`);
      return { ...row, versions: [] };
    },
    editComment: db.transaction((id: number, { author, text, at }: { author: string; text: string; at: number }) => {
      const before = alive(id);
      if (before.text === text) return before;
      keep.run(id, before.text, before.editedBy ?? before.author, at);
      edit.run(text, at, author, id);
      return get(id);
    }),
    deleteComment: db.transaction((id: number, { author, at }: { author: string; at: number }) => {
      alive(id);
      remove.run(at, author, id);
      return get(id);
    }),
    setFlag: (expid, { flag: value, author, reason, at }) => {
      mustKnow(expid);
      const row = flag.get(expid, value, author, reason, at);
      if (!row) throw new QlfError('internal', `the flag of exposure ${String(expid)} could not be stored`);
      return row;
    },
    notes: (expid) => {
      mustKnow(expid);
      const versions = versionsOfExposure.all(expid);
      return { comments: ofExposure.all(expid).map((row) => withVersions(row, versions)), flags: flags.all(expid) };
    },
  };
}
