import { existsSync } from 'node:fs';
import type { Run } from '#shared/domain/run.ts';
import type { Handlers } from '#shared/ipc/contract.ts';
import type { LogLine, RunDetail } from '#shared/state/control-room.ts';
import type { EventBatch } from '#shared/state/events.ts';
import { alarmHandlers } from './alarms/handlers.ts';
import { AlarmKeeper } from './alarms/keeper.ts';
import { createWaiting, type Waiting } from './domain/waiting.ts';
import { openDatabase } from './db/open-database.ts';
import { watchFailures } from './db/watch-failures.ts';
import { passDatabaseFailure } from './domain/database-failure.ts';
import type { Documents } from './domain/ports/documents.ts';
import type { FileOpener } from './domain/ports/file-opener.ts';
import type { FilePicker } from './domain/ports/file-picker.ts';
import type { ProgramLauncher } from './domain/ports/program-launcher.ts';
import type { ConfirmProgram, Programs } from './domain/ports/programs.ts';
import type { Secrets } from './domain/ports/secrets.ts';
import { createImages } from './images/handlers.ts';
import { mergedQaSink } from './ingest/merged-qa.ts';
import { ingestUserHandlers } from './ingest/user-handlers.ts';
import { limitsHandlers } from './limits/handlers.ts';
import { openIngest } from './ingest/movable-ingest.ts';
import { logHandlers } from './logs/handlers.ts';
import { liveSettings } from './live-settings.ts';
import { connectHandlers, openAsking } from './open-connect.ts';
import { openControl, type Commanded } from './open-control.ts';
import { openDiagnostics } from './open-diagnostics.ts';
import { openDos } from './open-dos.ts';
import { openObservability } from './open-observability.ts';
import { openRemote } from './open-remote.ts';
import { openRoom } from './open-room.ts';
import { openStorage } from './open-storage.ts';
import type { CommandLine } from './options.ts';
import { ConnectionState } from './orchestrator/connections.ts';
import { Engine } from './orchestrator/engine.ts';
import { writeEngineLog } from './orchestrator/engine-log.ts';
import { lockFolder } from './orchestrator/folder-lock.ts';
import { dataFolder } from './orchestrator/folders.ts';
import { createHandlers } from './orchestrator/handlers.ts';
import { keepPulse } from './orchestrator/housekeeping.ts';
import { createConfigurationEditor } from './pipeline/configuration-editor.ts';
import { configurationHandlers } from './pipeline/configuration-handlers.ts';
import { createCameraConfigurator } from './pipeline/camera-configurator.ts';
import { defaultConfiguration, firstConfiguration } from './pipeline/default-configuration.ts';
import { endOrphans, engineMark } from './pipeline/end-orphans.ts';
import { createJobPool } from './pipeline/job-pool.ts';
import { minimalEnvironment } from './pipeline/minimal-environment.ts';
import { createPipelineExecutor } from './pipeline/pipeline-executor.ts';
import { checkPipelineSetting, createJobPreparer } from './pipeline/prepare-job.ts';
import { guardJobs } from './programs/guard.ts';
import { createWarmExecutor } from './pipeline/warm-executor.ts';
import { fiberHandlers } from './spectra/handlers.ts';
import { historyHandlers } from './reports/history-handlers.ts';
import { keepSummaries } from './reports/keep-summaries.ts';
import { notesHandlers } from './reports/notes-handlers.ts';
import { reportHandlers } from './reports/report-handlers.ts';
import { createSecretKeeper } from './secrets/secret-keeper.ts';
import { createSplitter } from './split/splitter.ts';
import {
  folderSettingsFile,
  type Place,
  placeOf,
  readFolderSettings,
  standardDataFolder,
  writeFolderSettings,
} from './standard-folders.ts';
import { ingestUsers, sshAgent } from './process-environment.ts';
import { openTransfer, transferName } from './transfer/open-transfer.ts';
import { threadProgram } from './thread-program.ts';
import { trendHandlers } from './trends/handlers.ts';
import { createTrendReader } from './trends/trend-reader.ts';

export interface EngineOptions extends Omit<CommandLine, 'diagnostics' | 'exposures' | 'help' | 'pipeline'> {
  /** A file that says which pipeline runs, in the place of the stored setting. */
  pipeline?: string | null;
  /** Folder of default QL configurations and instrument data. */
  resourcesDir: string;
  /** Folder of the built interface, for browsers elsewhere. */
  assetsDir: string;
  launcher: ProgramLauncher;
  version: string;
  /** Electron's version, empty in plain Node. */
  electron: string;
  /** How a person is asked for a file; where there is no screen nobody is. */
  pickFile?: FilePicker;
  /** Shows a file in the system's file manager; absent where there is none. */
  showFile?: (file: string) => void;
  /** Sets how large the window draws; absent where there is none. */
  setScale?: (scale: number) => void;
  /** Save dialogs and printing of the desktop; null in the headless program. */
  documents: Documents | null;
  /** Passwords and passphrases; absent: known until QLF ends, and given by nobody. */
  secrets?: Secrets;
  /** Which programs may run as pipelines; absent: all. */
  programs?: Programs | undefined;
  /** Asks a person of this computer whether a program may run; absent where there is nobody to ask. */
  confirmProgram?: ConfirmProgram;
  /** Number of the last event that was sent before this engine; default 0. */
  seq?: number;
  /** ms since the epoch; the machine's clock where nobody says another. */
  now?: () => number;
  /** How is waited between attempts; by the machine's clock where nobody says otherwise. */
  waiting?: Waiting;
  /** Hears, once, that the database cannot be used any more, and why: the engine can only be closed and opened again. */
  onBroken?: (text: string) => void;
  /** Puts a prepared copy in the place of the database: closes this engine, opens another. @returns where the former one lies */
  exchangeDatabase?: (prepared: string) => Promise<string | null>;
}

