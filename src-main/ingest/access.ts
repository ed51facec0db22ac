import type { FastifyRequest } from 'fastify';
import type { Principal } from '../domain/ports/ingest-store.ts';
import { RequestError } from './api-error.ts';
import { TokenBuckets, type Rate } from '../domain/token-buckets.ts';

/** How often a client may come. */
export interface Limits {
  /** Each run's jobs together. */
  runs: Rate;
  /** Each general user. */
  users: Rate;
  /** Each address, without credential: the map, the description, health. */
  open: Rate;
  /** Each address: attempts with a wrong credential. */
  failures: Rate;
}

/** Far above what 30 cameras do: these end floods, not work. */
export const DEFAULT_LIMITS: Limits = {
  runs: { perSecond: 20_000, burst: 40_000 },
  users: { perSecond: 5000, burst: 10_000 },
  open: { perSecond: 200, burst: 1000 },
  failures: { perSecond: 1, burst: 60 },
};

export interface Access {
  /** Lets a request through with a good credential only. */
  authenticate(request: FastifyRequest): Principal;
  /** Lets anybody through, now and then. */
  admit(request: FastifyRequest): void;
}

/**
 * @param refused told of a wrong credential, for the log
 * @param known told of a good one
 */
export function accessControl(
  authenticate: (header: string | undefined) => Principal | undefined,
  limits: Limits,
  refused: (address: string) => void,
  known: (request: FastifyRequest) => void,
): Access {
  const runs = new TokenBuckets(limits.runs);
  const users = new TokenBuckets(limits.users);
  const open = new TokenBuckets(limits.open);
  const failures = new TokenBuckets(limits.failures);
  const orLater = (wait: number): void => {
    if (wait > 0) {
      throw new RequestError('too-many-requests', `too many requests; come again in ${wait} s`, { retryAfter: wait });
    }
  };
  return {
    authenticate: (request) => {
      const now = performance.now();
      const principal = authenticate(request.headers.authorization);
      if (!principal) {
        // A good credential from the same address is never held up by bad ones.
        orLater(failures.take(request.ip, now));
        refused(request.ip);
        throw new RequestError('unauthorized', 'user or password is missing or wrong (HTTP basic authentication)');
      }
      known(request);
      orLater(principal.kind === 'run' ? runs.take(String(principal.runId), now) : users.take(principal.user, now));
      return principal;
    },
    admit: (request) => orLater(open.take(request.ip, performance.now())),
  };
}
