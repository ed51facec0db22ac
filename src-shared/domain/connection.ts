import Type, { type Static } from 'typebox';
import { OpsdbConfigurationSchema } from './opsdb.ts';

const Nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

/** A key that a data host presents and that is not, or not any more, the one on record. */
export interface HostKeyQuestion {
  host: string;
  port: number;
  /** e.g. ssh-ed25519 */
  type: string;
  /** SHA256:… as ssh shows it */
  fingerprint: string;
  /** Only an unknown key can be accepted; a changed or revoked one never by a click. */
  verdict: 'unknown' | 'changed' | 'revoked';
  /** ms since the epoch, when it was seen first */
  since: number;
  /** Somebody has looked at it and said no. */
  refused: boolean;
}

/** A secret that a connection asked for and nobody has given yet. */
export interface SecretQuestion {
  name: string;
  /** Whose, in words: 'the password of qlf_reader at db:5432'. */
  words: string;
}

/** What the connections ask a person. */
export interface Questions {
  hostKeys: HostKeyQuestion[];
  secrets: SecretQuestion[];
}

export const NO_QUESTIONS: Questions = { hostKeys: [], secrets: [] };

/** Name under which the password of a database's user is kept; it says nothing secret. */
export function databaseSecret(to: { host: string; port: number; database: string; user: string }): string {
  return `database ${to.user}@${to.host}:${to.port}/${to.database}`;
}

/** Name under which the passphrase of a private key is kept. Null: the usual keys of the account. */
export function keySecret(identityFile: string | null): string {
  return `ssh-key ${identityFile ?? 'usual'}`;
}

/** Names as the two functions above make them. */
export const SecretNameSchema = Type.String({ maxLength: 4500, pattern: '^(?:database|ssh-key) [^\\u0000-\\u001f]+$' });

/** What of the secrets may be known: never their contents. */
export const SecretStateSchema = Type.Object({
  /** `system`: encrypted by the operating system, for later starts too · `memory`: until QLF ends. */
  keeping: Type.Enum(['system', 'memory']),
  /** Why it is so, and what follows. */
  words: Type.String(),
  /** Those of the names asked for that are known. */
  known: Type.Array(Type.String()),
});
export type SecretState = Static<typeof SecretStateSchema>;

/** Parts of a connection that can be tried one by one, in the order in which they depend on each other. */
export const CONNECTION_PARTS = [
  'configuration',
  'reach',
  'host-key',
  'log-in',
  'rsync',
  'database',
  'tls',
  'sign-in',
  'role',
  'columns',
  'folder',
  'last-exposure',
  'data-folder',
  'ingest',
  'pipeline',
] as const;
export type ConnectionPart = (typeof CONNECTION_PARTS)[number];

export const ConnectionCheckSchema = Type.Object(
  {
    part: Type.Enum(CONNECTION_PARTS),
    /** Name of a data host of the operations database; null: the source itself. */
    dataHost: Nullable(Type.String({ minLength: 1, maxLength: 253 })),
  },
  { additionalProperties: false },
);
export type ConnectionCheck = Static<typeof ConnectionCheckSchema>;

/** What trying one part has shown. `doubt`: it works, but not as it should · `skipped`: an earlier part must work first. */
export interface CheckResult {
  outcome: 'good' | 'doubt' | 'failed' | 'skipped';
  /** What was found, in words. */
  found: string;
  /** What to do about it; empty where there is nothing to do. */
  advice: string;
  /** Of an unknown, changed or revoked host key. */
  hostKey: HostKeyQuestion | null;
  /** A secret that is needed and not known. */
  secret: SecretQuestion | null;
}

const { host, port, database, user, tls, dataHosts } = OpsdbConfigurationSchema.properties;

/** What a person fills in of the configuration of an operations database; its tables are mapped in the file. */
export const OpsdbFormSchema = Type.Object(
  { host, port, database, user, tls, dataHosts },
  { additionalProperties: false },
);
export type OpsdbForm = Static<typeof OpsdbFormSchema>;

/** A configuration of an operations database as it stands in its file. */
export const OpenedOpsdbSchema = Type.Object({
  file: Type.String(),
  /** Null where the file is not there yet. */
  form: Nullable(OpsdbFormSchema),
  /** The file maps tables of its own. */
  mapped: Type.Boolean(),
});