/** The engine as the desktop and the headless program see it. */
export interface RunningEngine extends FileOpener {
  handlers: Handlers;
  onEvents(listener: (batch: EventBatch) => void): () => void;
  onLine(listener: (line: LogLine) => void): () => void;
  onRunEnded(listener: (run: Run) => void): () => void;
  runDetail(runId: number): RunDetail | undefined;
  readonly databaseFile: string;
  readonly ingestUrl: string;
  /** Writes an error that nobody meant to happen into the engine's log. */
  report(error: unknown): void;
  /** Shows as a warning that the engine does not work, and why. */
  showBroken(text: string): void;
  start(): Promise<void>;
  /** Ends all children; open runs stay open and are taken up at the next start. */
  close(): Promise<void>;
}

/** With the places in the program that it went through, on one line of the log. */
function describeBug(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return (error.stack ?? error.message).replace(/\s*\n\s*/g, ' · ').slice(0, 2000);
}

/**
 * Builds the engine of one data folder from its parts; nothing observes or runs before `start`.
 * @throws QlfError `conflict` when another engine works in the folder, or it belongs to nights of the other kind
 */
export async function createEngine(options: EngineOptions): Promise<RunningEngine> {
  const place = placeOf(options);
  const unlock = lockFolder(place.root);
  try {
    return await openControl(await assemble(options, place, unlock), place.root);
  } catch (error) {
    unlock();
    throw error;
  }
}

