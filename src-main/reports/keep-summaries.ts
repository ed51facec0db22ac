import { setImmediate as pause } from 'node:timers/promises';
import type { HistoryStore } from '../domain/ports/history-store.ts';

/** Runs summed up at once; each takes a few ms. */
const AT_ONCE = 4;

/**
 * Sums up what changed since the last start, a few runs at a time between the engine's other work; resolves when all are.
 * @param ended asked between them: true stops it
 */
export async function keepSummaries(store: Pick<HistoryStore, 'summariseStale'>, ended: () => boolean): Promise<void> {
  while (!ended() && store.summariseStale(AT_ONCE) === AT_ONCE) await pause();
}
