import {
  HISTORY_VIEWS,
  SORT_COLUMNS,
  type HistoryFilter,
  type HistorySort,
  type HistoryView,
} from '#shared/domain/history.ts';
import { nightStart } from '#shared/domain/night.ts';
import { COLUMN_IDS, FIRST_COLUMNS, type ColumnId } from './history-columns.ts';

/** How the observer looks at the history. View, sort and columns are kept for the next start; filters are of the moment. */
export interface HistoryLook {
  view: HistoryView;
  sort: HistorySort;
  columns: readonly ColumnId[];
  filter: HistoryFilter;
  /** What is typed into the search field; the filter has what it means. */
  search: string;
}

export const FIRST_LOOK: HistoryLook = {
  view: 'exposures',
  sort: { column: 'expid', descending: true },
  columns: FIRST_COLUMNS,
  filter: {},
  search: '',
};

/** The part of a look that is kept. */
export function keptLook({ view, sort, columns }: HistoryLook): unknown {
  return { view, sort, columns };
}

/** A look as it was kept; whatever is damaged or unknown is as at first. */
export function restoredLook(kept: unknown): HistoryLook {
  if (typeof kept !== 'object' || kept === null) return FIRST_LOOK;
  const { view, sort, columns } = kept as Record<string, unknown>;
  const { column, descending } = (typeof sort === 'object' && sort !== null ? sort : {}) as Record<string, unknown>;
  const known = SORT_COLUMNS.find((name) => name === column);
  const chosen = Array.isArray(columns) ? COLUMN_IDS.filter((id) => columns.includes(id)) : [];
  return {
    ...FIRST_LOOK,
    view: HISTORY_VIEWS.find((name) => name === view) ?? FIRST_LOOK.view,
    sort: known && typeof descending === 'boolean' ? { column: known, descending } : FIRST_LOOK.sort,
    columns: chosen.length > 0 ? chosen : FIRST_COLUMNS,
  };
}

const EXPID = /^\d{1,8}$/;
const EXPID_RANGE = /^(\d{1,8})\s*[-\u2013]\s*(\d{1,8})$/;
const TILE = /^t(?:ile)?\s*(\d{1,9})$/i;

/**
 * What a search means: '298417' an exposure, '298400-298420' a range of them, 'tile 5821' a tile, anything else a part of a
 * comment.
 */
export function searchFilter(search: string): Pick<HistoryFilter, 'expidFrom' | 'expidTo' | 'tile' | 'comment'> {
  const text = search.trim();
  if (text === '') return {};
  if (EXPID.test(text)) return { expidFrom: Number(text), expidTo: Number(text) };
  const range = EXPID_RANGE.exec(text);
  if (range) {
    const ends = [Number(range[1]), Number(range[2])].sort((a, b) => a - b);
    return { expidFrom: ends[0] ?? 0, expidTo: ends[1] ?? 0 };
  }
  const tile = TILE.exec(text);
  if (tile) return { tile: Number(tile[1]) };
  return { comment: text.slice(0, 200) };
}

/** The filter with what was searched for in the place of what was searched for before. */
export function withSearch(filter: HistoryFilter, search: string): HistoryFilter {
  const { expidFrom: _from, expidTo: _to, tile: _tile, comment: _comment, ...rest } = filter;
  return { ...rest, ...searchFilter(search) };
}

/** The filter with a list of choices; none or all of them is no filter. */
export function withChoices<K extends 'flavors' | 'programs' | 'outcomes' | 'flags'>(
  filter: HistoryFilter,
  key: K,
  chosen: NonNullable<HistoryFilter[K]>,
  of: number,
): HistoryFilter {
  const rest = Object.fromEntries(Object.entries(filter).filter(([name]) => name !== key)) as HistoryFilter;
  return chosen.length === 0 || chosen.length === of ? rest : { ...rest, [key]: chosen };
}

/** 'Night 20261121', '1 to 21 Nov 2026', 'All nights'. */
export function nightsWords({ from, to }: HistoryFilter): string {
  if (from === undefined && to === undefined) return 'All nights';
  if (from === to && from !== undefined) return `Night ${from}`;
  if (from === undefined) return `Until ${nightDate(to ?? '')}`;
  if (to === undefined) return `Since ${nightDate(from)}`;
  return `${nightDate(from)} to ${nightDate(to)}`;
}

const DATE = new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', day: 'numeric', month: 'short', year: 'numeric' });

/** '21 Nov 2026'. */
export function nightDate(night: string): string {
  const start = nightStart(night);
  return Number.isNaN(start) ? night : DATE.format(start);
}

/** Gaps are told where the rows follow each other in time and nothing between them is filtered away. */
export function showsGaps({ view, sort, filter }: HistoryLook): boolean {
  const { from: _from, to: _to, ...others } = filter;
  return (
    view === 'exposures' && (sort.column === 'expid' || sort.column === 'night') && Object.keys(others).length === 0
  );
}
