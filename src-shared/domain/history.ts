import Type, { type Static } from 'typebox';
import { CameraSchema } from './camera.ts';
import { EXPOSURE_STATES } from './exposure.ts';
import { NightSchema } from './night.ts';
import { FLAGS, FlagEntrySchema } from './notes.ts';
import { RUN_STATES } from './run.ts';

const Nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const Expid = Type.Integer({ minimum: 0, maximum: 99_999_999 });

/** What became of an exposure or a run, worst first; the words of the status grammar. `not-expected`: registered only. */
export const OUTCOMES = [
  'alarm',
  'failed',
  'missing',
  'cancelled',
  'warning',
  'unknown',
  'running',
  'waiting',
  'normal',
  'superseded',
  'not-expected',
] as const;
export const OutcomeSchema = Type.Enum(OUTCOMES);
export type Outcome = Static<typeof OutcomeSchema>;

/** `exposures`: one row an exposure, with its newest run · `runs`: one row a run, the earlier ones too. */
export const HISTORY_VIEWS = ['exposures', 'runs'] as const;
export type HistoryView = (typeof HISTORY_VIEWS)[number];

/** Columns by which the table can be sorted. */
export const SORT_COLUMNS = [
  'expid',
  'status',
  'program',
  'flavor',
  'tile',
  'run',
  'processed',
  'duration',
  'night',
  'mjd',
  'ra',
  'dec',
  'exptime',
  'airmass',
  'seeing',
  'sky',
] as const;
export type SortColumn = (typeof SORT_COLUMNS)[number];

const Word = Type.String({ minLength: 1, maxLength: 64 });

/** What the rows must be; what is left out does not matter. */
export const HistoryFilterSchema = Type.Object(
  {
    /** First and last night, both included. */
    from: Type.Optional(NightSchema),
    to: Type.Optional(NightSchema),
    flavors: Type.Optional(Type.Array(Word, { maxItems: 20 })),
    programs: Type.Optional(Type.Array(Word, { maxItems: 40 })),
    tile: Type.Optional(Type.Integer({ minimum: 0, maximum: 2_000_000_000 })),
    expidFrom: Type.Optional(Expid),
    expidTo: Type.Optional(Expid),
    states: Type.Optional(Type.Array(Type.Enum(EXPOSURE_STATES), { maxItems: 6 })),
    outcomes: Type.Optional(Type.Array(OutcomeSchema, { maxItems: 11 })),
    /** `none`: without a flag */
    flags: Type.Optional(Type.Array(Type.Enum([...FLAGS, 'none'] as const), { maxItems: 4 })),
    /** Part of the text of a comment, in any case. */
    comment: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
  },
  { additionalProperties: false },
);
export type HistoryFilter = Static<typeof HistoryFilterSchema>;

export const HistorySortSchema = Type.Object(
  { column: Type.Enum(SORT_COLUMNS), descending: Type.Boolean() },
  { additionalProperties: false },
);
export type HistorySort = Static<typeof HistorySortSchema>;

/** The worst of a group of metrics and the camera where it is. */
const GroupSchema = Type.Object({ status: OutcomeSchema, camera: Nullable(CameraSchema) });

/** A run as the table shows it. */
export const RunSummarySchema = Type.Object({
  id: Type.Integer(),
  kind: Type.Enum(['qlf', 'external']),
  state: Type.Enum(RUN_STATES),
  startedAt: Type.Number(),
  endedAt: Nullable(Type.Number()),
  status: OutcomeSchema,
  ccd: GroupSchema,
  fibers: GroupSchema,
  spectra: GroupSchema,
  /** Cameras that were processed, and those that should have been. */
  done: Type.Integer(),
  cameras: Type.Integer(),
  /** Cameras of which the sender said otherwise than QLF. */
  contradicted: Type.Integer(),
  /** The worst finding in words: 'r3 Read noise C 4.71', 'b9 missing'; empty when nothing is off normal. */
  finding: Type.String(),
  /** The camera of it. */
  worst: Nullable(CameraSchema),
  /** Median sky brightness of the r cameras, mag. */
  sky: Nullable(Type.Number()),
});
export type RunSummary = Static<typeof RunSummarySchema>;

/** One line of the history. */
export const HistoryRowSchema = Type.Object({
  expid: Type.Integer(),
  night: Type.String(),
  flavor: Type.String(),
  program: Nullable(Type.String()),
  tileid: Nullable(Type.Integer()),
  mjdObs: Nullable(Type.Number()),
  dateObs: Nullable(Type.String()),
  ra: Nullable(Type.Number()),
  dec: Nullable(Type.Number()),
  exptime: Nullable(Type.Number()),
  airmass: Nullable(Type.Number()),
  seeing: Nullable(Type.Number()),
  state: Type.Enum(EXPOSURE_STATES),
  reason: Type.String(),
  status: OutcomeSchema,
  run: Nullable(RunSummarySchema),
  /** Runs of this exposure, external ones too. */
  runs: Type.Integer(),
  flag: Nullable(FlagEntrySchema),
  comments: Type.Integer(),
  /** Begin of the newest comment. */
  comment: Type.String(),
  /** s from the end of the exposure before it, in the same night, to the begin of this one; null for the night's first. */
  gap: Nullable(Type.Number()),
});
export type HistoryRow = Static<typeof HistoryRowSchema>;

/** A night in the calendar. */
export const NightSummarySchema = Type.Object({
  night: Type.String(),
  exposures: Type.Integer(),
  science: Type.Integer(),
  /** Exposures with a verdict, and of them those that are normal, that have a warning at worst, an alarm at worst. */
  judged: Type.Integer(),
  normal: Type.Integer(),
  warning: Type.Integer(),
  alarm: Type.Integer(),
  /** Failed, or with failed or missing cameras and no alarm. */
  failed: Type.Integer(),
  superseded: Type.Integer(),
  /** s of science exposure time */
  exptime: Type.Number(),
});
export type NightSummary = Static<typeof NightSummarySchema>;

/** Shorter than this between two exposures of a night, s, and it is readout, slew and fiber positioning. */
export const USUAL_OVERHEAD = 300;
