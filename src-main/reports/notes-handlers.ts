import type { Handlers } from '#shared/ipc/contract.ts';
import type { EventSink } from '../domain/ports/event-sink.ts';
import type { NotesStore } from '../domain/ports/notes-store.ts';

/** Comments and flags: stored, then told to every screen. */
export function notesHandlers(parts: {
  store: NotesStore;
  events: EventSink;
  now: () => number;
}): Pick<Handlers, 'notes.get' | 'comment.add' | 'comment.edit' | 'comment.delete' | 'flag.set'> {
  const { store, events, now } = parts;
  const told = <T>(expid: number, value: T): T => {
    events.publish({ type: 'notes', expid });
    return value;
  };
  return {
    'notes.get': ({ expid }) => store.notes(expid),
    'comment.add': ({ text, author, ...about }) =>
      told(about.expid, store.addComment({ ...about, author: author.trim(), text: text.trim(), at: now() })),
    'comment.edit': ({ id, author, text }) => {
      const comment = store.editComment(id, { author: author.trim(), text: text.trim(), at: now() });
      return told(comment.expid, comment);
    },
    'comment.delete': ({ id, author }) => {
      const comment = store.deleteComment(id, { author: author.trim(), at: now() });
      return told(comment.expid, comment);
    },
    'flag.set': ({ expid, flag, author, reason }) =>
      told(expid, store.setFlag(expid, { flag, author: author.trim(), reason: reason.trim(), at: now() })),
  };
}
