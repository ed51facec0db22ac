import { ARMS, CAMERAS, SPECTROGRAPHS, armOf, spectrographOf, type CameraName } from '#shared/domain/camera.ts';
import type { JudgedElement, JudgedKey } from '#shared/domain/measurement.ts';
import { findKey, findMetric } from '#shared/qa/catalogue.ts';
import { worstReading, type CameraModel, type CameraModels, type Reading } from './camera-model.ts';
import { formatValue, listed, unitText } from './format.ts';
import { excessOf, type Excess } from './limits.ts';
import { ROLL_UP, type Status } from './status.ts';

export type Severity = Extract<Status, 'alarm' | 'failed' | 'missing' | 'cancelled' | 'warning' | 'unknown'>;

/** Something about one camera that an observer must know. */
interface Finding {
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

/** One cause, whatever number of cameras it hits. */
export interface Problem {
  severity: Severity;
  cameras: readonly CameraName[];
  /** The camera to look at, where it is worst. */
  camera: CameraName;
  metric: string | null;
  key: string | null;
  /** 'amplifier C noise high' */
  words: string;
  /** 'r3: amplifier C noise high' */
  sentence: string;
  /** 'r3 noise high' where there is little room. */
  short: string;
  /** '4.71 e−' and 'limit 4.60', or the reason of a failed job. */
  value: string;
  detail: string;
}

type Side = Excess['side'] | undefined;

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

function meaning(reading: Reading, side: Side): string {
  const known = MEANING[reading.key.key];
  if (known) return known(side);
  const name = findKey(reading.key.key)?.label ?? reading.key.key;
  return side ? `${name} ${side}` : `${name} off`;
}

function place(keyName: string, labels: readonly string[]): string {
  const named = labels.filter((label) => label !== '');
  if (named.length === 0) return '';
  if (findKey(keyName)?.elements !== 'amplifier') return `${listed(named)} `;
  if (named.length === 4) return 'all amplifiers ';
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
  const labels = elements.map(({ label }) => label);
  return [
    {
      camera,
      severity: element.status === 'alarm' ? 'alarm' : 'warning',
      cause: `${key.key} ${side ?? ''}`,
      metric,
      reading,
      words: place(key.key, labels) + meaning(reading, side),
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

/** 'r3', 'b1, r3', 'all z cameras', 'spectrograph 4', '12 cameras', 'all cameras'. */
export function cameraWords(cameras: readonly CameraName[], existing: readonly CameraName[] = CAMERAS): string {
  if (cameras.length > 1 && cameras.length === existing.length) return 'all cameras';
  const among = new Set(cameras);
  const isAll = (members: readonly CameraName[]): boolean =>
    members.length > 1 && members.length === cameras.length && members.every((camera) => among.has(camera));
  for (const arm of ARMS) if (isAll(existing.filter((camera) => armOf(camera) === arm))) return `all ${arm} cameras`;
  for (const spectrograph of SPECTROGRAPHS) {
    if (isAll(existing.filter((camera) => spectrographOf(camera) === spectrograph)))
      return `spectrograph ${spectrograph}`;
  }
  return cameras.length <= 3 ? cameras.join(', ') : `${cameras.length} cameras`;
}

function distance({ reading }: Finding): number {
  if (!reading || reading.element.value === null || reading.element.reference === null) return 0;
  return Math.abs(reading.element.value - reading.element.reference);
}

function merge(findings: readonly Finding[], existing: readonly CameraName[]): Problem {
  const worst = findings.reduce((a, b) => (distance(b) > distance(a) ? b : a));
  const cameras = findings.map((finding) => finding.camera);
  const who = cameraWords(cameras, existing);
  const sameWords = findings.every((finding) => finding.words === worst.words);
  const side = worst.reading ? excessOf(worst.reading.key, worst.reading.element)?.side : undefined;
  const plain = worst.reading ? meaning(worst.reading, side) : worst.words;
  const { value } = worst;
  return {
    severity: worst.severity,
    cameras,
    camera: worst.camera,
    metric: worst.metric,
    key: worst.reading?.key.key ?? null,
    words: sameWords ? worst.words : plain,
    sentence: worst.reading ? `${who}: ${sameWords ? worst.words : plain}` : `${who} ${worst.words}`,
    short: worst.reading ? `${who} ${plain}` : `${who} ${worst.words.replace(' from the file', '')}`,
    value: cameras.length > 1 && value !== '' ? `${worst.camera} ${value}` : value,
    detail: value !== '' || findings.every(({ detail }) => detail === worst.detail) ? worst.detail : '',
  };
}

function findingsOf(model: CameraModel): Finding[] {
  return [...measured(model, 'alarm'), ...ofJob(model), ...measured(model, 'warning'), ...unjudged(model)];
}

/** The problems of one camera, worst first. */
export function problemsOfCamera(model: CameraModel): Problem[] {
  return findingsOf(model).map((finding) => merge([finding], [model.camera]));
}

/**
 * Every problem of a run, worst first: by the roll-up order, then the more cameras the first. Cameras with the same
 * cause are one problem.
 */
export function problemsOf(models: CameraModels): Problem[] {
  const existing = CAMERAS.filter((camera) => models[camera].status !== 'not-expected');
  const groups = new Map<string, Finding[]>();
  for (const camera of CAMERAS) {
    for (const finding of findingsOf(models[camera])) {
      const id = `${finding.severity} ${finding.cause}`;
      const list = groups.get(id);
      if (list) list.push(finding);
      else groups.set(id, [finding]);
    }
  }
  return [...groups.values()]
    .map((findings) => merge(findings, existing))
    .sort((a, b) => ROLL_UP.indexOf(a.severity) - ROLL_UP.indexOf(b.severity) || b.cameras.length - a.cameras.length);
}
