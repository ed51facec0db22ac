import Type from 'typebox';
import { CameraSchema } from '../domain/camera.ts';
import {
  AuthorSchema,
  CommentSchema,
  FiberSchema,
  FLAGS,
  FlagEntrySchema,
  NotesSchema,
  NoteTextSchema,
} from '../domain/notes.ts';

const Id = Type.Integer({ minimum: 1 });
const Expid = Type.Integer({ minimum: 0, maximum: 99_999_999 });
const Strict = { additionalProperties: false };
const Nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

/** Comments and quality flags of exposures. */
export const NOTES_CONTRACT = {
  'notes.get': { request: Type.Object({ expid: Expid }, Strict), response: NotesSchema },
  'comment.add': {
    request: Type.Object(
      {
        expid: Expid,
        camera: Nullable(CameraSchema),
        fiber: Nullable(FiberSchema),
        author: AuthorSchema,
        text: NoteTextSchema,
      },
      Strict,
    ),
    response: CommentSchema,
  },
  'comment.edit': {
    request: Type.Object({ id: Id, author: AuthorSchema, text: NoteTextSchema }, Strict),
    response: CommentSchema,
  },
  'comment.delete': { request: Type.Object({ id: Id, author: AuthorSchema }, Strict), response: CommentSchema },
  /** Gives an exposure its quality flag; null takes it back. */
  'flag.set': {
    request: Type.Object(
      {
        expid: Expid,
        flag: Nullable(Type.Enum(FLAGS)),
        author: AuthorSchema,
        reason: Type.String({ maxLength: 2000 }),
      },
      Strict,
    ),
    response: FlagEntrySchema,
  },
} as const;
