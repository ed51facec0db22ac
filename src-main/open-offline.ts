import { COMMAND_CONTRACT, type CommandChannel, type CommandHandlers } from '#shared/ipc/command-contract.ts';
import { QlfError } from '#shared/ipc/result.ts';
import { alarmHandlers } from './alarms/handlers.ts';
import { AlarmKeeper } from './alarms/keeper.ts';
import type { Calls } from './commands/world.ts';
import { openDatabase, type QlfDatabase } from './db/open-database.ts';
import { originOf, readDatabase } from './db/read-database.ts';
import { answerChecked } from './domain/answer-call.ts';
import { liveSettings } from './live-settings.ts';
import { openRoom } from './open-room.ts';
import { lockFolder } from './orchestrator/folder-lock.ts';
import { dataFolder } from './orchestrator/folders.ts';
import { createConfigurationEditor } from './pipeline/configuration-editor.ts';
import { configurationHandlers } from './pipeline/configuration-handlers.ts';
import { defaultConfiguration } from './pipeline/default-configuration.ts';
import { checkPipelineSetting } from './pipeline/prepare-job.ts';
import { createAllowedPrograms } from './programs/allowed-programs.ts';
import { reportHandlers } from './reports/report-handlers.ts';
import { fiberHandlers } from './spectra/handlers.ts';
import { allowedProgramsFile, type Place } from './standard-folders.ts';
import { backupFolderOf, listBackups } from './storage/backups.ts';
import { createNightFiles } from './storage/night-files.ts';
import { storageSettingsFrom } from './storage/storage-service.ts';

const STORAGE = 'storage';

export interface OfflineOptions extends Place {
  resourcesDir: string;
  version: string;
  now: () => number;
}

/** A data folder whose engine does not run. */
export interface Offline extends Calls {
  store: QlfDatabase;
  /** Takes in an exported night. @returns what was taken in, in words */
  importNight: (folder: string) => Promise<string>;
  close: () => void;
}

/** The channels that a database alone can answer; the others say that they need the engine. */
function handlersOf(store: QlfDatabase, options: OfflineOptions): CommandHandlers {
  const { root, resourcesDir, version, now } = options;
  const folder = dataFolder(root);
  const settings = liveSettings(store, {
    ...{ catchUp: null, parallel: null, ingestPort: null },
    programs: createAllowedPrograms(allowedProgramsFile()),
  });
  const room = openRoom(store, root, settings.get(), 0, now);
  for (const alarm of store.openAlarms()) if (alarm.state !== 'pending') room.publish({ type: 'alarm', alarm });
  const keeper = new AlarmKeeper({ store, room, now });
  const editor = createConfigurationEditor({ store, resourcesDir, size: () => null, now });
  const configuration = configurationHandlers({ editor, store, events: room, now });
  const alarms = alarmHandlers({ keeper, store, now });
  const storage = () => storageSettingsFrom(store.setting(STORAGE));
  const needsEngine = (): never => {
    throw new QlfError('unavailable', 'only a running engine can do this: npm start');
  };
  return {
    'app.info': () => ({ version, electron: '', platform: process.platform }),
    'control-room.snapshot': () => room.snapshot(),
    'exposure.list': (page) => store.listExposures(page),
    'exposure.get': fiberHandlers({ store, folders: folder })['exposure.get'],
    'run.get': ({ runId }) => {
      const detail = store.runDetail(runId);
      if (!detail) throw new QlfError('not-found', `there is no run ${runId}`);
      return detail;
    },
    'exposure.process': needsEngine,
    'job.retry': needsEngine,
    'folders.get': needsEngine,
    'storage.clean': needsEngine,
    'storage.preview': needsEngine,
    'night.import-from': needsEngine,
    'remote.get': needsEngine,
    'remote.set': needsEngine,
    'remote.add-token': needsEngine,
    'remote.revoke': needsEngine,
    'settings.get': () => settings.get(),
    'settings.set': ({ settings: next }) => {
      checkPipelineSetting(next.pipeline);
      settings.save(next);
      return settings.get();
    },
    'storage.get': async () => {
      const backupFolder = backupFolderOf(storage(), root);
      const backups = await listBackups(backupFolder);
      return { settings: storage(), work: null, cleaned: store.listCleaned(12), backupFolder, backups };
    },
    'storage.set': ({ settings: next }) => {
      store.saveSetting(STORAGE, next);
      return storage();
    },
    'alarm-settings.get': alarms['alarm-settings.get'],
    'alarm-settings.set': alarms['alarm-settings.set'],
    'configuration.current': configuration['configuration.current'],
    'configuration.open': configuration['configuration.open'],
    'configuration.save': configuration['configuration.save'],
    'configuration.save-scope': configuration['configuration.save-scope'],
    'configuration.set-value': configuration['configuration.set-value'],
    'report.night': reportHandlers({ store, documents: null, events: room, now })['report.night'],
  };
}

/** Answers calls by handlers, checked against the contract as those of a running engine are. */
function callsOf(handlers: CommandHandlers): Calls {
  return {
    async call(channel: CommandChannel, request) {
      const schema = COMMAND_CONTRACT[channel].request;
      let bug: unknown;
      const result = await answerChecked(
        channel,
        schema,
        request,
        handlers[channel] as never,
        (error) => (bug = error),
      );
      if (result.ok) return result.value as never;
      throw new QlfError(result.error.code, result.error.message, { cause: bug });
    },
  };
}

function importer(store: QlfDatabase, { root, now }: OfflineOptions): Offline['importNight'] {
  const folder = dataFolder(root);
  const nights = createNightFiles({
    ...{ store, root, now },
    redux: (night, expid, runId) => folder.redux(night, expid, runId),
    taken: () => void store.summariseStale(1000),
  });
  return (from) => nights.read(from, new AbortController().signal, () => undefined);
}

/** @throws QlfError as `readDatabase` */
export function readOffline(options: OfflineOptions): Offline & { staleRuns: number } {
  const store = readDatabase(dataFolder(options.root).database, options.now);
  return {
    ...callsOf(handlersOf(store, options)),
    ...{ store, staleRuns: store.staleRuns },
    importNight: importer(store, options),
    close: () => store.close(),
  };
}

/**
 * Opens a data folder for changes, as its engine would: it is made where it is not there, and locked until `close`.
 * @throws QlfError `conflict` while an engine works in it, and as `openDatabase`
 */
export function writeOffline(options: OfflineOptions): Offline {
  const unlock = lockFolder(options.root);
  try {
    const file = dataFolder(options.root).database;
    const origin = originOf(file) ?? (options.source === null ? 'emulated' : 'real');
    const kind = origin === 'real' ? 'stock' : 'test-environment';
    const standard = defaultConfiguration(kind, options.resourcesDir);
    const store = openDatabase({ file, origin, defaultConfiguration: standard, now: options.now });
    return {
      ...callsOf(handlersOf(store, options)),
      store,
      importNight: importer(store, options),
      close: () => {
        store.close();
        unlock();
      },
    };
  } catch (error) {
    unlock();
    throw error;
  }
}
