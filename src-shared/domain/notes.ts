import Type, { type Static } from 'typebox';
import { CameraSchema } from './camera.ts';

const Nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

export const AuthorSchema = Type.String({ minLength: 1, maxLength: 100, pattern: '\\S' });
export const NoteTextSchema = Type.String({ minLength: 1, maxLength: 10_000, pattern: '\\S' });
/** 0 to 4999; 500 to a spectrograph. */
export const FiberSchema = Type.Integer({ minimum: 0, maximum: 4999 });

/** What a person wrote about an exposure, or about one camera or fiber of it. */
export const CommentSchema = Type.Object({
  id: Type.Integer(),
  expid: Type.Integer(),
  camera: Nullable(CameraSchema),
  fiber: Nullable(FiberSchema),
  author: Type.String(),
  text: Type.String(),
  /** ms since the epoch, like all times here */
  createdAt: Type.Number(),
  /** When and by whom the text was last changed; null when it never was. */
  editedAt: Nullable(Type.Number()),
  editedBy: Nullable(Type.String()),
  /** A deleted comment is kept, for those who want to see it. */
  deletedAt: Nullable(Type.Number()),
  deletedBy: Nullable(Type.String()),
  /** The texts before this one, oldest first, each until when it stood. */
  versions: Type.Array(Type.Object({ text: Type.String(), author: Type.String(), until: Type.Number() })),
});
export type Comment = Static<typeof CommentSchema>;

/** A person's judgement of an exposure as a whole. */
export const FLAGS = ['good', 'questionable', 'bad'] as const;
export type Flag = (typeof FLAGS)[number];

/** A judgement as it was given; `flag` null takes the one before back. */
export const FlagEntrySchema = Type.Object({
  flag: Nullable(Type.Enum(FLAGS)),
  author: Type.String(),
  reason: Type.String(),
  at: Type.Number(),
});
export type FlagEntry = Static<typeof FlagEntrySchema>;

/** All that people said of an exposure. */
export const NotesSchema = Type.Object({
  /** Oldest first, deleted ones too. */
  comments: Type.Array(CommentSchema),
  /** Newest first; the first one holds. */
  flags: Type.Array(FlagEntrySchema),
});
export type Notes = Static<typeof NotesSchema>;
