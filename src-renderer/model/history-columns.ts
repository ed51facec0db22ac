import { expid8 } from '#shared/domain/exposure.ts';
import type { HistoryRow, Outcome, SortColumn } from '#shared/domain/history.ts';
import { fixed, formatDuration, utcTime } from './format.ts';
import { STATUS_WORDS } from './status.ts';

/** Every column of the table; what is not text is drawn by the table itself. */
export const COLUMN_IDS = [
  'status',
  'expid',
  'night',
  'utc',
  'flavor',
  'program',
  'tile',
  'exptime',
  'airmass',
  'seeing',
  'sky',
  'groups',
  'finding',
  'run',
  'processed',
  'duration',
  'cameras',
  'posted',
  'mjd',
  'ra',
  'dec',
  'gap',
  'flag',
  'comments',
  'comment',
  'logs',
  'view',
] as const;
export type ColumnId = (typeof COLUMN_IDS)[number];

export interface Column {
  id: ColumnId;
  title: string;
  /** In the chooser, where the title alone does not say it. */
  more: string;
  /** px; the columns that grow share what is left. */
  width: number;
  grows: boolean;
  numeric: boolean;
  sort: SortColumn | null;
  text: (row: HistoryRow) => string;
}

const NONE = '\u2013';
const number = (value: number | null | undefined, digits: number): string =>
  value === null || value === undefined ? NONE : fixed(value, digits);

/** What became of it, as a word: registered exposures are not for processing. */
export function outcomeWord(outcome: Outcome): string {
  const word = outcome === 'not-expected' ? 'registered' : STATUS_WORDS[outcome];
  return word.charAt(0).toUpperCase() + word.slice(1);
}

/** '2026-11-22 08:41:22' in UTC, from ms since the epoch. */
export function utcDateTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 10)} ${utcTime(ms)}`;
}

function column(
  id: ColumnId,
  title: string,
  width: number,
  text: Column['text'],
  more: Partial<Pick<Column, 'more' | 'grows' | 'numeric' | 'sort'>> = {},
): Column {
  return { id, title, width, text, more: '', grows: false, numeric: false, sort: null, ...more };
}

const nothing = (): string => '';

export const COLUMNS: readonly Column[] = [
  column('status', 'Status', 98, ({ status }) => outcomeWord(status), { sort: 'status' }),
  column('expid', 'Exposure', 72, ({ expid }) => expid8(expid), { sort: 'expid', more: 'EXPID' }),
  column('night', 'Night', 66, ({ night }) => night, { sort: 'night' }),
  column('utc', 'UTC', 60, ({ dateObs }) => /T(\d\d:\d\d:\d\d)/.exec(dateObs ?? '')?.[1] ?? NONE, {
    more: 'shutter opened',
  }),
  column('flavor', 'Flavor', 56, ({ flavor }) => flavor, { sort: 'flavor' }),
  column('program', 'Program', 54, ({ program }) => program ?? NONE, { sort: 'program' }),
  column('tile', 'Tile', 44, ({ tileid }) => (tileid === null || tileid < 0 ? NONE : String(tileid)), {
    sort: 'tile',
    numeric: true,
  }),
  column('exptime', 'Time, s', 50, ({ exptime }) => number(exptime, 0), {
    sort: 'exptime',
    numeric: true,
    more: 'exposure time',
  }),
  column('airmass', 'Airmass', 52, ({ airmass }) => number(airmass, 2), { sort: 'airmass', numeric: true }),
  column('seeing', 'Seeing', 48, ({ seeing }) => number(seeing, 2), {
    sort: 'seeing',
    numeric: true,
    more: 'FWHM, arcsec',
  }),
  column('sky', 'Sky r', 42, ({ run }) => number(run?.sky, 1), { sort: 'sky', numeric: true, more: 'mag' }),
  column('groups', 'CCD FIB SPEC', 90, nothing, { more: 'QA by what is tested' }),
  column('finding', 'Worst finding', 150, ({ run, reason }) => run?.finding ?? reason, { grows: true }),
  column('run', 'Run', 48, ({ run }) => (run ? String(run.id) : NONE), {
    sort: 'run',
    numeric: true,
    more: 'process id',
  }),
  column('processed', 'Processed', 142, ({ run }) => (run ? utcDateTime(run.startedAt) : NONE), {
    sort: 'processed',
    more: 'UTC',
  }),
  column(
    'duration',
    'Took',
    62,
    ({ run }) => (run && run.endedAt !== null ? formatDuration(run.endedAt - run.startedAt) : NONE),
    { sort: 'duration', numeric: true, more: 'process time' },
  ),
  column('cameras', 'Cameras', 64, ({ run }) => (run ? `${String(run.done)} of ${String(run.cameras)}` : NONE), {
    numeric: true,
    more: 'processed',
  }),
  column(
    'posted',
    'Sender says',
    86,
    ({ run }) => (run && run.contradicted > 0 ? `${run.contradicted} otherwise` : ''),
    {
      more: 'cameras whose posted status differs',
    },
  ),
  column('mjd', 'MJD', 88, ({ mjdObs }) => number(mjdObs, 5), { sort: 'mjd', numeric: true }),
  column('ra', 'RA', 74, ({ ra }) => number(ra, 4), { sort: 'ra', numeric: true, more: 'deg' }),
  column('dec', 'Dec', 74, ({ dec }) => number(dec, 4), { sort: 'dec', numeric: true, more: 'deg' }),
  column('gap', 'Since last', 70, ({ gap }) => (gap === null ? NONE : formatDuration(Math.max(0, gap) * 1000)), {
    numeric: true,
    more: 'shutter closed to shutter opened',
  }),
  column('flag', 'Flag', 106, ({ flag }) => flag?.flag ?? '', { more: 'judged by a person' }),
  column('comments', 'Notes', 36, ({ comments }) => (comments > 0 ? String(comments) : ''), {
    numeric: true,
    more: 'number of comments',
  }),
  column('comment', 'Newest comment', 150, ({ comment }) => comment, { grows: true }),
  column('logs', 'Logs', 44, nothing),
  column('view', 'View', 72, nothing, { more: 'monitor, camera' }),
];

export const FIRST_COLUMNS: readonly ColumnId[] = [
  'status',
  'expid',
  'utc',
  'program',
  'tile',
  'exptime',
  'airmass',
  'seeing',
  'groups',
  'finding',
  'flag',
  'comments',
];
