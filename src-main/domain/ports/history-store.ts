import type { HistoryFilter, HistoryRow, HistorySort, HistoryView, NightSummary } from '#shared/domain/history.ts';

export interface HistoryQuery {
  view: HistoryView;
  filter: HistoryFilter;
  sort: HistorySort;
  limit: number;
  offset: number;
}

/** The memory as a table of exposures and runs. */
export interface HistoryStore {
  /** Sums up runs that changed since, newest first, at most `limit` of them; returns how many there were. */
  summariseStale(limit: number): number;
  listHistory(query: HistoryQuery): { total: number; rows: HistoryRow[] };
  /** Nights with exposures from `from` to `to`, oldest first. */
  listNights(range: { from: string; to: string }): NightSummary[];
  historyChoices(): { flavors: string[]; programs: string[]; firstNight: string | null; lastNight: string | null };
}
