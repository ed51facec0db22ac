import Type from 'typebox';
import {
  REMOTE_ROLES,
  RemoteActSchema,
  RemoteSettingsSchema,
  RemoteStateSchema,
  RemoteTokenSchema,
  TokenNameSchema,
} from '../domain/remote.ts';

const strict = { additionalProperties: false };
const None = Type.Object({}, strict);

/** The same interface in browsers elsewhere: whether, where, for whom, and who did what. */
export const REMOTE_CONTRACT = {
  'remote.get': { request: None, response: RemoteStateSchema },
  'remote.set': { request: Type.Object({ settings: RemoteSettingsSchema }, strict), response: RemoteStateSchema },
  /** The token is in the answer, and nowhere else. */
  'remote.add-token': {
    request: Type.Object(
      {
        name: TokenNameSchema,
        role: Type.Enum(REMOTE_ROLES),
        /** Days until it expires; null: never. */
        days: Type.Union([Type.Integer({ minimum: 1, maximum: 3650 }), Type.Null()]),
      },
      strict,
    ),
    response: Type.Object({ token: Type.String(), made: RemoteTokenSchema }),
  },
  /** Ends the token and everybody who is here by it. */
  'remote.revoke': { request: Type.Object({ id: Type.Integer({ minimum: 1 }) }, strict), response: Type.Object({}) },
  /** Newest first. */
  'remote.acts': {
    request: Type.Object(
      { limit: Type.Integer({ minimum: 1, maximum: 1000 }), offset: Type.Integer({ minimum: 0 }) },
      strict,
    ),
    response: Type.Object({ total: Type.Integer(), acts: Type.Array(RemoteActSchema) }),
  },
} as const;
