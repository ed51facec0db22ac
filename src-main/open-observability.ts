import { join } from 'node:path';
import type { ControlRoomState } from '#shared/state/control-room.ts';
import type { EventBatch } from '#shared/state/events.ts';
import type { CountStore, Observability } from './domain/ports/observability.ts';
import { folderSize, type FolderSize } from './observability/folder-sizes.ts';
import { healthOf } from './observability/health.ts';
import { createMetrics } from './observability/metrics.ts';

export interface ObservabilityParts {
  version: string;
  /** QLF's own folder. */
  root: string;
  databaseFile: string;
  room: { snapshot(): ControlRoomState; onEvents(listener: (batch: EventBatch) => void): () => void };
  store: CountStore;
  now: () => number;
}

/** ms between two counts of the folders where files wait */
const COUNT_MS = 60_000;
/** Entries of such a folder that are counted, at most. */
const MOST = 100_000;
const FOLDERS = ['spool', 'diagnostics', 'logs'];

/** What QLF says of itself: health, and metrics of what happens in its room. */
export function openObservability(parts: ObservabilityParts): Observability & { close(): void } {
  const { room, store, root, now } = parts;
  const startedAt = now();
  const sizes = new Map<string, FolderSize>();
  const end = new AbortController();
  const count = async (): Promise<void> => {
    for (const name of FOLDERS) sizes.set(name, await folderSize(join(root, name), MOST, end.signal));
  };
  const counting = (): void => {
    count().catch(() => undefined);
  };
  counting();
  const timer = setInterval(counting, COUNT_MS);
  timer.unref();
  const health = () =>
    healthOf({
      snapshot: () => room.snapshot(),
      probe: () => void store.exposureCounts(),
      startedAt,
      now,
    });
  const metrics = createMetrics({
    version: parts.version,
    snapshot: () => room.snapshot(),
    exposureCounts: () => store.exposureCounts(),
    databaseFile: parts.databaseFile,
    folders: () => sizes,
    ready: () => health().ready,
    startedAt,
  });
  const stop = room.onEvents((batch) => metrics.take(batch));
  return {
    health,
    metrics: metrics.metrics,
    answered: metrics.answered,
    close: () => {
      end.abort();
      clearInterval(timer);
      stop();
      metrics.close();
    },
  };
}
