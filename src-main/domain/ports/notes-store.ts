import type { CameraName } from '#shared/domain/camera.ts';
import type { Comment, Flag, FlagEntry, Notes } from '#shared/domain/notes.ts';

/** What people say of exposures. Nothing is ever lost: edits keep the text before, deletions keep the comment. */
export interface NotesStore {
  addComment(comment: {
    expid: number;
    camera: CameraName | null;
    fiber: number | null;
    author: string;
    text: string;
    at: number;
  }): Comment;
  /** @throws QlfError `not-found`; `conflict` when the comment was deleted */
  editComment(id: number, change: { author: string; text: string; at: number }): Comment;
  deleteComment(id: number, by: { author: string; at: number }): Comment;
  setFlag(expid: number, entry: { flag: Flag | null; author: string; reason: string; at: number }): FlagEntry;
  /** @throws QlfError `not-found` when the exposure is not registered */
  notes(expid: number): Notes;
}
