import type { CameraName } from '#shared/domain/camera.ts';
import { OUTCOMES, type Outcome, type RunSummary } from '#shared/domain/history.ts';
import type { JudgedKey, QaStatus } from '#shared/domain/measurement.ts';
import { isContradicted, type JobState, type PostedStatus, type RunState } from '#shared/domain/run.ts';
import type { Step } from '#shared/domain/step.ts';
import { findKey, findMetric, METRIC_GROUPS, METRICS, type MetricGroup } from '#shared/qa/catalogue.ts';
import { distanceOf } from '#shared/qa/excess.ts';

/** A camera of a run with what was measured of it. */
export interface SummarisedJob {
  camera: CameraName;
  state: JobState;
  /** What the sender last said of it. */
  posted?: PostedStatus | null;
  plan: readonly Step[];
  /** Newest revision of each metric; the judged keys only where they are needed: off normal, or the sky's brightness. */
  measurements: readonly { metric: string; status: QaStatus; keys: readonly JudgedKey[] }[];
}

/** Something off normal in one camera; metric '' where it is the job itself. */
export interface Finding {
  camera: CameraName;
  metric: string;
  status: Outcome;
  /** METRICS key, the element of it that is furthest out, and its value. */
  key: string | null;
  label: string;
  value: number | null;
}

export type Summary = Pick<
  RunSummary,
  'status' | MetricGroup | 'done' | 'cameras' | 'contradicted' | 'finding' | 'worst' | 'sky'
>;

const worstOf = (statuses: readonly Outcome[]): Outcome | undefined =>
  OUTCOMES.find((outcome) => outcome !== 'not-expected' && outcome !== 'superseded' && statuses.includes(outcome));

/** A job whose camera should have been measured and was not, in the words of the status grammar. */
const JOB_OUTCOME: Readonly<Record<Exclude<JobState, 'done'>, Outcome>> = {
  waiting: 'waiting',
  running: 'running',
  failed: 'failed',
  cancelled: 'cancelled',
  missing: 'missing',
  'not-expected': 'not-expected',
};

const STEPS_OF_GROUP: Readonly<Record<MetricGroup, ReadonlySet<Step>>> = {
  ccd: stepsOf('ccd'),
  fibers: stepsOf('fibers'),
  spectra: stepsOf('spectra'),
};

function stepsOf(group: MetricGroup): ReadonlySet<Step> {
  return new Set(METRICS.filter((metric) => metric.group === group).map(({ step }) => step));
}

/** A group that was never posted is normal only where no step of the job was to measure it; silence is never good. */
function groupOutcome(job: SummarisedJob, group: MetricGroup): Outcome {
  const own = job.measurements.filter(({ metric }) => findMetric(metric)?.group === group).map(({ status }) => status);
  if (own.length > 0) return worstOf(own) ?? 'unknown';
  const planned = job.plan.length === 0 || job.plan.some((step) => STEPS_OF_GROUP[group].has(step));
  if (!planned) return 'not-expected';
  return job.state === 'done' ? 'unknown' : JOB_OUTCOME[job.state];
}

function cameraOutcome(job: SummarisedJob): Outcome {
  const measured: Outcome[] = job.measurements.map(({ status }) => status);
  if (job.state !== 'done') measured.push(JOB_OUTCOME[job.state]);
  else measured.push(...METRIC_GROUPS.map((group) => groupOutcome(job, group)));
  if (job.state === 'done' && job.measurements.length === 0) measured.push('unknown');
  return worstOf(measured) ?? 'not-expected';
}

interface Weighed extends Finding {
  /** Distance from the reference in units of the warning range. */
  weight: number;
}

/** The element of a measurement that is furthest out, among those with its status. */
function measured(camera: CameraName, { metric, status, keys }: SummarisedJob['measurements'][number]): Weighed {
  let worst: Weighed = { camera, metric, status, key: null, label: '', value: null, weight: -1 };
  for (const judged of keys) {
    for (const element of judged.elements) {
      if (element.status !== status) continue;
      const { label, value } = element;
      const weight = distanceOf(judged, element);
      if (weight > worst.weight) worst = { camera, metric, status, key: judged.key, label, value, weight };
    }
  }
  return worst;
}

