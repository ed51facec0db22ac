import { setTimeout as pause } from 'node:timers/promises';
import type { Run } from '#shared/domain/run.ts';
import type { FolderSettings } from '#shared/domain/settings.ts';
import { CHANNELS } from '#shared/ipc/channels.ts';
import type { Handlers } from '#shared/ipc/contract.ts';
import type { LogLine } from '#shared/state/control-room.ts';
import { QlfError } from '#shared/ipc/result.ts';
import type { EventBatch } from '#shared/state/events.ts';
import { exchangeDatabase, restoreDatabase } from './db/restore.ts';
import { proveCopy } from './open-storage.ts';
import { createEngine, type EngineOptions, type RunningEngine } from './composition.ts';
import { backoffMs, type Pauses } from './domain/backoff.ts';
import type { Programs } from './domain/ports/programs.ts';
import { readPipelineFile } from './pipeline/pipeline-file.ts';
import { withStarted } from './programs/allowed-programs.ts';
import { guardPrograms } from './programs/guard.ts';

/** Far beyond what was sent: whoever listens sees the gap, and takes the snapshot of the new engine. */
const SEQ_GAP = 1000;

/** ms between attempts to open the folder again whose database failed. */
const REOPENING: Pauses = { firstMs: 1000, longestMs: 30_000 };

/** What the command line said about one folder's emulated night; another folder has its own. */
const OWN_SETTINGS = { seed: null, size: null, period: null, cadence: null } as const;

/**
 * An engine that can be exchanged while those who use it stay: new folders (`folders.set`) end the engine of the old ones and
 * open another. Calls meanwhile wait; where the new folders cannot be opened the old ones are again. An engine whose database
 * cannot be used any more (locked, disk full, damaged) is closed, its children ended, and opened again as soon as that is
 * possible: what was under way is taken up as after a crash. Calls meanwhile fail, and say why.
 * @throws QlfError as `createEngine`
 */
export async function hostEngine(wanted: EngineOptions): Promise<RunningEngine> {
  const options: EngineOptions = { ...wanted, programs: startedPrograms(wanted) };
  /** Why there is no engine at the moment; empty while there is one. */
  let broken = '';
  const closing = new AbortController();
  /** What the engine was opened with. */
  let opened = options;
  let engine: RunningEngine;
  const create = async (own: EngineOptions): Promise<void> => {
    let isOpen = false;
    const rescueOnce = (text: string): void => {
      if (isOpen) void inTurn(() => rescue(text));
    };
    engine = await createEngine({ ...own, onBroken: rescueOnce, exchangeDatabase: replaceDatabase });
    opened = own;
    isOpen = true;
  };
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

  const open = async (own: EngineOptions): Promise<void> => {
    await create(own);
    follow();
    if (!started) return;
    await engine.start().catch(async (error: unknown) => {
      // What does not start is closed, so that its folder can be opened again.
      await engine.close();
      throw error;
    });
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
      await open({ ...options, ...OWN_SETTINGS, source: next.source, data: next.data ?? now.standard, seq });
    } catch (error) {
      // The closed engine still knows where the choice is written.
      await handlers['folders.set']({ folders: old.current });
      await open({ ...options, ...OWN_SETTINGS, ...old.current, seq: seq + SEQ_GAP });
      await engine.handlers['folders.set']({ folders: old.next });
      throw error;
    }
  };

  /** Puts a proven copy in the place of the database. Where the engine cannot be opened with it the former one comes back. */
  const replaceDatabase = (prepared: string): Promise<string | null> =>
    inTurn(async () => {
      const { current } = await engine.handlers['folders.get']({});
      const origin = current.source === null ? 'emulated' : 'real';
      const { databaseFile } = engine;
      const { seq } = await engine.handlers['control-room.snapshot']({});
      await engine.close();
      let replaced: string | null = null;
      try {
        replaced = await exchangeDatabase(databaseFile, prepared, Date.now());
        await open({ ...opened, seq: seq + SEQ_GAP });
        return replaced;
      } catch (error) {
        if (replaced !== null) await restoreDatabase(databaseFile, replaced, origin, Date.now(), { prove: proveCopy });
        await open({ ...opened, seq: seq + 2 * SEQ_GAP });
        throw error;
      }
    });

  /** Closes the engine whose database failed, and opens it again when that is possible; gives up only when QLF closes. */
  const rescue = async (text: string): Promise<void> => {
    broken = text;
    engine.report(text);
    engine.showBroken(`${text}. QLF goes on by itself as soon as it can be used.`);
    await engine.close();
    const { seq } = await engine.handlers['control-room.snapshot']({});
    for (let attempt = 1; ; attempt += 1) {
      const waitMs = backoffMs(attempt, REOPENING, Math.random());
      await pause(waitMs, undefined, { signal: closing.signal }).catch(() => undefined);
      if (closing.signal.aborted) return;
      try {
        await open({ ...opened, seq: seq + SEQ_GAP * attempt });
        broken = '';
        return;
      } catch (error) {
        broken = error instanceof Error ? error.message : String(error);
      }
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
    if (broken !== '') throw new QlfError('unavailable', broken);
    await exchange;
    return (engine.handlers[channel] as (request: unknown) => unknown)(request);
  };
  const forwarded = Object.fromEntries(CHANNELS.map((channel) => [channel, forward(channel)])) as unknown as Handlers;

  const { programs, confirmProgram } = options;
  const guarded = programs ? guardPrograms(forwarded, programs, confirmProgram ?? null) : forwarded;
  await create(options);
  follow();
  return {
    handlers: {
      ...guarded,
      'folders.set': async ({ folders }) => {
        if (broken !== '') throw new QlfError('unavailable', broken);
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
    showBroken: (text) => {
      engine.showBroken(text);
    },
    get databaseFile() {
      return engine.databaseFile;
    },
    get ingestUrl() {
      return engine.ingestUrl;
    },
    offerNight: async (manifest) => {
      await exchange;
      return engine.offerNight(manifest);
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
      closing.abort();
      await exchange;
      if (broken === '') await engine.close();
    },
  };
}

/** What may run in this start. */
function startedPrograms({ programs, pipeline }: EngineOptions): Programs | undefined {
  return programs && pipeline ? withStarted(programs, readPipelineFile(pipeline)) : programs;
}

function subscribe<T>(listeners: Set<T>, listener: T): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
