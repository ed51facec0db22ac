import type { CameraName } from '#shared/domain/camera.ts';
import type { JudgedElement, JudgedKey } from '#shared/domain/measurement.ts';
import { findKey, findMetric } from '#shared/qa/catalogue.ts';
import { meaning, placeOf, type Side } from '#shared/qa/meaning.ts';
import { worstReading, type CameraModel, type Reading } from './camera-model.ts';
import { formatValue, listed, unitText } from './format.ts';
import { excessOf } from './limits.ts';
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
      words: placeOf(key, elements) + meaning(key.key, side),
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
