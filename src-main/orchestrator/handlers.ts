import { isAbsolute } from 'node:path';
import type { ControlRoomState } from '#shared/state/control-room.ts';
import type { EngineSettings, FolderSettings } from '#shared/domain/settings.ts';
import type {
  ExposureKindName,
  TestEnvironmentSettings,
  TestEnvironmentState,
} from '#shared/domain/test-environment.ts';
import { hasPassword, type Source, sourceOf } from '#shared/domain/source.ts';
import type { Handlers } from '#shared/ipc/contract.ts';
import { QlfError } from '#shared/ipc/result.ts';
import type { Store } from '../domain/ports/store.ts';
import type { Engine } from './engine.ts';

function checkAbsolute(path: string): void {
  if (!isAbsolute(path))
    throw new QlfError('bad-request', `${JSON.stringify(path)} is no absolute path; begin at the root`);
}

/** What is known to be wrong before it is written down; the rest is told by the connection. */
function checkSource(source: Source): void {
  switch (source.kind) {
    case 'folder':
      checkAbsolute(source.path);
      break;
    case 'opsdb':
      checkAbsolute(source.file);
      break;
    case 'ssh':
      if (hasPassword(source))
        throw new QlfError('bad-request', 'a password in an address would be seen; use a key or an agent');
  }
}

/** What the emulated DOS offers beside the DosClient port. */
export interface TestEnvironmentControls {
  settings(): TestEnvironmentSettings;
  set(settings: TestEnvironmentSettings): Promise<void>;
  /** Null: what the schedule has next. */
  exposeNow(kind: ExposureKindName | null): Promise<void>;
  state(): TestEnvironmentState;
}

export interface HandlerParts {
  engine: Engine;
  store: Store;
  snapshot: () => ControlRoomState;
  settings: () => EngineSettings;
  saveSettings: (settings: EngineSettings) => Promise<void>;
  folders: {
    current: FolderSettings;
    next: () => FolderSettings;
    /** Nobody has ever chosen, here or on the command line. */
    first: () => boolean;
    save: (folders: FolderSettings) => void;
    /** QLF's own folder for nights of that source where none is chosen. */
    standard: (source: string | null) => string;
  };
  testEnvironment: TestEnvironmentControls | null;
  appInfo: { version: string; electron: string; platform: string };
  now: () => number;
}

/** The orchestrator's part of the IPC contract; requests have been checked against their schemas before. */
export function createHandlers(parts: HandlerParts) {
  const { engine, store } = parts;
  const emulated = (): TestEnvironmentControls => {
    if (!parts.testEnvironment)
      throw new QlfError('unavailable', 'the DOS test environment is off: this is a real night');
    return parts.testEnvironment;
  };
  const job = (runId: number, camera: Parameters<Store['jobOf']>[1]) => {
    const found = store.jobOf(runId, camera);
    if (!found) throw new QlfError('not-found', `run ${String(runId)} has no camera ${camera}`);
    return found;
  };
  return {
    'app.info': () => parts.appInfo,
    'control-room.snapshot': () => parts.snapshot(),
    'engine.start': async () => {
      await engine.start();
      return {};
    },
    'engine.stop': async () => {
      await engine.stop();
      return {};
    },
    'engine.reset': async () => {
      await engine.reset();
      return {};
    },
    'engine.set-mode': ({ mode }) => {
      engine.setMode(mode);
      return {};
    },
    'engine.try-now': () => {
      engine.tryNow();
      return {};
    },
    'exposure.list': (page) => store.listExposures(page),
    'exposure.process': ({ expid }) => {
      engine.process(expid);
      return {};
    },
    'run.get': ({ runId }) => {
      const detail = store.runDetail(runId);
      if (!detail) throw new QlfError('not-found', `there is no run ${String(runId)}`);
      return detail;
    },
    'run.cancel': ({ runId }) => {
      engine.cancel(runId);
      return {};
    },
    'job.retry': ({ runId, camera }) => {
      engine.retry(runId, camera);
      return {};
    },
    'job.measurements': ({ runId, camera }) => store.measurements(job(runId, camera).id),
    'metric.history': (query) => store.metricHistory(query),
    'settings.get': () => parts.settings(),
    'settings.set': async ({ settings }) => {
      await parts.saveSettings(settings);
      return parts.settings();
    },
    'folders.get': () => {
      const next = parts.folders.next();
      const { current, standard, first } = parts.folders;
      return { current, next, standard: standard(next.source), first: first() };
    },
    'folders.set': ({ folders }) => {
      if (folders.source !== null) checkSource(sourceOf(folders.source));
      if (folders.data !== null) checkAbsolute(folders.data);
      parts.folders.save(folders);
      return {};
    },
    'test-environment.get': () => parts.testEnvironment?.settings() ?? null,
    'test-environment.set': async ({ settings }) => {
      await emulated().set(settings);
      return {};
    },
    'test-environment.expose-now': async ({ kind }) => {
      await emulated().exposeNow(kind ?? null);
      return {};
    },
    'test-environment.state': () => parts.testEnvironment?.state() ?? null,
  } satisfies Partial<Handlers>;
}
