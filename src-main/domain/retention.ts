import type { KeptReason, StorageKind, StorageSettings } from '#shared/domain/storage.ts';
import type { KeepingFacts } from './ports/storage-store.ts';

const DAY_MS = 24 * 3_600_000;

/** What is going on that the exposure's own record does not tell. */
export interface Surroundings {
  catchUp: boolean;
  requested: boolean;
  onScreen: boolean;
}

/** Why nothing of an exposure may be deleted now; null where all of it may. */
export function keptBecause(facts: KeepingFacts | undefined, around: Surroundings): KeptReason | null {
  if (!facts) return 'not known';
  if (facts.running || facts.state === 'processing') return 'running';
  if (around.requested) return 'requested';
  if (facts.state === 'waiting') return 'unprocessed';
  if (facts.state === 'superseded' && around.catchUp) return 'to catch up';
  if (facts.state === 'failed' && !facts.judged) return 'unprocessed';
  if (facts.alarmed) return 'active alarm';
  if (facts.flagged) return 'flagged';
  if (facts.commented) return 'commented';
  if (around.onScreen) return 'on screen';
  return null;
}

/** Why files that were there are not any more, and how they come back. */
export function cleanedWords(at: number): string {
  const day = new Date(at).toISOString().slice(0, 10);
  return `cleaned away on ${day} to make room (Settings, Storage and cleaning); process the exposure again to have it back`;
}

/** Instant before which a kind may go, ms since the epoch; −Infinity: never. `full`: the disk is. */
export function oldestKept(kind: StorageKind, settings: StorageSettings, full: boolean, now: number): number {
  const days = settings.keepDays[kind];
  if (days === null) return -Infinity;
  return now - (full ? settings.leastDays : Math.max(days, settings.leastDays)) * DAY_MS;
}
