import Type, { type Static } from 'typebox';
import { CameraSchema } from './camera.ts';

export const QA_STATUSES = ['normal', 'warning', 'alarm', 'unknown'] as const;
/** Judgement of data. `unknown` is never shown as good. */
export type QaStatus = (typeof QA_STATUSES)[number];
export const QaStatusSchema = Type.Enum(QA_STATUSES);

/** Any JSON value; what a pipeline may post as a measurement's value. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** One judged number inside a measurement: an amplifier, an axis, a target class, or the whole. */
export const JudgedElementSchema = Type.Object({
  /** 'A' … 'D' for amplifiers, 'x' / 'w' / 'y' for axes, 'ELG' … for target classes, '' for a scalar. */
  label: Type.String(),
  value: Type.Union([Type.Number(), Type.Null()]),
  reference: Type.Union([Type.Number(), Type.Null()]),
  status: QaStatusSchema,
  /** Where a person's limit judged it instead of those posted: its ranges, and the reference that was posted. */
  rule: Type.Optional(
    Type.Object({
      normalRange: Type.Tuple([Type.Number(), Type.Number()]),
      warnRange: Type.Tuple([Type.Number(), Type.Number()]),
      postedReference: Type.Union([Type.Number(), Type.Null()]),
    }),
  ),
});
export type JudgedElement = Static<typeof JudgedElementSchema>;

const Range = Type.Union([Type.Tuple([Type.Number(), Type.Number()]), Type.Null()]);

/** A key of a measurement's METRICS that has limits, with each element judged and the worst of them. */
export const JudgedKeySchema = Type.Object({
  /** METRICS key, e.g. NOISE_AMP */
  key: Type.String(),
  /** Deviation from the reference that is still normal / warning, in the key's unit, as posted; null where none was. */
  normalRange: Range,
  warnRange: Range,
  elements: Type.Array(JudgedElementSchema),
  status: QaStatusSchema,
});
export type JudgedKey = Static<typeof JudgedKeySchema>;

/** The small, pushed part of a measurement: what the grid and the rows need. Arrays stay in the database. */
export const MeasurementSummarySchema = Type.Object({
  id: Type.Integer(),
  runId: Type.Integer(),
  jobId: Type.Integer(),
  expid: Type.Integer(),
  camera: CameraSchema,
  /** Canonical short name (countpix …), or the sender's own name when QLF does not know it. */
  metric: Type.String(),
  /** 1 for the first value; a different later value is a new revision. */
  revision: Type.Integer(),
  status: QaStatusSchema,
  keys: Type.Array(JudgedKeySchema),
  /** When the endpoint received it, ms since the epoch. */
  receivedAt: Type.Number(),
});
export type MeasurementSummary = Static<typeof MeasurementSummarySchema>;

/** A measurement with the value as posted ({METRICS, PARAMS} or any JSON; NaN and infinities are null). */
export const MeasurementSchema = Type.Interface([MeasurementSummarySchema], {
  value: Type.Unsafe<Json>(Type.Unknown()),
});
export type Measurement = Static<typeof MeasurementSchema>;
