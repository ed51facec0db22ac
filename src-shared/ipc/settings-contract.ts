import Type from 'typebox';
import { ARMS, CameraSchema } from '../domain/camera.ts';
import {
  CONFIGURATION_SCOPES,
  ConfigurationSummarySchema,
  ConfigurationVersionSchema,
} from '../domain/configuration.ts';
import { LimitRulesSchema, LimitsSummarySchema, LimitsVersionSchema } from '../domain/limits.ts';
import type { LimitSamples } from '../domain/limit-samples.ts';
import type { Json } from '../domain/measurement.ts';
import { QL_FLAVORS, SCIENCE_PROGRAMS } from '../domain/ql-flavor.ts';

const Id = Type.Integer({ minimum: 1 });
const None = Type.Object({}, { additionalProperties: false });
const request = <P extends Record<string, Type.TSchema>>(properties: P) =>
  Type.Object(properties, { additionalProperties: false });
const Nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const Page = { limit: Type.Integer({ minimum: 1, maximum: 200 }), offset: Type.Integer({ minimum: 0 }) };
const Author = Type.String({ minLength: 1, maxLength: 200 });
const Reason = Type.String({ minLength: 1, maxLength: 2000 });
const Scope = Type.Enum(CONFIGURATION_SCOPES);
const Text = Type.String({ maxLength: 200_000 });
const Path = Type.Array(Type.Union([Type.String({ maxLength: 200 }), Type.Integer({ minimum: 0, maximum: 10_000 })]), {
  minItems: 1,
  maxItems: 10,
});

/** A part of the configuration as it is edited. */
export const OpenedConfigurationSchema = Type.Object({
  scope: Scope,
  /** The version that this is from, and the newest there is. */
  version: Type.Integer(),
  newest: Type.Integer(),
  /** Its own text; empty where a program has nothing of its own. */
  text: Type.String(),
  /** What QLF began with. */
  standard: Type.String(),
  /** The text of the flavor that a program is laid over; null for a flavor. */
  base: Nullable(Type.String()),
  /** Size of the emulated instrument whose references are shown; null on real nights. */
  size: Nullable(Type.Enum(['compact', 'full'])),
});

export const CheckedConfigurationSchema = Type.Object({
  problems: Type.Array(
    Type.Object({
      /** Keys from the scope's top. */
      path: Type.Array(Type.Union([Type.String(), Type.Integer()])),
      message: Type.String(),
      /** Line of the text, from 1; null for what is wrong in another part because of this one. */
      line: Nullable(Type.Integer()),
      /** The other part. */
      elsewhere: Nullable(Type.String()),
    }),
  ),
  /** What jobs would read; null while the text is no YAML. */
  resolved: Type.Unsafe<Json>(Type.Unknown()),
  /** The same as text, of a program; empty for a flavor, whose own text it is. */
  result: Type.String(),
  /** The scope's own values; null while the text is no YAML. */
  own: Type.Unsafe<Json>(Type.Unknown()),
});

/** Versions of the QL configuration and of the limits; who may post. */
export const SETTINGS_CONTRACT = {
  'configuration.versions': {
    request: request(Page),
    response: Type.Object({ total: Type.Integer(), versions: Type.Array(ConfigurationSummarySchema) }),
  },
  /** A part of the newest version, or of an older one. */
  'configuration.open': {
    request: request({ scope: Scope, version: Nullable(Id) }),
    response: OpenedConfigurationSchema,
  },
  'configuration.check': { request: request({ scope: Scope, text: Text }), response: CheckedConfigurationSchema },
  /** The text with one value set, or taken out where it is null; comments and layout stay. */
  'configuration.set-value': {
    request: request({ scope: Scope, text: Text, path: Path, value: Type.Unsafe<Json>(Type.Unknown()) }),
    response: Type.Object({ text: Type.String() }),
  },
  /** Saves a part as a new version, unless somebody has saved since `basedOn`. */
  'configuration.save-scope': {
    request: request({ scope: Scope, text: Text, author: Author, reason: Reason, basedOn: Id }),
    response: ConfigurationVersionSchema,
  },
  /** Null before the first version. */
  'limits.current': { request: None, response: Nullable(LimitsVersionSchema) },
  'limits.versions': {
    request: request(Page),
    response: Type.Object({ total: Type.Integer(), versions: Type.Array(LimitsSummarySchema) }),
  },
  'limits.version': { request: request({ id: Id }), response: LimitsVersionSchema },
  /** Saves all rules as a new version, unless somebody has saved since `basedOn` (0: before the first). */
  'limits.save': {
    request: request({
      rules: LimitRulesSchema,
      author: Author,
      reason: Reason,
      basedOn: Type.Integer({ minimum: 0 }),
    }),
    response: LimitsVersionSchema,
  },
  /** Past numbers of a key, newest exposures first, for a preview of other limits. */
  'limits.samples': {
    request: request({
      key: Type.String({ minLength: 1, maxLength: 64 }),
      camera: Nullable(Type.Union([Type.Enum(ARMS), CameraSchema])),
      element: Nullable(Type.String({ minLength: 1, maxLength: 32 })),
      flavor: Nullable(Type.Enum(QL_FLAVORS)),
      program: Nullable(Type.Enum(SCIENCE_PROGRAMS)),
      exposures: Type.Integer({ minimum: 1, maximum: 2000 }),
    }),
    response: Type.Unsafe<LimitSamples>(Type.Object({})),
  },
  /** How large the window draws, 1: as designed. */
  'window.set-scale': {
    request: request({ scale: Type.Number({ minimum: 0.5, maximum: 2 }) }),
    response: Type.Object({}),
  },
  'ingest.users': {
    request: None,
    response: Type.Array(Type.Object({ user: Type.String(), createdAt: Type.Number() })),
  },
  'ingest.save-user': {
    request: request({
      user: Type.String({ pattern: '^[A-Za-z0-9_.@-]{1,64}$' }),
      password: Type.String({ minLength: 8, maxLength: 200 }),
    }),
    response: Type.Object({}),
  },
  'ingest.remove-user': {
    request: request({ user: Type.String({ minLength: 1, maxLength: 64 }) }),
    response: Type.Object({}),
  },
} as const;