async function assemble(options: EngineOptions, place: Place, unlock: () => void): Promise<RunningEngine & Commanded> {
  const { resourcesDir, launcher, version, now = Date.now, waiting = createWaiting() } = options;
  const emulated = place.source === null;
  const folder = dataFolder(place.root);
  const opened = openDatabase({
    file: folder.database,
    origin: emulated ? 'emulated' : 'real',
    defaultConfiguration: defaultConfiguration(firstConfiguration(emulated, options.size), resourcesDir),
  });
  const db = watchFailures(opened, folder.database, (text) => options.onBroken?.(text));
  const settings = liveSettings(db, options);
  const room = openRoom(db, place.root, settings.get(), options.seq ?? 0, now);
  const images = createImages({
    program: threadProgram('image-worker'),
    store: db,
    folders: folder,
    pickFile: options.pickFile ?? null,
  });
  const trends = createTrendReader(threadProgram('trend-worker'), folder.database);
  const engineLog = writeEngineLog(room, folder.logs, now);
  const watched = { version, root: place.root, databaseFile: folder.database, room, store: db, now };
  const observability = openObservability(watched);
  const stopPulse = keepPulse(room);
  const configurator = createCameraConfigurator(resourcesDir);
  const ssh = minimalEnvironment({ ...sshAgent(process.env), ...engineMark(place.root) });
  const asking = openAsking(options.secrets ?? createSecretKeeper(null), room);
  const { transfer, hostKeys } = openTransfer(place.root, ssh, room, asking, settings.get, waiting);
  const dos = openDos(options, place, db, { environment: ssh, hostKeys, asking }, room);
  const editor = createConfigurationEditor({
    store: db,
    resourcesDir,
    size: () => dos.controls?.settings().size ?? null,
    now,
  });
  const pool = createJobPool({
    executor: createPipelineExecutor(createWarmExecutor(launcher), mergedQaSink({ store: db, events: room, now })),
    parallel: settings.get().parallel,
    limits: ({ launch }) => ({
      timeoutSeconds: settings.get().jobTimeout,
      heartbeatSeconds: launch.kind === 'built-in' ? settings.get().heartbeat : launch.heartbeatSeconds,
    }),
    instance: place.root,
  });
  const ingestConnection = new ConnectionState(room, 'ingest', 'HTTP endpoint', now);
  const ingest = await openIngest({
    store: db,
    events: room,
    configurator,
    users: ingestUsers(process.env),
    version,
    contact: () => ingestConnection.ok(),
    readerProgram: threadProgram('ingest-worker'),
    observability,
    port: settings.get().ingestPort,
  });
  const tellIngest = (): void =>
    room.setEngine({ ingestUrl: ingest.apiUrl, warnings: ingest.warning === null ? [] : [ingest.warning] });
  tellIngest();
  ingestConnection.ok();

  const diagnostics = openDiagnostics({ ...options, ...watched, ...place, settings, observability });
  const engine = new Engine({
    ...{ dos: dos.client, store: db, room, transfer, pool, folder, waiting, now },
    transferConnection: new ConnectionState(room, 'transfer', transferName(place.source), now),
    dosConnection: new ConnectionState(room, 'dos', dos.client.adapter, now),
    splitter: createSplitter(),
    prepareJob: guardJobs(createJobPreparer(configurator), options.programs),
    freeze: (yaml, exposure) => configurator.freeze(yaml, exposure),
    ingestUrl: () => ingest.apiUrl,
    compatibility: options.compatibility,
    settings: settings.get,
    endLeftovers: async (processes) => {
      const left = await endOrphans(processes, place.root);
      if (left.length > 0) room.log('engine', 'error', `processes of an earlier start do not end: ${left.join(', ')}`);
    },
  });

  const alarms = new AlarmKeeper({ store: db, room, now });
  alarms.start();
  const storage = openStorage({ ...options, ...place, store: db, room, dos: dos.client, settings, alarms, now });
  engine.onRunEnded(() => db.summariseStale(1));
  /** A port that was left stays open for the jobs that know no other. */
  const retireIngest = (): void => {
    if (db.openRuns().length === 0) void ingest.retire();
  };
  engine.onRunEnded(retireIngest);
  let closed = false;
  const report = (error: unknown): void => room.log('engine', 'error', describeBug(error));
  const remote = openRemote({ ...options, root: place.root, store: db, room, now }, () => running.handlers, report);
  const { documents } = remote;

  const running: RunningEngine & Commanded = {
    handlers: {
      ...createHandlers({
        engine,
        store: db,
        snapshot: () => room.snapshot(),
        settings: settings.get,
        saveSettings: async (next) => {
          checkPipelineSetting(next.pipeline);
          await ingest.moveTo(next.ingestPort);
          settings.save(next);
          tellIngest();
          retireIngest();
          pool.setParallel(settings.get().parallel);
          room.setEngine({ parallel: settings.get().parallel });
        },
        folders: {
          current: { source: place.source, data: place.root },
          standard: (source) => standardDataFolder(source === null),
          next: () => readFolderSettings(folderSettingsFile()),
          first: () => options.data === null && options.source === null && !existsSync(folderSettingsFile()),
          save: (folders) => writeFolderSettings(folderSettingsFile(), folders),
        },
        testEnvironment: dos.controls,
        appInfo: { version, electron: options.electron, platform: process.platform },
        now,
      }),
      ...historyHandlers({ store: db, documents }),
      ...configurationHandlers({ editor, store: db, events: room, now }),
      ...limitsHandlers({ store: db, events: room, now }),
      ...ingestUserHandlers({ store: db, events: room }),
      'window.set-scale': ({ scale }) => {
        options.setScale?.(scale);
        return {};
      },
      ...reportHandlers({ store: db, documents, events: room, now }),
      ...notesHandlers({ store: db, events: room, now }),
      ...connectHandlers({
        ...{ asking, hostKeys, environment: ssh, store: db, events: room, launcher, settings: settings.get },
        answered: () => engine.tryNow(),
        ingest: () => ({ url: ingest.apiUrl, warning: ingest.warning }),
        standard: (source) => standardDataFolder(source === null),
      }),
      ...images.handlers,
      ...diagnostics.handlers,
      ...storage.handlers,
      ...alarmHandlers({ keeper: alarms, store: db, now }),
      ...fiberHandlers({ store: db, folders: folder }),
      ...logHandlers({ store: db, dataRoot: place.root, folder: folder.logs, currentFile: () => engineLog.file() }),
      ...trendHandlers({ reader: trends, store: db, folders: folder, now }),
      ...remote.handlers,
    },
    onEvents: (listener) => room.onEvents(listener),
    onLine: (listener) => room.onLine(listener),
    onRunEnded: (listener) => engine.onRunEnded(listener),
    runDetail: (runId) => db.runDetail(runId),
    report,
    showBroken: (text) => room.setEngine({ activity: 'off', since: now(), warnings: [text] }),
    commands: { version, handlers: storage.commands },
    databaseFile: folder.database,
    get ingestUrl() {
      return ingest.apiUrl;
    },
    ...{ openFile: (path: string) => images.openFile(path), offerNight: storage.offerNight },
    start: async () => {
      await dos.client.start();
      await engine.start();
      storage.start();
      remote.start();
      void keepSummaries(db, () => closed).catch(passDatabaseFailure);
    },
    close: async () => {
      closed = true;
      await remote.close();
      await storage.close();
      await engine.close();
      await transfer.close();
      await dos.client.stop();
      await pool.close();
      await ingest.close();
      alarms.close();
      await trends.close();
      await images.close();
      stopPulse();
      await diagnostics.close();
      observability.close();
      engineLog.close();
      db.close();
      unlock();
    },
  };
  return running;
}
