import Type from 'typebox';
import { LOST_CAUSES, LostReasonSchema } from '../domain/lost-time.ts';
import { NightNoteSchema, NightReportSchema } from '../domain/night-report.ts';
import { NightSchema } from '../domain/night.ts';
import { AuthorSchema } from '../domain/notes.ts';

const Strict = { additionalProperties: false };

/** The report of a night: on screen, on paper, as a file. */
export const REPORT_CONTRACT = {
  'report.night': { request: Type.Object({ night: NightSchema }, Strict), response: NightReportSchema },
  /** Asks the person for a file and writes the report into it; null: the person thought better of it. */
  'report.save': {
    request: Type.Object({ night: NightSchema, format: Type.Enum(['html', 'pdf', 'csv']) }, Strict),
    response: Type.Object({ file: Type.Union([Type.String(), Type.Null()]) }),
  },
  'report.print': {
    request: Type.Object({ night: NightSchema }, Strict),
    response: Type.Object({ printed: Type.Boolean() }),
  },
  /** Why a stretch of the night was lost; `after`: the exposure before it, null at the begin. The reasons before are kept. */
  'report.lost-time': {
    request: Type.Object(
      {
        night: NightSchema,
        after: Type.Union([Type.Integer({ minimum: 0, maximum: 99_999_999 }), Type.Null()]),
        cause: Type.Union([Type.Enum(LOST_CAUSES), Type.Null()]),
        words: Type.String({ maxLength: 2000 }),
        author: AuthorSchema,
      },
      Strict,
    ),
    response: LostReasonSchema,
  },
  /** The night's note for the day crew; the one before it is kept. */
  'report.note': {
    request: Type.Object(
      { night: NightSchema, author: AuthorSchema, text: Type.String({ maxLength: 20_000 }) },
      Strict,
    ),
    response: NightNoteSchema,
  },
} as const;
