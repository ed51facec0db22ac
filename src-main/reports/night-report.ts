import { isScienceFlavor } from '#shared/domain/exposure.ts';
import type { HistoryRow, Outcome } from '#shared/domain/history.ts';
import type { NightCounts, NightExposure, NightNote, NightReport } from '#shared/domain/night-report.ts';
import { darkHours, nightAfter, nightStart } from '#shared/domain/night.ts';
import type { Comment } from '#shared/domain/notes.ts';
import { findMetric } from '#shared/qa/catalogue.ts';
import type { NightStore } from '../domain/ports/night-store.ts';
import { nightCauses, rank, worse, type NightCause } from './night-causes.ts';
import { accountTime } from './time-account.ts';

type NightFinding = ReturnType<NightStore['nightFindings']>[number];

export interface NightData {
  night: string;
  now: number;
  /** The night's exposures in their order. */
  rows: readonly HistoryRow[];
  findings: readonly NightFinding[];
  causes: readonly NightCause[];
  reasons: ReturnType<NightStore['lostReasons']>;
  alarms: NightReport['alarms'];
  comments: Comment[];
  note: NightNote | null;
}

/** Begin of an exposure, ms since the epoch. */
function startOf({ mjdObs, dateObs }: HistoryRow): number | null {
  if (mjdObs !== null) return Math.round((mjdObs - 40_587) * 86_400_000);
  const parsed = dateObs === null ? NaN : Date.parse(`${dateObs.replace(/Z$/, '')}Z`);
  return Number.isNaN(parsed) ? null : parsed;
}

function exposuresOf(rows: readonly HistoryRow[]): NightExposure[] {
  const exposures = rows.map((row): NightExposure => {
    const from = startOf(row);
    return {
      expid: row.expid,
      runId: row.run?.id ?? null,
      from,
      to: from === null ? null : from + Math.max(0, row.exptime ?? 0) * 1000,
      flavor: row.flavor,
      program: row.program,
      status: row.status,
      finding: row.run?.finding ?? row.reason,
      flag: row.flag?.flag ?? null,
      exptime: row.exptime,
      seeing: row.seeing,
      airmass: row.airmass,
      sky: row.run?.sky ?? null,
    };
  });
  const ordered = exposures
    .filter((exposure) => exposure.from !== null)
    .sort((a, b) => (a.from ?? 0) - (b.from ?? 0) || a.expid - b.expid);
  ordered.forEach((exposure, i) => {
    const next = ordered[i + 1]?.from ?? Infinity;
    exposure.to = Math.min(exposure.to ?? 0, next);
  });
  return [...ordered, ...exposures.filter((exposure) => exposure.from === null)];
}

const JUDGED: ReadonlySet<Outcome> = new Set<Outcome>([
  'alarm',
  'failed',
  'missing',
  'cancelled',
  'warning',
  'unknown',
  'normal',
]);

function countsOf(rows: readonly HistoryRow[]): NightCounts {
  const count = (...outcomes: Outcome[]): number => rows.filter(({ status }) => outcomes.includes(status)).length;
  return {
    exposures: rows.length,
    science: rows.filter(({ flavor }) => isScienceFlavor(flavor)).length,
    judged: count(...JUDGED),
    normal: count('normal'),
    warning: count('warning'),
    alarm: count('alarm'),
    failed: count('failed', 'missing', 'cancelled'),
    unknown: count('unknown'),
    superseded: count('superseded'),
    open: count('waiting', 'running'),
    registered: count('not-expected'),
  };
}

function kindsOf(rows: readonly HistoryRow[]): NightReport['kinds'] {
  const kinds = new Map<string, NightReport['kinds'][number]>();
  for (const { flavor, program, status, flag, exptime } of rows) {
    // A lamp's program repeats its flavor.
    const own = isScienceFlavor(flavor) ? program : null;
    const id = `${flavor} ${own ?? ''}`;
    const kind = kinds.get(id) ?? { flavor, program: own, taken: 0, judged: 0, normal: 0, flagged: 0, exptime: 0 };
    kind.taken += 1;
    if (JUDGED.has(status)) kind.judged += 1;
    if (status === 'normal') kind.normal += 1;
    if (flag?.flag === 'bad' || flag?.flag === 'questionable') kind.flagged += 1;
    kind.exptime += exptime ?? 0;
    kinds.set(id, kind);
  }
  return [...kinds.values()].sort(
    (a, b) => Number(isScienceFlavor(b.flavor)) - Number(isScienceFlavor(a.flavor)) || b.taken - a.taken,
  );
}

