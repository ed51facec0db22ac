import type { CameraName } from '#shared/domain/camera.ts';
import type { JudgedElement, JudgedKey } from '#shared/domain/measurement.ts';
import { findKey, findMetric } from '#shared/qa/catalogue.ts';
import { worstReading, type CameraModel, type Reading } from './camera-model.ts';
import { formatValue, listed, unitText } from './format.ts';
import { excessOf, type Excess } from './limits.ts';
import type { Status } from './status.ts';

export type Severity = Extract<Status, 'alarm' | 'failed' | 'missing' | 'cancelled' | 'warning' | 'unknown'>;

/** Something about one camera that an observer must know. */
export interface Finding {
  camera: CameraName;
  severity: Severity;
  /** Findings of several cameras with the same cause and severity are one problem. */
  cause: string;
  metric: string | null;
  reading: Reading | null;
  /** What is wrong, without the camera: 'amplifier C noise high'. */
  words: string;
  /** '4.71 e−'; empty without a number. */
  value: string;
  /** 'limit 4.60', or the reason. */
  detail: string;
}

export type Side = Excess['side'] | undefined;

/** What being high or low means, in the observer's words. */
const MEANING: Readonly<Record<string, (side: Side) => string>> = {
  NOISE_AMP: (side) => (side === 'low' ? 'noise too low' : 'noise high'),
  BIAS_AMP: (side) => `bias ${side ?? 'off'}`,
  LITFRAC_AMP: (side) => (side === 'low' ? 'too few lit pixels' : 'too many lit pixels'),
  XWSIGMA: (side) => (side === 'low' ? 'lines too narrow' : 'lines too wide'),
  NGOODFIB: (side) => (side === 'high' ? 'more good fibers than expected' : 'fibers lost'),
  XYSHIFTS: () => 'traces shifted',
  CHECKFLAT: (side) => `fiber flat ${side ?? 'off'}`,
  CHECKARC: () => 'too few fibers fitted',
  PEAKCOUNT: (side) => `sky lines ${side === 'low' ? 'faint' : 'bright'}`,
  SKYCONT: (side) => `sky continuum ${side ?? 'off'}`,
  DELTAMAG_TGT: (side) => (side === 'low' ? 'targets too bright' : 'targets too faint'),
  FIDSNR_TGT: (side) => `S/N ${side ?? 'off'}`,
  // A magnitude: low is bright.
  SKYRBAND: (side) => (side === 'low' ? 'sky bright' : 'sky faint'),
  CHECKHDUS: () => 'file has wrong HDUs',
  EXPNUM: () => 'file of another exposure',
};

/** 'noise high', 'targets too faint'. */
export function meaning(reading: Reading, side: Side): string {
  const known = MEANING[reading.key.key];
  if (known) return known(side);
  const name = findKey(reading.key.key)?.label ?? reading.key.key;
  return side ? `${name} ${side}` : `${name} off`;
}

/** Which elements are off: 'amplifier C ', 'ELG and QSO '; nothing when it is all of them. */
function place(key: JudgedKey, elements: readonly JudgedElement[]): string {
  const named = elements.map(({ label }) => label).filter((label) => label !== '');
  if (named.length === 0) return '';
  const all = named.length > 1 && named.length === key.elements.length;
  if (findKey(key.key)?.elements !== 'amplifier') return all ? '' : `${listed(named)} `;
  if (all) return 'all amplifiers ';
  return `${named.length === 1 ? 'amplifier' : 'amplifiers'} ${listed(named)} `;
}

/** A key's elements of one status, apart by the side on which they are off: A too low and D too high are two findings. */
function bySide(key: JudgedKey, wanted: 'alarm' | 'warning'): { side: Side; elements: JudgedElement[] }[] {
  const off = key.elements.filter(({ status }) => status === wanted);
  return ([undefined, 'high', 'low'] as const)
    .map((side) => ({ side, elements: off.filter((element) => excessOf(key, element)?.side === side) }))
    .filter(({ elements }) => elements.length > 0);
}

function findingOf(
  camera: CameraName,
  metric: string,
  key: JudgedKey,
  side: Side,
  elements: readonly JudgedElement[],
): Finding[] {
  const reading = worstReading(elements.map((element) => ({ metric, key, element })));
  if (!reading) return [];
  const { element } = reading;
  const limit = excessOf(key, element)?.limit;
  const unit = unitText(findKey(key.key)?.unit ?? '');
  return [
    {
      camera,
      severity: element.status === 'alarm' ? 'alarm' : 'warning',
      cause: `${key.key} ${side ?? ''}`,
      metric,
      reading,
      words: place(key, elements) + meaning(reading, side),
      value: `${formatValue(element.value)}${unit === '' ? '' : ` ${unit}`}`,
      detail: limit === undefined ? '' : `limit ${formatValue(limit)}`,
    },
  ];
}

function measured(model: CameraModel, wanted: 'alarm' | 'warning'): Finding[] {
  const { camera } = model;
  return model.measurements.flatMap(({ metric, keys, status }): Finding[] => {
    const findings = keys.flatMap((key) =>
      bySide(key, wanted).flatMap(({ side, elements }) => findingOf(camera, metric, key, side, elements)),
    );
    if (findings.length > 0 || status !== wanted) return findings;
    // The sender judged the metric as a whole.
    const name = findMetric(metric)?.title.toLowerCase() ?? metric;
    const words = `${name} off`;
    return [{ camera, severity: wanted, cause: metric, metric, reading: null, words, value: '', detail: '' }];
  });
}

function unjudged(model: CameraModel): Finding[] {
  const { camera, job } = model;
  if (job?.state !== 'done') return [];
  const metrics = model.measurements.filter((measurement) => measurement.status === 'unknown');
  const silent = Object.values(model.groups).filter((group) => group.status === 'unknown' && group.shown === null);
  const names = [
    ...metrics.map(({ metric }) => findMetric(metric)?.title.toLowerCase() ?? metric),
    ...silent
      .filter(({ group }) => !metrics.some(({ metric }) => findMetric(metric)?.group === group))
      .map(({ group }) => (group === 'ccd' ? 'CCD' : group)),
  ];
  if (names.length === 0) return [];
  const words = `${listed([...new Set(names)])} not judged`;
  return [
    {
      camera,
      severity: 'unknown',
      cause: words,
      metric: metrics[0]?.metric ?? null,
      reading: null,
      words,
      value: '',
      detail: 'posted without a valid reference, or not posted',
    },
  ];
}

function ofJob(model: CameraModel): Finding[] {
  const { camera, job } = model;
  if (job?.state !== 'failed' && job?.state !== 'missing' && job?.state !== 'cancelled') return [];
  const words = job.state === 'missing' ? 'missing from the file' : job.state;
  return [
    {
      camera,
      severity: job.state,
      cause: job.state,
      metric: null,
      reading: null,
      words,
      value: '',
      detail: job.reason,
    },
  ];
}

/** Everything about a camera that an observer must know, worst first. */
export function findingsOf(model: CameraModel): Finding[] {
  return [...measured(model, 'alarm'), ...ofJob(model), ...measured(model, 'warning'), ...unjudged(model)];
}
