import { realpathSync } from 'node:fs';
import { sourceOf } from '#shared/domain/source.ts';
import type { OwnCommandHandlers } from '#shared/ipc/command-contract.ts';
import type { Handlers } from '#shared/ipc/contract.ts';
import type { STORAGE_CONTRACT } from '#shared/ipc/storage-contract.ts';
import type { EngineSettings } from '#shared/domain/settings.ts';
import { checkInThread } from './db/check-in-thread.ts';
import type { DatabaseFacts } from './db/backup.ts';
import { prepareExchange } from './db/restore.ts';
import type { QlfDatabase } from './db/open-database.ts';
import type { Documents } from './domain/ports/documents.ts';
import type { DosClient } from './domain/ports/dos-client.ts';
import type { ControlRoom } from './orchestrator/control-room.ts';
import { dataFolder } from './orchestrator/folders.ts';
import { watchDisk, type DiskLimits } from './orchestrator/housekeeping.ts';
import { requestedExposures } from './orchestrator/queue.ts';
import { createCleaner } from './storage/cleaner.ts';
import { storageCommands, storageHandlers } from './storage/handlers.ts';
import { createNightFiles } from './storage/night-files.ts';
import { createNightOffers, type NightOffers } from './storage/night-offers.ts';
import { bytesOfNight } from './storage/night-sizes.ts';
import { StorageService } from './storage/storage-service.ts';

/** The program of the thread that proves copies: a source file beside this one, or a built one beside the built program. */
const CHECKER = new URL(
  import.meta.url.endsWith('.ts') ? 'database-check-worker.ts' : 'database-check-worker.cjs',
  import.meta.url,
);
const TICK_MS = 60_000;
/** ms that the DOS may take to say whether a file can be fetched again. */
const ANSWER_MS = 5000;

/** Proves a copy of the database while everything else goes on. */
export function proveCopy(file: string, signal?: AbortSignal): Promise<DatabaseFacts> {
  return checkInThread(CHECKER, file, signal);
}

export interface StorageOptions {
  root: string;
  /** As `Source`; null: the test environment. */
  source: string | null;
  store: QlfDatabase;
  room: ControlRoom;
  dos: Pick<DosClient, 'getFileLocation'>;
  settings: { get(): EngineSettings };
  /** Used shares of the disk from which it is a warning and a fault, as they are set now. */
  alarms: { readonly settings: DiskLimits };
  documents: Documents | null;
  exchangeDatabase?: ((prepared: string) => Promise<string | null>) | undefined;
  now: () => number;
}

/** The folder of originals on this machine, as the file system knows it. */
function originals(source: string | null): string | null {
  if (source === null) return null;
  const known = sourceOf(source);
  if (known.kind !== 'folder') return null;
  try {
    return realpathSync(known.path);
  } catch {
    return known.path;
  }
}

/** Storage of a running engine: cleaning, copies of the database, nights as files. */
export function openStorage(options: StorageOptions): {
  handlers: Pick<Handlers, keyof typeof STORAGE_CONTRACT>;
  commands: OwnCommandHandlers;
  offerNight: NightOffers['offer'];
  start(): void;
  close(): Promise<void>;
} {
  const { root, store, room, dos, settings, now } = options;
  const folder = dataFolder(root);
  const canFetchAgain = (expid: number): Promise<boolean> =>
    Promise.race([
      dos.getFileLocation(expid).then(
        () => true,
        () => false,
      ),
      new Promise<boolean>((resolve) => setTimeout(() => resolve(false), ANSWER_MS).unref()),
    ]);
  const cleaner = createCleaner({
    ...{ root, store, events: room, canFetchAgain, now },
    source: originals(options.source),
    settings: () => service.settings,
    around: (expid) => ({
      catchUp: settings.get().catchUp,
      requested: requestedExposures(store).includes(expid),
      onScreen: room.snapshot().current?.run.expid === expid,
    }),
  });
  const service: StorageService = new StorageService({
    ...{ root, store, events: room, cleaner, now },
    fullAt: () => options.alarms.settings.diskWarning,
    backup: (file, signal, onProgress) => store.backup(file, { signal, onProgress, prove: proveCopy }),
    prepareExchange: (copy, signal, onProgress) =>
      prepareExchange(folder.database, copy, store.origin, { signal, onProgress, prove: proveCopy }),
  });
  const nights = createNightFiles({
    ...{ store, root, now },
    redux: (night, expid, runId) => folder.redux(night, expid, runId),
    taken: (night) => {
      store.summariseStale(1000);
      for (const exposure of store.listExposures({ limit: 60, offset: 0 }).exposures)
        if (exposure.night === night) room.publish({ type: 'exposure', exposure });
      room.log('engine', 'info', `night ${night} was imported`);
    },
  });
  const stopDisk = watchDisk(room, root, () => options.alarms.settings, bytesOfNight, now);
  const offers = createNightOffers();
  let timer: NodeJS.Timeout | undefined;
  const tick = (): void => {
    service.tick().catch((error: unknown) => room.log('engine', 'error', `storage: ${String(error)}`));
  };
  return {
    handlers: storageHandlers({
      ...{ service, nights, offers, store, documents: options.documents, now },
      exchangeDatabase: options.exchangeDatabase ?? null,
    }),
    commands: storageCommands({ service, nights }),
    offerNight: (manifest) => offers.offer(manifest),
    start() {
      void cleaner.sweep().catch(() => undefined);
      timer = setInterval(tick, TICK_MS);
      timer.unref();
    },
    async close() {
      clearInterval(timer);
      stopDisk();
      await service.close();
    },
  };
}
