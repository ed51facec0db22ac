import { createHash, timingSafeEqual } from 'node:crypto';
import type { IngestStore, Principal } from '../domain/ports/ingest-store.ts';
import { runOfUser } from '../domain/run-user.ts';

/** A general ingest user, from the environment or the settings. */
export interface IngestUser {
  user: string;
  password: string;
}

const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Compared with when a user does not exist, so that the answer takes as long. */
const NOBODY = sha256('');

/** User and password of a Basic Authorization header; undefined when it is none. */
export function parseBasic(header: string | undefined): { user: string; password: string } | undefined {
  const match = header && /^Basic +([A-Za-z0-9+/]+={0,2}) *$/i.exec(header);
  if (!match?.[1]) return undefined;
  const text = Buffer.from(match[1], 'base64').toString('utf8');
  const colon = text.indexOf(':');
  return colon < 0 ? undefined : { user: text.slice(0, colon), password: text.slice(colon + 1) };
}

/**
 * Finds out who a request comes from. Passwords are compared as SHA-256 digests in constant time: a run's password is random
 * and long, and a slow hash for every post would cost more than the post.
 */
export function authenticator(
  store: Pick<IngestStore, 'runPasswordHash' | 'userPasswordHash'>,
  users: readonly IngestUser[],
): (header: string | undefined) => Principal | undefined {
  const configured = new Map(users.map(({ user, password }) => [user, sha256(password)]));
  const stored = (hash: string | undefined): Buffer | undefined => {
    const digest = hash === undefined ? undefined : Buffer.from(hash, 'hex');
    return digest?.length === NOBODY.length ? digest : undefined;
  };
  return (header) => {
    const credential = parseBasic(header);
    if (!credential) return undefined;
    const { user } = credential;
    const given = sha256(credential.password);
    const runId = runOfUser(user);
    const [digest, principal]: [Buffer | undefined, Principal] =
      runId === undefined
        ? [configured.get(user) ?? stored(store.userPasswordHash(user)), { kind: 'user', user }]
        : [stored(store.runPasswordHash(runId)), { kind: 'run', runId }];
    const equal = timingSafeEqual(given, digest ?? NOBODY);
    return equal && digest !== undefined ? principal : undefined;
  };
}
