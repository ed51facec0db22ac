import { createHash } from 'node:crypto';
import type { Handlers } from '#shared/ipc/contract.ts';
import { QlfError } from '#shared/ipc/result.ts';
import type { EventSink } from '../domain/ports/event-sink.ts';
import { runOfUser } from '../domain/run-user.ts';

/** Where general ingest users are kept. */
export interface IngestUserStore {
  ingestUsers(): { user: string; createdAt: number }[];
  /** `passwordHash` is SHA-256, hex. */
  saveUser(user: string, passwordHash: string): void;
  removeUser(user: string): boolean;
}

/** Who may post besides QLF's own jobs. Passwords are kept as digests only. */
export function ingestUserHandlers(parts: {
  store: IngestUserStore;
  events: Pick<EventSink, 'log'>;
}): Pick<Handlers, 'ingest.users' | 'ingest.save-user' | 'ingest.remove-user'> {
  const { store, events } = parts;
  return {
    'ingest.users': () => store.ingestUsers(),
    'ingest.save-user': ({ user, password }) => {
      if (runOfUser(user) !== undefined)
        throw new QlfError('bad-request', `${user} is a name of QLF's own jobs; choose another`);
      store.saveUser(user, createHash('sha256').update(password).digest('hex'));
      events.log('engine', 'info', `ingest user ${user} may post`);
      return {};
    },
    'ingest.remove-user': ({ user }) => {
      if (!store.removeUser(user)) throw new QlfError('not-found', `there is no ingest user ${user}`);
      events.log('engine', 'info', `ingest user ${user} may post no more`);
      return {};
    },
  };
}
