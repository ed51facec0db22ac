import { CAMERAS, type CameraName } from '#shared/domain/camera.ts';
import type { JudgedElement, JudgedKey, MeasurementSummary } from '#shared/domain/measurement.ts';
import type { Job } from '#shared/domain/run.ts';
import type { Step } from '#shared/domain/step.ts';
import { METRIC_GROUPS, METRICS, findKey, findMetric, type MetricGroup } from '#shared/qa/catalogue.ts';
import type { RunDetail } from '#shared/state/control-room.ts';
import { distanceOf } from './limits.ts';
import { rollUp, type Status } from './status.ts';

/** One judged number with where it comes from. */
export interface Reading {
  metric: string;
  key: JudgedKey;
  element: JudgedElement;
}

/** The row CCD, FIB or SPEC of a camera. */
export interface GroupModel {
  group: MetricGroup;
  status: Status;
  /** The number shown: the offending one, else the group's usual one; null before it is posted. */
  shown: Reading | null;
  /** It is the group's usual number, which the row need not name. */
  usual: boolean;
}

/** All that a cell of the grid shows; the same object as long as nothing of it changed. */
export interface CameraModel {
  camera: CameraName;
  job: Job | null;
  /** Newest revision of each metric, in the order of arrival. */
  measurements: readonly MeasurementSummary[];
  groups: Readonly<Record<MetricGroup, GroupModel>>;
  status: Status;
  /** It has ended and everything that it should have measured has been judged or said to be unknown. */
  judged: boolean;
}

export type CameraModels = Readonly<Record<CameraName, CameraModel>>;

/** METRICS keys that stand for their group, the usual one first; the others only when nothing better was measured. */
const GROUP_KEYS: Readonly<Record<MetricGroup, { usual: readonly string[]; others: readonly string[] }>> = {
  ccd: { usual: ['NOISE_AMP'], others: ['BIAS_AMP', 'LITFRAC_AMP', 'XWSIGMA'] },
  fibers: { usual: ['NGOODFIB', 'CHECKARC', 'CHECKFLAT'], others: ['XYSHIFTS'] },
  spectra: { usual: ['FIDSNR_TGT'], others: ['PEAKCOUNT', 'SKYCONT', 'DELTAMAG_TGT', 'SKYRBAND'] },
};

const STEPS_OF_GROUP: Readonly<Record<MetricGroup, ReadonlySet<Step>>> = {
  ccd: stepsOf('ccd'),
  fibers: stepsOf('fibers'),
  spectra: stepsOf('spectra'),
};

function stepsOf(group: MetricGroup): ReadonlySet<Step> {
  return new Set(METRICS.filter((metric) => metric.group === group).map((metric) => metric.step));
}

/** What a metric tests; `other` for metrics that QLF does not know. */
export function groupOf(metric: string): MetricGroup | 'other' {
  return findMetric(metric)?.group ?? 'other';
}

const farness = ({ key, element }: Reading): number => distanceOf(key, element);

function readings(measurements: readonly MeasurementSummary[]): Reading[] {
  return measurements.flatMap(({ metric, keys }) =>
    keys.flatMap((key) => key.elements.map((element) => ({ metric, key, element }))),
  );
}

/** Of several readings the worst: by status, then by distance from the reference. */
export function worstReading(all: readonly Reading[]): Reading | null {
  const worst = rollUp(all.map((reading) => reading.element.status));
  let best: Reading | null = null;
  for (const reading of all) {
    if (reading.element.status === worst && (!best || farness(reading) > farness(best))) best = reading;
  }
  return best;
}

/**
 * Of a usual key the number that matters: the highest noise, the lowest S/N; else the worst. Off-normal ones are found
 * before this is asked.
 */
function representative(all: readonly Reading[]): Reading | null {
  const keyName = all[0]?.key.key;
  const direction = keyName === 'NOISE_AMP' ? 1 : keyName === 'FIDSNR_TGT' || keyName === 'NGOODFIB' ? -1 : 0;
  if (direction === 0) return worstReading(all);
  let best: Reading | null = null;
  for (const reading of all) {
    const value = reading.element.value;
    const than = best?.element.value ?? null;
    if (value !== null && (than === null || direction * value > direction * than)) best = reading;
  }
  return best ?? all[0] ?? null;
}

/** Nothing was posted for this group: is that to be expected? Silence is never good. */
function silentStatus(job: Job | null, group: MetricGroup): Status {
  switch (job?.state) {
    case undefined:
    case 'waiting':
    case 'running':
      if (job && isOutsidePlan(job, group)) return 'not-expected';
      return 'waiting';
    case 'done':
      return isOutsidePlan(job, group) ? 'not-expected' : 'unknown';
    case 'failed':
    case 'cancelled':
    case 'missing':
      return job.state;
    case 'not-expected':
      return 'not-expected';
  }
}

function isOutsidePlan(job: Job, group: MetricGroup): boolean {
  return job.plan.length > 0 && !job.plan.some((step) => STEPS_OF_GROUP[group].has(step));
}

