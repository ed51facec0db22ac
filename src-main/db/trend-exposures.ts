import type Database from 'better-sqlite3';
import { nightAfter } from '#shared/domain/night.ts';
import type { ExposureFilter, Period, TrendCatalogue } from '#shared/domain/trend.ts';

/** An exposure as trends see it; all from one index, without its header. */
export interface ExposurePoint {
  expid: number;
  at: number;
  night: string;
  flavor: string;
  program: string | null;
  mjd: number | null;
  exptime: number | null;
  airmass: number | null;
  seeing: number | null;
  run: number | null;
}

/** 1970-01-01 as a modified Julian date. */
const EPOCH_MJD = 40_587;
const DAY_MS = 86_400_000;

const POINT = `expid, coalesce((mjd_obs - ${EPOCH_MJD}) * ${DAY_MS}.0, registered_at) AS at, night, flavor, program,
  mjd_obs AS mjd, exptime, airmass, seeing, last_run_id AS run`;

const DAYS = { 'last-night': 1, week: 7, month: 30 } as const;

/** First and last night of a period; those of all nights where there is no end. */
function nightsOf(period: Period, newest: string): { from: string; to: string } {
  switch (period.kind) {
    case 'nights':
      return { from: period.from, to: period.to };
    case 'all':
      return { from: '00000000', to: '99999999' };
    default:
      return { from: nightAfter(newest, 1 - DAYS[period.kind]), to: newest };
  }
}

export interface ExposureQueries {
  /** Oldest first. */
  points(filter: ExposureFilter): ExposurePoint[];
  /** Terms of a WHERE that chooses the filter's exposures, with their values. */
  condition(filter: ExposureFilter): { where: string; values: Record<string, string> };
  catalogue(): Omit<TrendCatalogue, 'series'>;
}

export function exposureQueries(db: Database.Database): ExposureQueries {
  const newest = db.prepare<[], { night: string | null }>('SELECT max(night) AS night FROM exposure');
  const span = db.prepare<[], { first: string | null; last: string | null; n: number }>(
    'SELECT min(night) AS first, max(night) AS last, count(*) AS n FROM exposure',
  );
  const flavors = db.prepare<[], { name: string }>('SELECT DISTINCT flavor AS name FROM exposure ORDER BY name');
  const programs = db.prepare<[], { name: string }>(
    'SELECT DISTINCT program AS name FROM exposure WHERE program IS NOT NULL ORDER BY name',
  );
  const condition: ExposureQueries['condition'] = ({ period, flavor, program }) => {
    const { from, to } = nightsOf(period, newest.get()?.night ?? '99991231');
    const terms = ['night BETWEEN @from AND @to'];
    const values: Record<string, string> = { from, to };
    if (flavor !== null) {
      terms.push('flavor = @flavor');
      values['flavor'] = flavor;
    }
    if (program !== null) {
      terms.push('program = @program');
      values['program'] = program;
    }
    return { where: terms.join(' AND '), values };
  };
  return {
    condition,
    points: (filter) => {
      const { where, values } = condition(filter);
      return db
        .prepare<[object], ExposurePoint>(`SELECT ${POINT} FROM exposure WHERE ${where} ORDER BY expid`)
        .all(values);
    },
    catalogue: () => {
      const all = span.get();
      return {
        flavors: flavors.all().map(({ name }) => name),
        programs: programs.all().map(({ name }) => name),
        firstNight: all?.first ?? null,
        lastNight: all?.last ?? null,
        exposures: all?.n ?? 0,
      };
    },
  };
}
