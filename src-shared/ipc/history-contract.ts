import Type from 'typebox';
import {
  HISTORY_VIEWS,
  HistoryFilterSchema,
  HistoryRowSchema,
  HistorySortSchema,
  NightSummarySchema,
} from '../domain/history.ts';
import { NightSchema } from '../domain/night.ts';

const Strict = { additionalProperties: false };
const Table = {
  view: Type.Enum(HISTORY_VIEWS),
  filter: HistoryFilterSchema,
  sort: HistorySortSchema,
};

/** The table of all exposures and runs, the calendar of nights, and the table as a file. */
export const HISTORY_CONTRACT = {
  'history.list': {
    request: Type.Object(
      { ...Table, limit: Type.Integer({ minimum: 1, maximum: 500 }), offset: Type.Integer({ minimum: 0 }) },
      Strict,
    ),
    response: Type.Object({ total: Type.Integer(), rows: Type.Array(HistoryRowSchema) }),
  },
  /** Nights with exposures between two nights, both included, oldest first. */
  'history.nights': {
    request: Type.Object({ from: NightSchema, to: NightSchema }, Strict),
    response: Type.Array(NightSummarySchema),
  },
  /** What there is to choose from. */
  'history.choices': {
    request: Type.Object({}, Strict),
    response: Type.Object({
      flavors: Type.Array(Type.String()),
      programs: Type.Array(Type.String()),
      firstNight: Type.Union([Type.String(), Type.Null()]),
      lastNight: Type.Union([Type.String(), Type.Null()]),
    }),
  },
  /** Asks the person for a file and writes the whole table into it; `file` null: the person thought better of it. */
  'history.export': {
    request: Type.Object({ ...Table, format: Type.Enum(['csv', 'json']) }, Strict),
    response: Type.Object({ file: Type.Union([Type.String(), Type.Null()]), rows: Type.Integer() }),
  },
} as const;
