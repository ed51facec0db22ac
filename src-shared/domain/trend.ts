import Type, { type Static } from 'typebox';
import { CAMERAS, CameraSchema } from './camera.ts';

const Nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const NightSchema = Type.String({ pattern: '^[0-9]{8}$' });
const NameSchema = Type.String({ minLength: 1, maxLength: 64 });

/** Which nights: counted back from the newest night that there is, whatever today is, or from one to another. */
export const PeriodSchema = Type.Union([
  Type.Object({ kind: Type.Enum(['last-night', 'week', 'month', 'all']) }, { additionalProperties: false }),
  Type.Object({ kind: Type.Literal('nights'), from: NightSchema, to: NightSchema }, { additionalProperties: false }),
]);
export type Period = Static<typeof PeriodSchema>;

/** Which exposures; null takes all flavors or programs. */
export const ExposureFilterSchema = Type.Object(
  { period: PeriodSchema, flavor: Nullable(NameSchema), program: Nullable(NameSchema) },
  { additionalProperties: false },
);
export type ExposureFilter = Static<typeof ExposureFilterSchema>;

/** A judged METRICS key over cameras and elements (amplifiers, axes, classes; null: all that there are). */
export const TrendQuerySchema = Type.Object(
  {
    metric: NameSchema,
    key: NameSchema,
    cameras: Type.Array(CameraSchema, { minItems: 1, maxItems: CAMERAS.length, uniqueItems: true }),
    labels: Nullable(Type.Array(Type.String({ maxLength: 64 }), { maxItems: 16 })),
    filter: ExposureFilterSchema,
    /** Most points in the answer; where there are more, each line keeps its extremes. */
    points: Type.Integer({ minimum: 100, maximum: 50_000 }),
  },
  { additionalProperties: false },
);
export type TrendQuery = Static<typeof TrendQuerySchema>;

/** What is asked of an exposure itself. `sky`: median SKYRBAND of its r cameras, mag. */
export const EXPOSURE_QUANTITIES = ['airmass', 'seeing', 'sky', 'exptime', 'mjd'] as const;
export type ExposureQuantity = (typeof EXPOSURE_QUANTITIES)[number];

/** One axis of a regression. A metric's `label` names its element; null: the mean of all its elements. */
export const QuantitySchema = Type.Union([
  Type.Object(
    { kind: Type.Literal('exposure'), name: Type.Enum(EXPOSURE_QUANTITIES) },
    { additionalProperties: false },
  ),
  Type.Object(
    {
      kind: Type.Literal('metric'),
      metric: NameSchema,
      key: NameSchema,
      label: Nullable(Type.String({ maxLength: 64 })),
    },
    { additionalProperties: false },
  ),
]);
export type Quantity = Static<typeof QuantitySchema>;

export const RegressionQuerySchema = Type.Object(
  {
    x: QuantitySchema,
    y: QuantitySchema,
    cameras: TrendQuerySchema.properties.cameras,
    filter: ExposureFilterSchema,
    points: TrendQuerySchema.properties.points,
  },
  { additionalProperties: false },
);
export type RegressionQuery = Static<typeof RegressionQuerySchema>;

/** Exposures in columns, oldest first. */
export interface TrendExposures {
  expid: number[];
  /** Start of the exposure by its header, else when QLF registered it; ms since the epoch. */
  at: number[];
  night: string[];
  flavor: string[];
  program: (string | null)[];
}

/** Median, robust scatter (1.4826 MAD) and the like of all numbers of a line, thinned or not. */
export interface LineSummary {
  count: number;
  median: number | null;
  scatter: number | null;
  low: number | null;
  high: number | null;
  last: number | null;
  warnings: number;
  alarms: number;
  /** Numbers that could not be judged. */
  unknown: number;
}

/** One camera's element over the exposures, in columns of the same length. */
export interface TrendLine {
  camera: (typeof CAMERAS)[number];
  label: string;
  /** Places in TrendExposures. */
  exposure: number[];
  value: (number | null)[];
  reference: (number | null)[];
  /** Places in QA_STATUSES. */
  status: number[];
  /** Places in TrendAnswer.limits. */
  limits: number[];
  run: number[];
  summary: LineSummary;
}

/** Deviations from the reference that are normal, and no more than a warning. */
export interface TrendLimits {
  normal: [number, number] | null;
  warn: [number, number] | null;
}

export interface TrendAnswer {
  exposures: TrendExposures;
  lines: TrendLine[];
  limits: TrendLimits[];
  /** Labels of all elements, whether asked for or not. */
  labels: string[];
  /** Numbers there are, and those in the lines. */
  total: number;
  kept: number;
}

/** Least squares y = intercept + slope x over n pairs; r: Pearson's; scatter: rms of the residuals. */
export interface LineFit {
  n: number;
  slope: number;
  slopeError: number;
  intercept: number;
  r: number;
  scatter: number;
}

/** Pairs of the same exposure and camera, in columns. */
export interface RegressionAnswer {
  expid: number[];
  /** Null where both quantities are of the exposure alone. */
  camera: ((typeof CAMERAS)[number] | null)[];
  x: number[];
  y: number[];
  /** Null where the exposure was never processed. */
  run: (number | null)[];
  night: string[];
  /** Null with fewer than three pairs, or with one value of x only. */
  fit: LineFit | null;
  total: number;
}

/** What the sky was like, exposure by exposure, in columns; the newest where there are too many. */
export interface ConditionsAnswer extends TrendExposures {
  airmass: (number | null)[];
  seeing: (number | null)[];
  /** Median SKYRBAND of the r cameras, mag. */
  sky: (number | null)[];
  exptime: (number | null)[];
  run: (number | null)[];
  total: number;
}

/** What can be chosen. */
export interface TrendCatalogue {
  series: { metric: string; key: string }[];
  flavors: string[];
  programs: string[];
  firstNight: string | null;
  lastNight: string | null;
  exposures: number;
}
