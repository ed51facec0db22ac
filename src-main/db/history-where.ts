import type { HistoryFilter, HistoryView, SortColumn } from '#shared/domain/history.ts';
import { OUTCOMES } from '#shared/domain/history.ts';

/** What became of an exposure: its own state, else the summary (`q`) of its newest run. */
export const EXPOSURE_STATUS = `CASE
  WHEN e.state = 'processing' THEN CASE q.status WHEN 'alarm' THEN 'alarm' ELSE 'running' END
  WHEN e.state IN ('waiting', 'superseded') THEN e.state
  WHEN q.run_id IS NOT NULL THEN q.status
  WHEN e.state = 'failed' THEN 'failed'
  WHEN e.state = 'processed' THEN 'unknown'
  ELSE 'not-expected' END`;

/** A condition with its values, named. */
export interface Condition {
  terms: string[];
  values: Record<string, string | number>;
}

const escapeLike = (text: string): string => text.replace(/[\\%_]/g, '\\$&');

/** Conditions on the exposure (`e`). */
function onExposure(filter: HistoryFilter): Condition {
  const terms: string[] = [];
  const values: Condition['values'] = {};
  const compare = (column: string, operator: string, name: string, value: string | number | undefined): void => {
    if (value === undefined) return;
    terms.push(`${column} ${operator} @${name}`);
    values[name] = value;
  };
  const among = (column: string, name: string, list: readonly string[] | undefined): void => {
    if (list === undefined) return;
    terms.push(`${column} IN (SELECT value FROM json_each(@${name}))`);
    values[name] = JSON.stringify(list);
  };
  compare('e.night', '>=', 'from', filter.from);
  compare('e.night', '<=', 'to', filter.to);
  compare('e.tileid', '=', 'tile', filter.tile);
  compare('e.expid', '>=', 'expidFrom', filter.expidFrom);
  compare('e.expid', '<=', 'expidTo', filter.expidTo);
  among('e.flavor', 'flavors', filter.flavors);
  among('e.program', 'programs', filter.programs);
  among('e.state', 'states', filter.states);
  if (filter.flags !== undefined) {
    // The newest flag of an exposure holds; a flag taken back is none.
    const newest =
      'SELECT f.expid FROM quality_flag f WHERE f.id = (SELECT max(g.id) FROM quality_flag g WHERE g.expid = f.expid)';
    const wanted = `e.expid IN (${newest} AND f.flag IN (SELECT value FROM json_each(@flags)))`;
    const without = `e.expid NOT IN (${newest} AND f.flag IS NOT NULL)`;
    terms.push(filter.flags.includes('none') ? `(${wanted} OR ${without})` : wanted);
    values['flags'] = JSON.stringify(filter.flags);
  }
  if (filter.comment !== undefined) {
    terms.push(
      "e.expid IN (SELECT expid FROM comment WHERE deleted_at IS NULL AND text LIKE '%' || @comment || '%' ESCAPE '\\')",
    );
    values['comment'] = escapeLike(filter.comment);
  }
  return { terms, values };
}

/** FROM and WHERE of the table: exposures with their newest run (`q`), or runs (`q`) with their exposure. */
export function historySource(view: HistoryView, filter: HistoryFilter): { sql: string; values: Condition['values'] } {
  const { terms, values } = onExposure(filter);
  const status = view === 'exposures' ? EXPOSURE_STATUS : 'q.status';
  const outcome: string[] = [];
  if (filter.outcomes !== undefined) {
    outcome.push(`${status} IN (SELECT value FROM json_each(@outcomes))`);
    values['outcomes'] = JSON.stringify(filter.outcomes);
  }
  const where = (all: readonly string[]): string => (all.length > 0 ? `WHERE ${all.join(' AND ')}` : '');
  if (view === 'exposures') {
    const sql = `FROM exposure e LEFT JOIN run_summary q ON q.run_id = e.last_run_id ${where([...terms, ...outcome])}`;
    return { sql, values };
  }
  // Exposures are found by their covering index, apart: a join would read each one's whole row. Where no column of theirs is
  // asked for, the outer join is not made at all.
  const own = terms.length > 0 ? [`q.expid IN (SELECT e.expid FROM exposure e ${where(terms)})`] : [];
  return { sql: `FROM run_summary q LEFT JOIN exposure e ON e.expid = q.expid ${where([...own, ...outcome])}`, values };
}

const RANK = OUTCOMES.map((outcome, i) => `WHEN '${outcome}' THEN ${String(i)}`).join(' ');

const EXPRESSIONS: Readonly<Record<Exclude<SortColumn, 'expid' | 'status' | 'night'>, string>> = {
  program: 'e.program',
  flavor: 'e.flavor',
  tile: 'e.tileid',
  run: 'q.run_id',
  processed: 'q.started_at',
  duration: 'q.ended_at - q.started_at',
  mjd: 'e.mjd_obs',
  ra: 'e.ra',
  dec: 'e.dec',
  exptime: 'e.exptime',
  airmass: 'e.airmass',
  seeing: 'e.seeing',
  sky: 'q.sky',
};

/** ORDER BY; rows without a value come last whichever way it goes. */
export function historyOrder(view: HistoryView, column: SortColumn, descending: boolean): string {
  const way = descending ? 'DESC' : 'ASC';
  const expid = view === 'exposures' ? 'e.expid' : 'q.expid';
  const last = view === 'exposures' ? `${expid} ${way}` : `${expid} ${way}, q.run_id ${way}`;
  switch (column) {
    case 'expid':
      return `ORDER BY ${last}`;
    case 'night':
      return `ORDER BY e.night ${way}, ${last}`;
    case 'status': {
      // The worst first is what "descending" means to an observer.
      const status = view === 'exposures' ? EXPOSURE_STATUS : 'q.status';
      return `ORDER BY CASE ${status} ${RANK} END ${descending ? 'ASC' : 'DESC'}, ${expid} DESC, q.run_id DESC`;
    }
    default: {
      const value = EXPRESSIONS[column];
      return `ORDER BY ${value} IS NULL, ${value} ${way}, ${expid} DESC, q.run_id DESC`;
    }
  }
}
