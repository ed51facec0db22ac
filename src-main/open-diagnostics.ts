import { rm } from 'node:fs/promises';
import type { ControlRoomState } from '#shared/state/control-room.ts';
import { inspectDatabase } from './db/inspect-database.ts';
import { collect } from './diagnostics/collect.ts';
import { createDiagnostics } from './diagnostics/handlers.ts';
import { writeBundle } from './diagnostics/write-bundle.ts';
import type { EventSink } from './domain/ports/event-sink.ts';
import type { Observability } from './domain/ports/observability.ts';
import type { Place } from './standard-folders.ts';

/** The program of the thread that makes bundles: a source file beside this one, or a built one beside the built program. */
const WORKER = new URL(
  import.meta.url.endsWith('.ts') ? 'diagnostics-worker.ts' : 'diagnostics-worker.cjs',
  import.meta.url,
);

export interface DiagnosticsOptions extends Place {
  version: string;
  electron: string;
  room: { snapshot(): ControlRoomState } & Pick<EventSink, 'log'>;
  settings: { get(): unknown };
  observability: Observability;
  showFile?: (file: string) => void;
  now: () => number;
}

/** What the monitor showed, without what is large, or is elsewhere in the bundle. */
function shownState({ engine, connections, transfer, disk, current, exposures }: ControlRoomState): unknown {
  const jobs = current?.jobs.map(({ camera, state, attempt, reason }) => ({ camera, state, attempt, reason }));
  return {
    engine,
    connections,
    transfer,
    disk,
    run: current && { ...current.run, jobs },
    exposures: exposures.map(({ expid, night, flavor, state, reason }) => ({ expid, night, flavor, state, reason })),
  };
}

/** Diagnostics of an engine that runs. */
export function openDiagnostics(options: DiagnosticsOptions): ReturnType<typeof createDiagnostics> {
  const { version, electron, root, source, room, settings, observability, now } = options;
  return createDiagnostics({
    program: WORKER,
    collected: async () => ({
      ...{ version, electron, root, source, now, env: process.env },
      live: {
        settings: settings.get(),
        state: shownState(room.snapshot()),
        health: observability.health(),
        metrics: await observability.metrics(),
      },
    }),
    showFile: options.showFile ?? null,
    log: (level, text) => room.log('engine', level, text),
    now,
  });
}

/**
 * Makes a bundle of a data folder without its engine, which may run in another program, or not be able to.
 * @param target absolute path of the archive
 */
export async function saveDiagnostics(target: string, place: Place, version: string): Promise<void> {
  const order = await collect(target, {
    ...{ version, electron: '', root: place.root, source: place.source },
    ...{ now: Date.now, env: process.env },
  });
  try {
    await writeBundle(order, inspectDatabase, () => undefined);
  } finally {
    await rm(order.staging, { recursive: true, force: true });
  }
}
