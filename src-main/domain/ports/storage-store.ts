import type { Exposure } from '#shared/domain/exposure.ts';
import type { Cleaned, StorageKind } from '#shared/domain/storage.ts';

/** What the memory knows of an exposure that decides whether its files may go. */
export interface KeepingFacts {
  state: Exposure['state'];
  /** A run of it that QLF began has come to a verdict. */
  judged: boolean;
  /** A run of it is under way, whoever runs it. */
  running: boolean;
  commented: boolean;
  flagged: boolean;
  alarmed: boolean;
  /** When it was registered or last processed, whichever is later; ms since the epoch. */
  touchedAt: number;
}

export interface StorageStore {
  /** Undefined for an exposure that is not registered. */
  keepingFacts(expid: number): KeepingFacts | undefined;
  addCleaned(entry: Cleaned): void;
  /** Newest first. */
  listCleaned(limit: number): Cleaned[];
  /** When one of the kinds was last cleaned away for an exposure, or for one of its runs; null: never. */
  cleanedAt(query: { expid: number; runId: number | null; kinds: readonly StorageKind[] }): number | null;
}
