import type { HistoryRow } from '#shared/domain/history.ts';
import { csvLine, iso, type Cell } from './csv.ts';

/** Every column of the table, as numbers and ISO 8601 in UTC, so that programs read it. */
const COLUMNS: readonly (readonly [string, (row: HistoryRow) => Cell])[] = [
  ['expid', ({ expid }) => expid],
  ['night', ({ night }) => night],
  ['status', ({ status }) => status],
  ['state', ({ state }) => state],
  ['reason', ({ reason }) => reason],
  ['program', ({ program }) => program],
  ['flavor', ({ flavor }) => flavor],
  ['tile', ({ tileid }) => tileid],
  ['run', ({ run }) => run?.id ?? null],
  ['run_kind', ({ run }) => run?.kind ?? null],
  ['process_start', ({ run }) => iso(run?.startedAt)],
  ['process_end', ({ run }) => iso(run?.endedAt)],
  ['process_seconds', ({ run }) => (run && run.endedAt !== null ? (run.endedAt - run.startedAt) / 1000 : null)],
  ['observed', ({ dateObs }) => dateObs],
  ['mjd', ({ mjdObs }) => mjdObs],
  ['ra_deg', ({ ra }) => ra],
  ['dec_deg', ({ dec }) => dec],
  ['exptime_s', ({ exptime }) => exptime],
  ['airmass', ({ airmass }) => airmass],
  ['seeing_arcsec', ({ seeing }) => seeing],
  ['sky_r_mag', ({ run }) => run?.sky ?? null],
  ['ccd', ({ run }) => run?.ccd.status ?? null],
  ['fibers', ({ run }) => run?.fibers.status ?? null],
  ['spectra', ({ run }) => run?.spectra.status ?? null],
  ['cameras_done', ({ run }) => run?.done ?? null],
  ['cameras', ({ run }) => run?.cameras ?? null],
  ['cameras_posted_otherwise', ({ run }) => run?.contradicted ?? null],
  ['finding', ({ run }) => run?.finding ?? null],
  ['runs', ({ runs }) => runs],
  ['gap_s', ({ gap }) => (gap === null ? null : Math.round(gap))],
  ['flag', ({ flag }) => flag?.flag ?? null],
  ['flag_author', ({ flag }) => flag?.author ?? null],
  ['flag_reason', ({ flag }) => flag?.reason ?? null],
  ['comments', ({ comments }) => comments],
  ['comment', ({ comment }) => comment],
];

/** The table as CSV, page by page as the rows come. */
export async function* historyCsv(pages: AsyncIterable<readonly HistoryRow[]>): AsyncGenerator<string> {
  yield csvLine(COLUMNS.map(([name]) => name));
  for await (const rows of pages) yield rows.map((row) => csvLine(COLUMNS.map(([, cell]) => cell(row)))).join('');
}

/** The table as a JSON array of objects, one a line. */
export async function* historyJson(pages: AsyncIterable<readonly HistoryRow[]>): AsyncGenerator<string> {
  let first = true;
  for await (const rows of pages) {
    for (const row of rows) {
      const record = Object.fromEntries(COLUMNS.map(([name, cell]) => [name, cell(row)]));
      yield `${first ? '[' : ','}\n${JSON.stringify(record)}`;
      first = false;
    }
  }
  yield first ? '[]\n' : '\n]\n';
}