function spreadOf(values: readonly (number | null)[]): NightReport['seeing'] {
  const sorted = values.filter((value): value is number => value !== null).sort((a, b) => a - b);
  const [low] = sorted;
  const high = sorted[sorted.length - 1];
  const upper = sorted[sorted.length >> 1];
  if (low === undefined || high === undefined || upper === undefined) return null;
  const median = sorted.length % 2 === 1 ? upper : ((sorted[(sorted.length >> 1) - 1] ?? upper) + upper) / 2;
  return { median, low, high, count: sorted.length };
}

function metricsOf(findings: readonly NightFinding[]): NightReport['metrics'] {
  const byMetric = new Map<string, NightFinding[]>();
  for (const finding of findings.filter(({ metric }) => metric !== ''))
    byMetric.set(finding.metric, [...(byMetric.get(finding.metric) ?? []), finding]);
  return [...byMetric]
    .map(([metric, own]) => ({
      metric,
      title: findMetric(metric)?.title ?? metric,
      status: own.map(({ status }) => status).reduce(worse),
      alarms: own.filter(({ status }) => status === 'alarm').length,
      warnings: own.filter(({ status }) => status === 'warning').length,
      cameras: new Set(own.map(({ camera }) => camera)).size,
      exposures: new Set(own.map(({ expid }) => expid)).size,
    }))
    .sort((a, b) => rank(a.status) - rank(b.status) || b.alarms - a.alarms || b.warnings - a.warnings);
}

const plural = (n: number, one: string, many = `${one}s`): string => `${String(n)} ${n === 1 ? one : many}`;

/** The night in one line, and what follows from it. Nothing that was not judged is called good. */
function verdictOf(
  counts: NightCounts,
  { shared, cameras }: Pick<NightReport, 'shared' | 'cameras'>,
): Pick<NightReport, 'headline' | 'sentence' | 'status'> {
  const { exposures, judged, normal, alarm, failed, warning, unknown, superseded, open } = counts;
  if (exposures === 0)
    return { status: 'waiting', headline: 'No exposures', sentence: 'The DOS told of none in this night.' };
  if (judged === 0)
    return {
      status: 'waiting',
      headline: `${plural(exposures, 'exposure')}, none judged`,
      sentence: open > 0 ? `${String(open)} waiting or being processed.` : 'None was processed.',
    };
  const status: Outcome =
    alarm > 0 ? 'alarm' : failed > 0 ? 'failed' : warning > 0 ? 'warning' : unknown > 0 ? 'unknown' : 'normal';
  const parts = [
    alarm > 0 ? `${String(alarm)} with an alarm` : '',
    failed > 0 ? `${String(failed)} failed or incomplete` : '',
    warning > 0 ? `${String(warning)} with a warning` : '',
    unknown > 0 ? `${String(unknown)} not fully judged` : '',
    superseded > 0 ? `${String(superseded)} superseded` : '',
    open > 0 ? `${String(open)} to come` : '',
  ].filter((part) => part !== '');
  const [[everywhere], [worst]] = [shared, cameras];
  const [cause] = worst?.causes ?? [];
  const most = [
    everywhere ? ` ${everywhere.words}, in ${plural(everywhere.off, 'exposure')}.` : '',
    worst && cause ? ` Worst camera ${worst.camera}: ${cause.words}, in ${plural(cause.off, 'exposure')}.` : '',
  ].join('');
  return {
    status,
    headline:
      normal === judged
        ? `All ${plural(judged, 'judged exposure')} normal`
        : `${String(normal)} of ${plural(judged, 'judged exposure')} normal`,
    sentence: `${parts.length > 0 ? `${parts.join(', ')}.` : 'Every number judged is inside its limits.'}${most}`,
  };
}

/** Sums a night up; pure. */
export function nightReport({
  night,
  now,
  rows,
  findings,
  causes,
  reasons,
  alarms,
  comments,
  note,
}: NightData): NightReport {
  const { dusk, dawn } = darkHours(night);
  const exposures = exposuresOf(rows);
  const judged = rows.filter(({ status }) => JUDGED.has(status)).map(({ expid }) => expid);
  const science = exposures.filter(({ flavor }) => isScienceFlavor(flavor));
  const counts = countsOf(rows);
  const wrong = nightCauses(causes, judged);
  return {
    night,
    madeAt: now,
    underWay: now >= nightStart(night) && now < nightStart(nightAfter(night, 1)),
    dusk,
    dawn,
    ...verdictOf(counts, wrong),
    counts,
    kinds: kindsOf(rows),
    exposures,
    ...accountTime(exposures, { from: dusk, to: dawn }, now, reasons),
    seeing: spreadOf(science.map(({ seeing }) => seeing)),
    airmass: spreadOf(science.map(({ airmass }) => airmass)),
    sky: spreadOf(science.map(({ sky }) => sky)),
    judged,
    ...wrong,
    metrics: metricsOf(findings),
    alarms,
    comments,
    flags: rows.flatMap(({ expid, flag }) => (flag?.flag ? [{ expid, ...flag }] : [])),
    note,
  };
}
