import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { RemoteRole, RemoteToken } from '#shared/domain/remote.ts';
import type { RemoteStore } from '../domain/ports/remote-store.ts';

/** Who somebody is by a session; without one: anybody, who may look at most. */
export interface Person {
  tokenId: number | null;
  /** The token's name; empty without one. */
  name: string;
  role: RemoteRole;
}

export const ANYBODY: Person = { tokenId: null, name: '', role: 'viewer' };

/** ms that a session holds: a long night and its morning. */
const SESSION_MS = 16 * 3_600_000;
const MOST_SESSIONS = 1000;
/** Begins every token, so that one that lies about is known for what it is. */
const PREFIX = 'qlf_';

const digestOf = (secret: string): Buffer => createHash('sha256').update(secret).digest();

/** A new token: 256 random bits. */
export function newToken(): { token: string; digest: string } {
  const token = `${PREFIX}${randomBytes(32).toString('base64url')}`;
  return { token, digest: digestOf(token).toString('hex') };
}

/** Sessions of those who have shown a token; known until QLF ends. */
export class Sessions {
  readonly #store: Pick<RemoteStore, 'remoteDigests' | 'remoteToken' | 'usedRemoteToken'>;
  readonly #now: () => number;
  readonly #sessions = new Map<string, { tokenId: number; until: number }>();

  constructor(store: Pick<RemoteStore, 'remoteDigests' | 'remoteToken' | 'usedRemoteToken'>, now: () => number) {
    this.#store = store;
    this.#now = now;
  }

  /** @returns the new session's secret; undefined for a token that does not hold */
  signIn(token: string): { session: string; person: Person } | undefined {
    const given = digestOf(token);
    let found: number | undefined;
    // All are compared, each in constant time: how long it takes says nothing of which is near.
    for (const { id, digest } of this.#store.remoteDigests())
      if (timingSafeEqual(given, Buffer.from(digest, 'hex'))) found = id;
    const holder = found === undefined ? undefined : this.#holder(found);
    if (!holder) return undefined;
    this.#store.usedRemoteToken(holder.id, this.#now());
    const session = randomBytes(32).toString('base64url');
    this.#sessions.set(digestOf(session).toString('hex'), { tokenId: holder.id, until: this.#now() + SESSION_MS });
    if (this.#sessions.size > MOST_SESSIONS) {
      const [oldest] = this.#sessions.keys();
      if (oldest !== undefined) this.#sessions.delete(oldest);
    }
    return { session, person: personOf(holder) };
  }

  /** Who a session belongs to; undefined where it or its token holds no more. */
  person(session: string | undefined): Person | undefined {
    if (session === undefined) return undefined;
    const key = digestOf(session).toString('hex');
    const known = this.#sessions.get(key);
    const holder = known && known.until > this.#now() ? this.#holder(known.tokenId) : undefined;
    if (holder) return personOf(holder);
    this.#sessions.delete(key);
    return undefined;
  }

  signOut(session: string): void {
    this.#sessions.delete(digestOf(session).toString('hex'));
  }

  #holder(id: number): RemoteToken | undefined {
    const token = this.#store.remoteToken(id);
    const holds = token?.revokedAt === null && (token.expiresAt === null || token.expiresAt > this.#now());
    return holds ? token : undefined;
  }
}

function personOf({ id, name, role }: RemoteToken): Person {
  return { tokenId: id, name, role };
}
