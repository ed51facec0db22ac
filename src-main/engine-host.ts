import type { Run } from '#shared/domain/run.ts';
import type { FolderSettings } from '#shared/domain/settings.ts';
import { CHANNELS } from '#shared/ipc/channels.ts';
import type { Handlers } from '#shared/ipc/contract.ts';
import type { LogLine } from '#shared/state/control-room.ts';
import type { EventBatch } from '#shared/state/events.ts';
import { createEngine, type EngineOptions, type RunningEngine } from './composition.ts';

/** Far beyond what was sent: whoever listens sees the gap, and takes the snapshot of the new engine. */
const SEQ_GAP = 1000;

/** What the command line said about one folder's emulated night; another folder has its own. */
const OWN_SETTINGS = { seed: null, size: null, period: null, cadence: null } as const;

/**
 * An engine that can be exchanged while those who use it stay: new folders (`folders.set`) end the engine of the old ones and
 * open another. Calls meanwhile wait; where the new folders cannot be opened the old ones are again.
 * @throws QlfError as `createEngine`
 */
export async function hostEngine(options: EngineOptions): Promise<RunningEngine> {
  let engine = await createEngine(options);
  let started = false;
  let closed = false;
  /** Never rejects. */
  let exchange = Promise.resolve();
  const batches = new Set<(batch: EventBatch) => void>();
  const lines = new Set<(line: LogLine) => void>();
  const runs = new Set<(run: Run) => void>();

  const follow = (): void => {
    engine.onEvents((batch) => batches.forEach((listener) => listener(batch)));
    engine.onLine((line) => lines.forEach((listener) => listener(line)));
    engine.onRunEnded((run) => runs.forEach((listener) => listener(run)));
  };

  const open = async (folders: FolderSettings, seq: number): Promise<void> => {
    engine = await createEngine({ ...options, ...OWN_SETTINGS, source: folders.source, data: folders.data, seq });
    follow();
    if (started) await engine.start();
  };

  const change = async (next: FolderSettings): Promise<void> => {
    const old = await engine.handlers['folders.get']({});
    await engine.handlers['folders.set']({ folders: next });
    const now = await engine.handlers['folders.get']({});
    if (now.next.source === old.current.source && (now.next.data ?? now.standard) === old.current.data) return;
    const { handlers } = engine;
    await engine.close();
    const seq = (await handlers['control-room.snapshot']({})).seq + SEQ_GAP;
    try {
      await open({ source: next.source, data: next.data ?? now.standard }, seq);
    } catch (error) {
      // The closed engine still knows where the choice is written.
      await handlers['folders.set']({ folders: old.current });
      await open(old.current, seq + SEQ_GAP);
      await engine.handlers['folders.set']({ folders: old.next });
      throw error;
    }
  };

  /** One after the other, each when those before are through. */
  const inTurn = async <T>(task: () => Promise<T>): Promise<T> => {
    const result = exchange.then(task);
    exchange = result.then(
      () => undefined,
      () => undefined,
    );
    return result;
  };

  const forward = (channel: (typeof CHANNELS)[number]) => async (request: unknown) => {
    await exchange;
    return (engine.handlers[channel] as (request: unknown) => unknown)(request);
  };
  const forwarded = Object.fromEntries(CHANNELS.map((channel) => [channel, forward(channel)])) as unknown as Handlers;

  follow();
  return {
    handlers: {
      ...forwarded,
      'folders.set': async ({ folders }) => {
        await inTurn(() => change(folders));
        return {};
      },
    },
    onEvents: (listener) => subscribe(batches, listener),
    onLine: (listener) => subscribe(lines, listener),
    onRunEnded: (listener) => subscribe(runs, listener),
    runDetail: (runId) => engine.runDetail(runId),
    report: (error) => {
      engine.report(error);
    },
    get databaseFile() {
      return engine.databaseFile;
    },
    get ingestUrl() {
      return engine.ingestUrl;
    },
    openFile: async (path) => {
      await exchange;
      return engine.openFile(path);
    },
    start: async () => {
      started = true;
      await exchange;
      await engine.start();
    },
    close: async () => {
      if (closed) return;
      closed = true;
      await exchange;
      await engine.close();
    },
  };
}

function subscribe<T>(listeners: Set<T>, listener: T): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
