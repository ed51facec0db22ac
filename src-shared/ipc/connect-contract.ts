import Type from 'typebox';
import {
  type CheckResult,
  ConnectionCheckSchema,
  OpenedOpsdbSchema,
  OpsdbFormSchema,
  SecretNameSchema,
  SecretStateSchema,
} from '../domain/connection.ts';
import { FolderSettingsSchema } from '../domain/settings.ts';

const None = Type.Object({}, { additionalProperties: false });
const Done = Type.Object({});
const request = <P extends Record<string, Type.TSchema>>(properties: P) =>
  Type.Object(properties, { additionalProperties: false });
const Nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const { source } = FolderSettingsSchema.properties;
const File = Type.String({ minLength: 1, maxLength: 4096, pattern: '^[^\\u0000]+$' });
/** The key that was shown, so that no other is meant. */
const ShownKey = request({
  host: Type.String({ minLength: 1, maxLength: 253 }),
  port: Type.Integer({ minimum: 1, maximum: 65_535 }),
  fingerprint: Type.String({ minLength: 8, maxLength: 200 }),
  /** Who has compared it. */
  by: Type.String({ minLength: 1, maxLength: 80 }),
});

/** Connecting: secrets (only ever written), host keys, and the trial of every part of a connection. */
export const CONNECT_CONTRACT = {
  'secret.state': {
    request: request({ names: Type.Array(SecretNameSchema, { maxItems: 100 }) }),
    response: SecretStateSchema,
  },
  'secret.set': {
    request: request({ name: SecretNameSchema, secret: Type.String({ minLength: 1, maxLength: 4096 }) }),
    response: Done,
  },
  'secret.remove': { request: request({ name: SecretNameSchema }), response: Done },
  'host-key.accept': { request: ShownKey, response: Done },
  'host-key.refuse': { request: ShownKey, response: Done },
  /** What there is to try for a source; null is the test environment. */
  'connection.plan': { request: request({ source }), response: Type.Array(ConnectionCheckSchema) },
  /** Tries one part of a connection that may not be in use yet. */
  'connection.try': {
    request: request({
      source,
      data: Nullable(Type.String({ minLength: 1, maxLength: 4096 })),
      check: ConnectionCheckSchema,
    }),
    response: Type.Unsafe<CheckResult>(Type.Object({})),
  },
  /** Ends all trials under way. */
  'connection.cancel': { request: None, response: Done },
  /** The configuration of an operations database; null: QLF's own file. */
  'opsdb.open': { request: request({ file: Nullable(File) }), response: OpenedOpsdbSchema },
  /** Writes it where it was opened; what the form does not hold stays in the file. */
  'opsdb.save': { request: request({ file: File, form: OpsdbFormSchema }), response: Done },
} as const;
