import { join } from 'node:path';
import type { Handlers } from '#shared/ipc/contract.ts';
import type { REMOTE_CONTRACT } from '#shared/ipc/remote-contract.ts';
import type { QlfDatabase } from './db/open-database.ts';
import type { Documents } from './domain/ports/documents.ts';
import type { ControlRoom } from './orchestrator/control-room.ts';
import { callDocuments } from './remote/call-documents.ts';
import { remoteHandlers } from './remote/handlers.ts';
import { RemoteView } from './remote/remote-view.ts';

export interface RemoteOptions {
  version: string;
  /** The built interface. */
  assetsDir: string;
  documents: Documents | null;
}

/**
 * The remote view of a running engine.
 * @param handlers all of the engine's
 */
export function openRemote(
  options: RemoteOptions & { root: string; store: QlfDatabase; room: ControlRoom; now: () => number },
  handlers: () => Handlers,
  report: (error: unknown) => void,
): {
  /** Documents for the desktop and for browsers alike. */
  documents: Documents;
  handlers: Pick<Handlers, keyof typeof REMOTE_CONTRACT>;
  start(): void;
  close(): Promise<void>;
} {
  const { store, room, now } = options;
  const documents = callDocuments(options.documents);
  const view = new RemoteView({
    ...{ store, events: room, handlers, documents, report, now },
    version: options.version,
    assets: options.assetsDir,
    folder: join(options.root, 'remote'),
  });
  const stop = room.onEvents((batch) => view.push(batch));
  return {
    documents: documents.documents,
    handlers: remoteHandlers({ view, store, events: room, now }),
    start: () => view.start(),
    async close() {
      stop();
      await view.close();
    },
  };
}
