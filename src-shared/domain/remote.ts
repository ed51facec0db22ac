import Type, { type Static } from 'typebox';

/** What somebody may do from elsewhere, each including those before it: look, run the night, change settings. */
export const REMOTE_ROLES = ['viewer', 'observer', 'engineer'] as const;
export type RemoteRole = (typeof REMOTE_ROLES)[number];

const strict = { additionalProperties: false };
const FilePath = Type.String({ minLength: 1, maxLength: 4096 });

/** The remote view; kept in the database, changes hold at once. */
export const RemoteSettingsSchema = Type.Object(
  {
    enabled: Type.Boolean(),
    /** Address to listen on: 127.0.0.1 this computer alone, 0.0.0.0 or :: every network that it is in. */
    host: Type.String({ minLength: 2, maxLength: 253, pattern: '^[A-Za-z0-9.:-]+$' }),
    port: Type.Integer({ minimum: 1, maximum: 65_535 }),
    /** Names under which browsers know this computer, beside its host name and addresses. */
    names: Type.Array(Type.String({ pattern: '^[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$' }), { maxItems: 20 }),
    /** PEM files of the observatory's own certificate; null: one that QLF makes and signs itself. */
    certificate: Type.Union([Type.Object({ certificate: FilePath, key: FilePath }, strict), Type.Null()]),
    /** Whether somebody without a token may look. */
    open: Type.Boolean(),
  },
  strict,
);
export type RemoteSettings = Static<typeof RemoteSettingsSchema>;

export const DEFAULT_REMOTE_SETTINGS: RemoteSettings = {
  enabled: false,
  host: '0.0.0.0',
  port: 8443,
  names: [],
  certificate: null,
  open: true,
};

/** Whom a token is for. */
export const TokenNameSchema = Type.String({ minLength: 1, maxLength: 80, pattern: '^[^\\u0000-\\u001f\\u007f]+$' });

/** A token as it is shown; the secret itself is shown once, when it is made, and kept as a digest only. */
export const RemoteTokenSchema = Type.Object({
  id: Type.Integer(),
  name: Type.String(),
  role: Type.Enum(REMOTE_ROLES),
  createdAt: Type.Number(),
  /** Null: until it is revoked. */
  expiresAt: Type.Union([Type.Number(), Type.Null()]),
  revokedAt: Type.Union([Type.Number(), Type.Null()]),
  lastUsedAt: Type.Union([Type.Number(), Type.Null()]),
});
export type RemoteToken = Static<typeof RemoteTokenSchema>;

/** Somebody who looks on now. */
export const RemoteClientSchema = Type.Object({
  /** The token's name; empty without a token. */
  name: Type.String(),
  role: Type.Enum(REMOTE_ROLES),
  address: Type.String(),
  since: Type.Number(),
});
export type RemoteClient = Static<typeof RemoteClientSchema>;

/** What somebody did, or tried to, from elsewhere. */
export const RemoteActSchema = Type.Object({
  id: Type.Integer(),
  at: Type.Number(),
  /** The token's name; empty without a token. */
  name: Type.String(),
  role: Type.Union([Type.Enum(REMOTE_ROLES), Type.Null()]),
  address: Type.String(),
  /** A channel of the contract, or `sign in`, `sign out`. */
  act: Type.String(),
  /** What was asked for, as JSON without secrets, cut off when long. */
  request: Type.String(),
  /** Empty: it was done; else why not. */
  refusal: Type.String(),
});
export type RemoteAct = Static<typeof RemoteActSchema>;

export const RemoteStateSchema = Type.Object({
  settings: RemoteSettingsSchema,
  /** Where browsers find it; empty while it does not listen. */
  urls: Type.Array(Type.String()),
  /** Why it does not listen though it should; empty otherwise. */
  error: Type.String(),
  /** SHA-256 fingerprint of the certificate in use, AA:BB:…; empty while it does not listen. */
  fingerprint: Type.String(),
  /** Whether QLF signed the certificate itself: browsers warn of it once. */
  selfSigned: Type.Boolean(),
  tokens: Type.Array(RemoteTokenSchema),
  clients: Type.Array(RemoteClientSchema),
});
export type RemoteState = Static<typeof RemoteStateSchema>;
