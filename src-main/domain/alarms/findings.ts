import type { CameraName } from '#shared/domain/camera.ts';
import type { JudgedElement, JudgedKey, MeasurementSummary } from '#shared/domain/measurement.ts';
import { findKey } from '#shared/qa/catalogue.ts';
import { distanceOf, excessOf } from '#shared/qa/excess.ts';
import { meaning, placeOf, type Side } from '#shared/qa/meaning.ts';
import { formatValue, unitText } from '#shared/words.ts';

/** What of a measurement tells what is off. */
export type Judged = Pick<MeasurementSummary, 'camera' | 'metric' | 'status' | 'keys'>;

/** One METRICS key of one camera (of one amplifier where it is theirs) that is off on one side. */
export interface Finding {
  camera: CameraName;
  metric: string;
  key: string;
  side: Side;
  status: 'alarm' | 'warning';
  /** Elements that are as bad as `status`: 'C', 'x', 'ELG'; empty for a scalar. */
  labels: string[];
  /** Every element of the key is off. */
  whole: boolean;
  /** The worst value, its limit, and how far it is from its reference in units of the warning range. */
  worst: number | null;
  limit: number | null;
  distance: number;
  /** 'amplifier C noise high' and 'noise high' */
  words: string;
  plain: string;
}

/** Elements off on one side as one finding; undefined where there are none. */
function findingOf(
  { camera, metric }: Judged,
  key: JudgedKey,
  side: Side,
  own: readonly JudgedElement[],
  whole: boolean,
): Finding | undefined {
  const status = own.some((element) => element.status === 'alarm') ? 'alarm' : 'warning';
  const bad = own.filter((element) => element.status === status);
  const [first] = bad;
  if (!first) return undefined;
  const worst = bad.reduce((a, b) => (distanceOf(key, b) > distanceOf(key, a) ? b : a), first);
  const plain = meaning(key.key, side);
  return {
    camera,
    metric,
    key: key.key,
    side,
    status,
    labels: bad.map(({ label }) => label).filter((label) => label !== ''),
    whole,
    worst: worst.value,
    limit: excessOf(key, worst)?.limit ?? null,
    distance: distanceOf(key, worst),
    words: placeOf(key, bad) + plain,
    plain,
  };
}

/** What is off on one side: of amplifiers each by itself, of other elements all together. */
function sideOf(
  measurement: Judged,
  key: JudgedKey,
  side: Side,
  off: readonly JudgedElement[],
): (Finding | undefined)[] {
  const own = off.filter((element) => excessOf(key, element)?.side === side);
  const whole = own.length === key.elements.length;
  const lists = findKey(key.key)?.elements === 'amplifier' ? own.map((element) => [element]) : [own];
  return lists.map((list) => findingOf(measurement, key, side, list, whole));
}

/** A status that the sender gave to a key, or to a whole metric, without numbers that say why. */
function bare({ camera, metric }: Judged, key: string, status: Finding['status']): Finding {
  const plain = meaning(key, undefined);
  const none = { labels: [], whole: true, worst: null, limit: null, distance: 0, side: undefined };
  return { camera, metric, key, status, ...none, words: plain, plain };
}

function ofKey(measurement: Judged, key: JudgedKey): Finding[] {
  const { status } = key;
  if (status !== 'alarm' && status !== 'warning') return [];
  const off = key.elements.filter((element) => element.status === 'alarm' || element.status === 'warning');
  const found = ([undefined, 'high', 'low'] as const)
    .flatMap((side) => sideOf(measurement, key, side, off))
    .filter((finding) => finding !== undefined);
  return found.length > 0 ? found : [bare(measurement, key.key, status)];
}

/** Everything that is off in some measurements; what is `unknown` is neither off nor good. */
export function findingsOf(measurements: readonly Judged[]): Finding[] {
  return measurements.flatMap((measurement) => {
    const { status, keys, metric } = measurement;
    const found = keys.flatMap((key) => ofKey(measurement, key));
    if (found.length > 0 || (status !== 'alarm' && status !== 'warning')) return found;
    return [bare(measurement, metric, status)];
  });
}

/** '4.71 e\u207b' */
export function valueWords({ worst, key }: Finding): string {
  if (worst === null) return '';
  const unit = unitText(findKey(key)?.unit ?? '');
  return `${formatValue(worst)}${unit === '' ? '' : ` ${unit}`}`;
}

/** 'limit 4.60' */
export function limitWords({ limit }: Finding): string {
  return limit === null ? '' : `limit ${formatValue(limit)}`;
}

/** The findings with the worst first: alarms before warnings, then by distance from the reference. */
export function worstFirst(findings: readonly Finding[]): Finding[] {
  return [...findings].sort(
    (a, b) => Number(b.status === 'alarm') - Number(a.status === 'alarm') || b.distance - a.distance,
  );
}