function groupModel(group: MetricGroup, job: Job | null, measurements: readonly MeasurementSummary[]): GroupModel {
  const own = measurements.filter((measurement) => groupOf(measurement.metric) === group);
  if (own.length === 0) return { group, status: silentStatus(job, group), shown: null, usual: true };
  const status = rollUp(own.map((measurement) => measurement.status)) ?? 'unknown';
  const all = readings(own);
  const off = all.filter(({ element }) => element.status === status);
  if ((status === 'alarm' || status === 'warning') && off.length > 0) {
    const shown = worstReading(off);
    return { group, status, shown, usual: shown !== null && GROUP_KEYS[group].usual.includes(shown.key.key) };
  }
  const { usual, others } = GROUP_KEYS[group];
  const named = (name: string): Reading[] => all.filter(({ key }) => key.key === name);
  for (const name of usual) {
    const shown = representative(named(name));
    if (shown) return { group, status, shown, usual: true };
  }
  // While it runs the usual number may still come: the place stays empty rather than change its meaning.
  const ended = job !== null && job.state !== 'running' && job.state !== 'waiting';
  if (!ended) return { group, status: status === 'normal' ? 'waiting' : status, shown: null, usual: true };
  const substitute = others.map((name) => worstReading(named(name))).find((reading) => reading !== null) ?? null;
  return { group, status, shown: substitute, usual: substitute === null };
}

/** The status of the whole camera: its job's and that of all its measurements, known to QLF or not. */
function cameraStatus(job: Job, measurements: readonly MeasurementSummary[], groups: readonly GroupModel[]): Status {
  const all: Status[] = [...measurements.map((measurement) => measurement.status)];
  if (job.state === 'done') all.push(...groups.map((group) => group.status));
  else all.push(job.state);
  if (job.state === 'done' && measurements.length === 0) all.push('unknown');
  return rollUp(all) ?? 'not-expected';
}

/**
 * Builds the model of one camera from its job and the newest revision of its measurements. Without a job (not split yet,
 * not expected, a run that failed before) its status is `withoutJob`.
 */
export function cameraModel(
  camera: CameraName,
  job: Job | null,
  measurements: readonly MeasurementSummary[],
  withoutJob: Status,
): CameraModel {
  const groups = {
    ccd: groupModel('ccd', job, measurements),
    fibers: groupModel('fibers', job, measurements),
    spectra: groupModel('spectra', job, measurements),
  };
  const list = METRIC_GROUPS.map((group) => groups[group]);
  const status = job ? cameraStatus(job, measurements, list) : withoutJob;
  return { camera, job, measurements, groups, status, judged: job?.state === 'done' };
}

function sameItems(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((item, i) => item === b[i]);
}

/** What a camera without a job is: still to come, never to come, or lost with its run. */
function statusWithoutJob(
  detail: RunDetail | null,
  expected: readonly CameraName[] | null,
  camera: CameraName,
): Status {
  if (expected !== null && !expected.includes(camera)) return 'not-expected';
  return detail && detail.run.state !== 'running' ? 'unknown' : 'waiting';
}

/**
 * The models of all 30 cameras of a run. A camera whose job and measurements are the same objects as in `previous`
 * keeps its model, so that one measurement changes one cell only.
 */
export function cameraModels(
  detail: RunDetail | null,
  expected: readonly CameraName[] | null,
  previous?: CameraModels,
): CameraModels {
  const jobs = new Map((detail?.jobs ?? []).map((job) => [job.camera, job]));
  const measurements = new Map<CameraName, MeasurementSummary[]>();
  for (const measurement of detail?.measurements ?? []) {
    const list = measurements.get(measurement.camera);
    if (list) list.push(measurement);
    else measurements.set(measurement.camera, [measurement]);
  }
  const models = {} as Record<CameraName, CameraModel>;
  for (const camera of CAMERAS) {
    const job = jobs.get(camera) ?? null;
    const own = measurements.get(camera) ?? [];
    const before = previous?.[camera];
    const withoutJob = statusWithoutJob(detail, expected, camera);
    const same =
      before?.job === job && sameItems(before.measurements, own) && (job !== null || before.status === withoutJob);
    models[camera] = same ? before : cameraModel(camera, job, own, withoutJob);
  }
  return models;
}

/** Short tag of a key for the place of three letters in a cell; the group's own name for its usual key. */
const TAGS: Readonly<Record<string, string>> = {
  NOISE_AMP: 'RMS',
  BIAS_AMP: 'BIAS',
  LITFRAC_AMP: 'LIT',
  XWSIGMA: 'PSF',
  CHECKHDUS: 'HDU',
  EXPNUM: 'EXP',
  XYSHIFTS: 'XY',
  NGOODFIB: 'FIB',
  CHECKARC: 'ARC',
  CHECKFLAT: 'FLAT',
  PEAKCOUNT: 'PEAK',
  SKYCONT: 'SKY',
  DELTAMAG_TGT: '\u0394m',
  FIDSNR_TGT: 'S/N',
  SKYRBAND: 'SKYr',
};
const GROUP_TAGS: Readonly<Record<MetricGroup, string>> = { ccd: 'CCD', fibers: 'FIB', spectra: 'SPEC' };

/** What stands before the value in a cell's row. */
export function rowTag(model: GroupModel): string {
  return model.shown && !model.usual ? (TAGS[model.shown.key.key] ?? GROUP_TAGS[model.group]) : GROUP_TAGS[model.group];
}

const GROUP_WORDS: Readonly<Record<MetricGroup, string>> = { ccd: 'CCD', fibers: 'fibers', spectra: 'spectra' };

/** Group names in words, for accessible names. */
export function groupWord(group: MetricGroup): string {
  return GROUP_WORDS[group];
}

/** Name of an element within its key: 'amplifier C', 'x', 'ELG'; empty for a scalar. */
export function elementWord(keyName: string, label: string): string {
  if (label === '') return '';
  return findKey(keyName)?.elements === 'amplifier' ? `amplifier ${label}` : label;
}
