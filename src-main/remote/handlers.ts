import type { Handlers } from '#shared/ipc/contract.ts';
import type { REMOTE_CONTRACT } from '#shared/ipc/remote-contract.ts';
import { QlfError } from '#shared/ipc/result.ts';
import type { EventSink } from '../domain/ports/event-sink.ts';
import type { RemoteStore } from '../domain/ports/remote-store.ts';
import type { RemoteView } from './remote-view.ts';
import { newToken } from './sessions.ts';

const DAY_MS = 86_400_000;

/** The remote view's side of the contract. */
export function remoteHandlers(parts: {
  view: RemoteView;
  store: RemoteStore;
  events: Pick<EventSink, 'log'>;
  now: () => number;
}): Pick<Handlers, keyof typeof REMOTE_CONTRACT> {
  const { view, store, events, now } = parts;
  return {
    'remote.get': () => view.state(),
    'remote.set': ({ settings }) => view.set(settings),
    'remote.add-token': ({ name, role, days }) => {
      const { token, digest } = newToken();
      const createdAt = now();
      const made = store.addRemoteToken({
        ...{ name, role, digest, createdAt },
        expiresAt: days === null ? null : createdAt + days * DAY_MS,
      });
      events.log('engine', 'info', `remote view: a token for ${name} (${role})`);
      return { token, made };
    },
    'remote.revoke': ({ id }) => {
      if (!store.revokeRemoteToken(id, now()))
        throw new QlfError('not-found', 'There is no such token that still holds.');
      view.check();
      events.log('engine', 'info', `remote view: the token of ${store.remoteToken(id)?.name ?? ''} was revoked`);
      return {};
    },
    'remote.acts': (page) => store.remoteActs(page),
  };
}