const LOST: ReadonlySet<JobState> = new Set<JobState>(['failed', 'missing', 'cancelled']);

function findingsOf(jobs: readonly SummarisedJob[]): Weighed[] {
  return jobs.flatMap((job) => {
    const lost: Weighed[] = LOST.has(job.state)
      ? [{ camera: job.camera, metric: '', status: job.state as Outcome, key: null, label: '', value: null, weight: 0 }]
      : [];
    return [
      ...lost,
      ...job.measurements.filter(({ status }) => status !== 'normal').map((item) => measured(job.camera, item)),
    ];
  });
}

/** What a finding is about, in words: 'read noise C 4.71 e−', 'missing'. */
export function findingWords({ metric, status, key, label, value }: Finding): string {
  if (metric === '') return status;
  const definition = key === null ? undefined : findKey(key);
  const title = findMetric(metric)?.title ?? metric;
  const unit = definition?.unit ?? '';
  const number = value === null ? '' : String(Number(value.toPrecision(3)));
  return [title, label, number, number === '' ? '' : unit].filter((word) => word !== '').join(' ');
}

/** The worst finding, with the number of cameras that share it. */
function headline(findings: readonly Weighed[]): { finding: string; worst: CameraName | null } {
  const rank = ({ status }: Finding): number => OUTCOMES.indexOf(status);
  const [first] = [...findings].sort((a, b) => rank(a) - rank(b) || b.weight - a.weight);
  if (!first) return { finding: '', worst: null };
  const alike = findings.filter(({ metric, status }) => metric === first.metric && status === first.status).length;
  const words = alike > 1 ? findingWords({ ...first, label: '', value: null }) : findingWords(first);
  return { finding: `${alike > 1 ? `${String(alike)} cameras` : first.camera} ${words}`, worst: first.camera };
}

function median(values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle];
  if (upper === undefined) return null;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}

/** Median of what the r cameras' sky fibers measured, mag. */
function skyBrightness(jobs: readonly SummarisedJob[]): number | null {
  const values = jobs
    .filter(({ camera }) => camera.startsWith('r'))
    .flatMap(({ measurements }) => measurements.filter(({ metric }) => metric === 'skyrband'))
    .flatMap(({ keys }) => keys.flatMap(({ elements }) => elements.map(({ value }) => value)))
    .filter((value): value is number => value !== null && value > 0);
  return median(values);
}

/**
 * What became of a run in one line, and everything that was off normal: the same roll-up as on the monitor, stored so that
 * lists and reports read no measurement.
 */
export function summariseRun(
  state: RunState,
  jobs: readonly SummarisedJob[],
): { summary: Summary; findings: readonly Finding[] } {
  const findings = findingsOf(jobs);
  const groups = Object.fromEntries(
    METRIC_GROUPS.map((group) => {
      const each = jobs.map((job) => ({ camera: job.camera, status: groupOutcome(job, group) }));
      const status = worstOf(each.map((item) => item.status)) ?? (jobs.length > 0 ? 'not-expected' : 'unknown');
      return [group, { status, camera: each.find((item) => item.status === status)?.camera ?? null }];
    }),
  ) as Pick<Summary, MetricGroup>;
  const own = jobs.map(cameraOutcome);
  if (state !== 'done') own.push(state);
  const status = worstOf(own) ?? (state === 'done' ? 'unknown' : state);
  return {
    findings,
    summary: {
      // While it runs, what is already off normal counts, and nothing else is called normal yet.
      status: state === 'running' && OUTCOMES.indexOf(status) > OUTCOMES.indexOf('warning') ? 'running' : status,
      ...groups,
      done: jobs.filter((job) => job.state === 'done').length,
      cameras: jobs.filter((job) => job.state !== 'not-expected').length,
      contradicted: jobs.filter(isContradicted).length,
      ...headline(findings),
      sky: skyBrightness(jobs),
    },
  };
}
