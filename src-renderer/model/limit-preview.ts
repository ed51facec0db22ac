import { CAMERAS, type CameraName } from '#shared/domain/camera.ts';
import type { LimitSample, LimitSamples, SampledExposure } from '#shared/domain/limit-samples.ts';
import { ruleFor, type LimitRule, type LimitSubject } from '#shared/domain/limits.ts';
import { QA_STATUSES, type QaStatus } from '#shared/domain/measurement.ts';
import { qlFlavorOf } from '#shared/domain/ql-flavor.ts';
import { judgeAlone } from '#shared/qa/apply-rules.ts';

export type Counts = Record<QaStatus, number>;

/** A past number as the saved and as the new limits judge it. */
export interface Judged {
  sample: LimitSample;
  exposure: SampledExposure;
  before: QaStatus;
  after: QaStatus;
}

export interface Fare {
  /** In the order of the samples. */
  judged: readonly Judged[];
  before: Counts;
  after: Counts;
  /** Those that change, newest first. */
  changes: readonly Judged[];
  /** Cameras whose counts change, the most changes first. */
  cameras: readonly { camera: CameraName; before: Counts; after: Counts; changes: number }[];
}

const none = (): Counts => ({ normal: 0, warning: 0, alarm: 0, unknown: 0 });

function subjectOf(exposure: SampledExposure): Omit<LimitSubject, 'camera'> {
  const { flavor, program, night } = exposure;
  return { night, program, flavor: qlFlavorOf(flavor, program) ?? null };
}

/** How one past number is judged; as the sender said where no limits are known. */
function judge(past: LimitSamples, key: string, sample: LimitSample, rule: LimitRule | undefined): QaStatus {
  // A fit that failed is no number.
  if (key === 'FIDSNR_TGT' && sample.value === 0) return 'unknown';
  if (rule) return judgeAlone(key, sample.value, rule.reference ?? sample.reference, rule);
  const posted = past.ranges[sample.ranges];
  return posted ? judgeAlone(key, sample.value, sample.reference, posted) : sample.status;
}

/** How past numbers of a key fare by the saved and by new rules. */
export function fareOf(
  past: LimitSamples,
  key: string,
  saved: readonly LimitRule[],
  fresh: readonly LimitRule[],
): Fare {
  const old = saved.filter((rule) => rule.key === key);
  const now = fresh.filter((rule) => rule.key === key);
  const subjects = past.exposures.map(subjectOf);
  const fare = { before: none(), after: none() };
  const cameras = new Map<CameraName, { before: Counts; after: Counts; changes: number }>();
  const judged: Judged[] = [];
  for (const sample of past.samples) {
    const exposure = past.exposures[sample.exposure];
    const subject = subjects[sample.exposure];
    if (!exposure || !subject) continue;
    const whole = { ...subject, camera: sample.camera };
    const before = judge(past, key, sample, ruleFor(old, key, sample.element, whole));
    const after = judge(past, key, sample, ruleFor(now, key, sample.element, whole));
    fare.before[before] += 1;
    fare.after[after] += 1;
    const own = cameras.get(sample.camera) ?? { before: none(), after: none(), changes: 0 };
    cameras.set(sample.camera, own);
    own.before[before] += 1;
    own.after[after] += 1;
    if (before !== after) own.changes += 1;
    judged.push({ sample, exposure, before, after });
  }
  return {
    judged,
    ...fare,
    changes: judged.filter(({ before, after }) => before !== after).reverse(),
    cameras: CAMERAS.flatMap((camera) => {
      const own = cameras.get(camera);
      return own && own.changes > 0 ? [{ camera, ...own }] : [];
    }).sort((a, b) => b.changes - a.changes),
  };
}

/** Middle and robust width (1.4826 × the median of the distances from the middle) of the numbers; null of fewer than 5. */
export function spreadOf(values: readonly (number | null)[]): { median: number; sigma: number; count: number } | null {
  const numbers = values.filter((value): value is number => value !== null && Number.isFinite(value));
  if (numbers.length < 5) return null;
  const middle = (list: readonly number[]): number => {
    const sorted = [...list].sort((a, b) => a - b);
    const half = sorted.length >> 1;
    const upper = sorted[half] ?? 0;
    return sorted.length % 2 === 1 ? upper : ((sorted[half - 1] ?? 0) + upper) / 2;
  };
  const median = middle(numbers);
  return { median, sigma: 1.4826 * middle(numbers.map((value) => Math.abs(value - median))), count: numbers.length };
}

/** Limits as values (or deviations from 0), from the lowest: alarm, warning, warning, alarm. */
export type LimitLines = readonly [number, number, number, number];

/** S/N is judged by reference − value, everything else by value − reference. */
export const signOf = (key: string): 1 | -1 => (key === 'FIDSNR_TGT' ? -1 : 1);

export function linesOf(
  key: string,
  reference: number,
  { normal, warn }: Pick<LimitRule, 'normal' | 'warn'>,
): LimitLines {
  return signOf(key) === 1
    ? [reference + warn[0], reference + normal[0], reference + normal[1], reference + warn[1]]
    : [reference - warn[1], reference - normal[1], reference - normal[0], reference - warn[0]];
}

/** The ranges with one line moved; the lines stay in their order. */
export function withLine(
  key: string,
  reference: number,
  lines: LimitLines,
  index: number,
  value: number,
): Pick<LimitRule, 'normal' | 'warn'> {
  const low = index > 0 ? (lines[index - 1] ?? -Infinity) : -Infinity;
  const high = index < 3 ? (lines[index + 1] ?? Infinity) : Infinity;
  const moved = [...lines];
  moved[index] = Math.min(high, Math.max(low, value));
  const [a = 0, b = 0, c = 0, d = 0] = moved.map((line) => Number((line - reference).toPrecision(6)));
  return signOf(key) === 1 ? { normal: [b, c], warn: [a, d] } : { normal: [-c, -b], warn: [-d, -a] };
}

/** 'warning within' as it is written: '0.6' for ±0.6, else both ends. */
export function rangeText([low, high]: readonly [number, number]): string {
  return low === -high ? String(high) : `${low}, ${high}`.replace('-', '\u2212');
}

/** One number is ±; two are the ends. Undefined for anything else. */
export function parseRange(text: string): [number, number] | undefined {
  const numbers = text
    .replace(/^\s*\u00b1/, '')
    .replaceAll('\u2212', '-')
    .split(/[,\s]+/)
    .filter(Boolean)
    .map(Number);
  if (!numbers.every(Number.isFinite)) return undefined;
  const [first, second] = numbers;
  if (first === undefined || numbers.length > 2) return undefined;
  if (second === undefined) return first >= 0 ? [-first, first] : undefined;
  return first <= second ? [first, second] : undefined;
}

/** Statuses in the order of the counts on the screen. */
export const COUNTED: readonly QaStatus[] = [...QA_STATUSES].sort(
  (a, b) => ['alarm', 'warning', 'normal', 'unknown'].indexOf(a) - ['alarm', 'warning', 'normal', 'unknown'].indexOf(b),
);
