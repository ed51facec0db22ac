import { reasonOf } from '#shared/domain/lost-time.ts';
import type { NightExposure, NightGap, NightReport } from '#shared/domain/night-report.ts';
import { csvLine, iso, type Cell } from './csv.ts';

/** A stretch of the night: an exposure, or time that was lost. */
interface Stretch {
  from: number | null;
  to: number | null;
  exposure: NightExposure | null;
  gap: NightGap | null;
}

const reason = ({ gap }: Stretch) => (gap ? reasonOf(gap.reasons) : null);

const COLUMNS: readonly (readonly [string, (stretch: Stretch, report: NightReport) => Cell])[] = [
  ['night', (_, { night }) => night],
  ['what', ({ exposure }) => (exposure ? 'exposure' : 'lost time')],
  ['from', ({ from }) => iso(from)],
  ['to', ({ to }) => iso(to)],
  ['seconds', ({ exposure, gap }) => (gap ? Math.round((gap.to - gap.from) / 1000) : (exposure?.exptime ?? null))],
  ['expid', ({ exposure }) => exposure?.expid ?? null],
  ['flavor', ({ exposure }) => exposure?.flavor ?? null],
  ['program', ({ exposure }) => exposure?.program ?? null],
  ['status', ({ exposure }) => exposure?.status ?? null],
  ['finding', ({ exposure }) => exposure?.finding ?? null],
  ['airmass', ({ exposure }) => exposure?.airmass ?? null],
  ['seeing_arcsec', ({ exposure }) => exposure?.seeing ?? null],
  ['sky_r_mag', ({ exposure }) => exposure?.sky ?? null],
  ['flag', ({ exposure }) => exposure?.flag ?? null],
  ['lost_to', (stretch) => reason(stretch)?.cause ?? null],
  ['reason', (stretch) => reason(stretch)?.words ?? null],
  ['reason_author', (stretch) => reason(stretch)?.author ?? null],
  ['reason_given', (stretch) => iso(reason(stretch)?.at)],
];

/** The night as a table in the order of time: its exposures, and the time that was lost between them with the reasons given. */
export function reportCsv(report: NightReport): string {
  const stretches = [
    ...report.exposures.map((exposure): Stretch => ({ from: exposure.from, to: exposure.to, exposure, gap: null })),
    ...report.gaps.map((gap): Stretch => ({ from: gap.from, to: gap.to, exposure: null, gap })),
  ].sort((a, b) => (a.from ?? Infinity) - (b.from ?? Infinity));
  return [
    csvLine(COLUMNS.map(([name]) => name)),
    ...stretches.map((stretch) => csvLine(COLUMNS.map(([, cell]) => cell(stretch, report)))),
  ].join('');
}
