import Type, { type Static } from 'typebox';
import { CameraSchema } from '../domain/camera.ts';
import { ConfigurationVersionSchema } from '../domain/configuration.ts';
import { ExposureSchema } from '../domain/exposure.ts';
import { MeasurementSchema, MeasurementSummarySchema } from '../domain/measurement.ts';
import { JobSchema, RunSchema } from '../domain/run.ts';
import { STEPS } from '../domain/step.ts';
import { METRIC_GROUPS, METRIC_NAMES } from '../qa/catalogue.ts';

export const API_ROOT = '/dashboard/api/';

/** Resource → path. The map at the root gives them as absolute URLs. */
export const RESOURCES = {
  job: `${API_ROOT}job/`,
  exposure: `${API_ROOT}exposure/`,
  run: `${API_ROOT}run/`,
  measurement: `${API_ROOT}measurement/`,
  metric: `${API_ROOT}metric/`,
  configuration: `${API_ROOT}configuration/`,
  openapi: `${API_ROOT}openapi.json`,
  /** Answers as long as the engine does. */
  live: '/healthz',
  /** Whether a new exposure would be processed, and if not, why. */
  health: '/health',
  /** For Prometheus. */
  metrics: '/metrics',
} as const;

export const ApiMapSchema = Type.Record(Type.Enum(Object.keys(RESOURCES) as (keyof typeof RESOURCES)[]), Type.String());

export const LivenessSchema = Type.Object({ status: Type.Literal('ok'), version: Type.String() });
export const HealthSchema = Type.Object({
  status: Type.Enum(['ready', 'not-ready']),
  version: Type.String(),
  /** s since this engine began */
  uptime: Type.Number(),
  checks: Type.Array(
    Type.Object({
      name: Type.String(),
      state: Type.Enum(['ok', 'failed']),
      /** What is wrong, in words; empty where nothing is. */
      reason: Type.String(),
    }),
  ),
});

export const API_ERROR_CODES = [
  'bad-request',
  'unauthorized',
  'forbidden',
  'not-found',
  'too-large',
  'unsupported-media-type',
  'invalid',
  'too-many-requests',
  'unavailable',
  'internal',
] as const;
export type ApiErrorCode = (typeof API_ERROR_CODES)[number];

/** The body of every answer that is no success. */
export const ApiErrorSchema = Type.Object({
  error: Type.Object({
    code: Type.Enum(API_ERROR_CODES),
    message: Type.String(),
    /** Where the request is wrong: JSON pointers and what is wrong there. */
    details: Type.Optional(Type.Array(Type.Object({ path: Type.String(), message: Type.String() }))),
  }),
});
export type ApiError = Static<typeof ApiErrorSchema>;

const Id = Type.Integer({ minimum: 1 });
const Expid = Type.Integer({ minimum: 0, maximum: 99_999_999 });
const query = <P extends Type.TProperties>(properties: P) =>
  Type.Object(
    {
      ...properties,
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })),
      offset: Type.Optional(Type.Integer({ minimum: 0 })),
    },
    { additionalProperties: false },
  );
const list = <T extends Type.TSchema>(schema: T) => Type.Object({ total: Type.Integer(), results: Type.Array(schema) });

export const IdParams = Type.Object({ id: Id });
export const ExpidParams = Type.Object({ id: Expid });

export const ExposureQuery = query({});
export const RunQuery = query({ expid: Type.Optional(Expid) });
export const JobQuery = query({
  run: Type.Optional(Id),
  expid: Type.Optional(Expid),
  camera: Type.Optional(CameraSchema),
});
export const MeasurementQuery = query({
  run: Type.Optional(Id),
  job: Type.Optional(Id),
  expid: Type.Optional(Expid),
  camera: Type.Optional(CameraSchema),
  metric: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
  /** Older revisions too. */
  revisions: Type.Optional(Type.Boolean()),
});

export const ExposureList = list(ExposureSchema);
export const RunList = list(RunSchema);
export const JobList = list(JobSchema);
export const MeasurementList = list(MeasurementSummarySchema);

export const RunDetailSchema = Type.Object({
  run: RunSchema,
  jobs: Type.Array(JobSchema),
  measurements: Type.Array(MeasurementSummarySchema),
});

/** A measurement with its value and where the sender had NaN or an infinity, which are null in the value. */
export const StoredMeasurementSchema = Type.Interface([MeasurementSchema], {
  nonFinite: Type.Union([Type.Record(Type.String(), Type.String()), Type.Null()]),
});

export const MetricList = list(
  Type.Object({
    name: Type.Enum(METRIC_NAMES),
    title: Type.String(),
    category: Type.Enum(METRIC_GROUPS),
    step: Type.Enum(STEPS),
    description: Type.String(),
    unit: Type.String(),
    keys: Type.Array(Type.Object({ key: Type.String(), label: Type.String(), unit: Type.String() })),
    aliases: Type.Array(Type.String()),
  }),
);

export const ConfigurationPut = Type.Object(
  {
    yaml: Type.String({ minLength: 1, maxLength: 1_000_000 }),
    author: Type.String({ minLength: 1, maxLength: 200 }),
    reason: Type.String({ maxLength: 2000 }),
  },
  { additionalProperties: false },
);
export const ConfigurationSchema = ConfigurationVersionSchema;
