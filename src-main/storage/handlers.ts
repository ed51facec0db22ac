import { isAbsolute, join } from 'node:path';
import type { OwnCommandHandlers } from '#shared/ipc/command-contract.ts';
import type { Handlers } from '#shared/ipc/contract.ts';
import { QlfError } from '#shared/ipc/result.ts';
import type { STORAGE_CONTRACT } from '#shared/ipc/storage-contract.ts';
import type { Documents } from '../domain/ports/documents.ts';
import type { StorageStore } from '../domain/ports/storage-store.ts';
import { backupName } from './backups.ts';
import type { NightFiles } from './night-files.ts';
import type { NightOffers } from './night-offers.ts';
import type { StorageService } from './storage-service.ts';

const SHOWN = 12;

export interface HandlerParts {
  service: StorageService;
  nights: NightFiles;
  /** Nights that the desktop has opened. */
  offers: Pick<NightOffers, 'folderOf'>;
  store: Pick<StorageStore, 'listCleaned'>;
  /** Null where nobody can be asked. */
  documents: Documents | null;
  /** Puts a prepared copy in the place of the database, closing and opening the engine; where the former one lies. */
  exchangeDatabase: ((prepared: string) => Promise<string | null>) | null;
  now: () => number;
}

/** What was begun goes on by itself; its failure is told by `storage.get`. */
function begun(work: Promise<void>): { begun: boolean } {
  work.catch(() => undefined);
  return { begun: true };
}

/** The storage's part of the IPC contract. */
export function storageHandlers(parts: HandlerParts): Pick<Handlers, keyof typeof STORAGE_CONTRACT> {
  const { service, nights, store, now } = parts;
  const desktop = (): Documents => {
    if (!parts.documents)
      throw new QlfError('unavailable', 'files are chosen in the desktop application; use the command line here');
    return parts.documents;
  };
  return {
    'storage.get': async () => ({
      settings: service.settings,
      work: service.desk.shown,
      cleaned: store.listCleaned(SHOWN),
      backupFolder: service.backupFolder,
      backups: await service.backups(),
    }),
    'storage.set': ({ settings }) => {
      if (settings.backupFolder !== null && !isAbsolute(settings.backupFolder))
        throw new QlfError('bad-request', `${JSON.stringify(settings.backupFolder)} is no absolute path`);
      service.saveSettings(settings);
      return service.settings;
    },
    'storage.preview': () => service.preview(),
    'storage.clean': ({ by }) => begun(service.clean('by hand', by)),
    'storage.cancel': () => {
      service.desk.cancel();
      return {};
    },
    'storage.backup': async () => {
      const name = backupName(now()).replace(/\.db$/, '');
      const file = await desktop().askWhere({ extension: 'db', title: 'Copy of the database', name });
      return file === null ? { begun: false } : begun(service.copyTo(file));
    },
    'storage.restore': async ({ backup }) => {
      if (!parts.exchangeDatabase)
        throw new QlfError(
          'unavailable',
          'a database is exchanged in the desktop application only; open the folder with it',
        );
      const copy =
        backup === null
          ? await desktop().askWhich({ extension: 'db', title: 'Copy of the database to restore' })
          : join(service.backupFolder, backup);
      const prepared = copy === null ? null : await service.prepareExchange(copy);
      return { replaced: prepared === null ? null : await parts.exchangeDatabase(prepared) };
    },
    'night.export': async ({ night, products }) => {
      const into = await desktop().askWhich({ extension: null, title: `Folder to write night ${night} into` });
      if (into === null) return { begun: false };
      return begun(
        service.desk.begin('export', (signal, onProgress) => nights.write(night, products, into, signal, onProgress)),
      );
    },
    'night.import': async ({ offer }) => {
      const from =
        offer === undefined
          ? await desktop().askWhich({ extension: null, title: 'Folder of an exported night' })
          : parts.offers.folderOf(offer);
      if (from === null) return { begun: false };
      return begun(service.desk.begin('import', (signal, onProgress) => nights.read(from, signal, onProgress)));
    },
  };
}

/** The storage's part of what only a command line asks for: it names the paths itself. */
export function storageCommands({ service, nights }: Pick<HandlerParts, 'service' | 'nights'>): OwnCommandHandlers {
  return {
    'night.import-from': ({ folder }) => {
      if (!isAbsolute(folder)) throw new QlfError('bad-request', `${JSON.stringify(folder)} is no absolute path`);
      return begun(service.desk.begin('import', (signal, onProgress) => nights.read(folder, signal, onProgress)));
    },
  };
}
