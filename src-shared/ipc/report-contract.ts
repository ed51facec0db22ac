import Type from 'typebox';
import { NightNoteSchema, NightReportSchema } from '../domain/night-report.ts';
import { NightSchema } from '../domain/night.ts';
import { AuthorSchema } from '../domain/notes.ts';

const Strict = { additionalProperties: false };

/** The report of a night: on screen, on paper, as a file. */
export const REPORT_CONTRACT = {
  'report.night': { request: Type.Object({ night: NightSchema }, Strict), response: NightReportSchema },
  /** Asks the person for a file and writes the report into it; null: the person thought better of it. */
  'report.save': {
    request: Type.Object({ night: NightSchema, format: Type.Enum(['html', 'pdf']) }, Strict),
    response: Type.Object({ file: Type.Union([Type.String(), Type.Null()]) }),
  },
  'report.print': {
    request: Type.Object({ night: NightSchema }, Strict),
    response: Type.Object({ printed: Type.Boolean() }),
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
