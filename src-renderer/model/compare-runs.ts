import { CAMERAS, type CameraName } from '#shared/domain/camera.ts';
import type { JudgedKey } from '#shared/domain/measurement.ts';
import { elementLabels, findKey, findMetric, METRICS } from '#shared/qa/catalogue.ts';
import type { RunDetail } from '#shared/state/control-room.ts';
import { elementWord } from './camera-model.ts';
import { reachOf } from './limits.ts';
import type { Status } from './status.ts';

/** One judged number in both runs. */
export interface Difference {
  camera: CameraName;
  metric: string;
  key: string;
  /** 'Read noise, amplifier C' */
  words: string;
  unit: string;
  a: number | null;
  b: number | null;
  statusA: Status | null;
  statusB: Status | null;
  /** b − a; null where one of them is missing. */
  change: number | null;
  /** |b − a| in units of the warning limits that judged it (in a, where both have some); Infinity where only one run has it, null without limits. */
  size: number | null;
}

/** A key over all cameras: how it differs as a whole, and camera by camera. */
export interface KeyDifference {
  metric: string;
  key: string;
  words: string;
  unit: string;
  /** The element of each camera that differs most. */
  cameras: ReadonlyMap<CameraName, Difference>;
  largest: number;
}

export interface Comparison {
  /** Largest first; what only one run has comes last. */
  differences: readonly Difference[];
  /** In the order of the catalogue. */
  keys: readonly KeyDifference[];
}

interface Half {
  metric: string;
  key: JudgedKey;
}

function keysOf(detail: RunDetail): Map<string, Half> {
  const keys = new Map<string, Half>();
  for (const { camera, metric, keys: own } of detail.measurements)
    for (const key of own) keys.set(`${camera} ${metric} ${key.key}`, { metric, key });
  return keys;
}

function differencesOf(camera: CameraName, a: Half | undefined, b: Half | undefined): Difference[] {
  const known = a ?? b;
  if (!known) return [];
  const { metric, key } = known;
  const definition = findKey(key.key);
  const count = Math.max(a?.key.elements.length ?? 0, b?.key.elements.length ?? 0);
  const labels = known.key.elements.map(({ label }) => label);
  const fallback = elementLabels(definition?.elements ?? 'scalar', count, null);
  return Array.from({ length: count }, (_, i) => {
    const [one, other] = [a?.key.elements[i], b?.key.elements[i]];
    const reach = a && one ? reachOf(a.key, one) : b && other ? reachOf(b.key, other) : 0;
    const [from, to] = [one?.value ?? null, other?.value ?? null];
    const change = from === null || to === null ? null : to - from;
    const element = elementWord(key.key, labels[i] ?? fallback[i] ?? '');
    const oneSided = (from === null) !== (to === null);
    return {
      camera,
      metric,
      key: key.key,
      words: [definition?.label ?? findMetric(metric)?.title ?? key.key, element].filter((w) => w !== '').join(', '),
      unit: definition?.unit ?? '',
      a: from,
      b: to,
      statusA: one?.status ?? null,
      statusB: other?.status ?? null,
      change,
      size: change === null ? (oneSided ? Infinity : null) : reach > 0 ? Math.abs(change) / reach : null,
    };
  });
}

const ORDER: ReadonlyMap<string, number> = new Map(METRICS.map(({ name }, i) => [name, i]));

/** Two runs number by number: what changed, by how much of its own limits, largest first; then what only one has. */
export function compareRuns(a: RunDetail, b: RunDetail): Comparison {
  const [from, to] = [keysOf(a), keysOf(b)];
  const names = new Set([...from.keys(), ...to.keys()]);
  const differences: Difference[] = [];
  const byKey = new Map<string, KeyDifference & { cameras: Map<CameraName, Difference> }>();
  for (const name of names) {
    const camera = CAMERAS.find((candidate) => name.startsWith(`${candidate} `));
    if (!camera) continue;
    const own = differencesOf(camera, from.get(name), to.get(name));
    differences.push(...own);
    const [first] = own;
    if (!first) continue;
    const id = `${first.metric} ${first.key}`;
    const definition = findKey(first.key);
    const entry = byKey.get(id) ?? {
      metric: first.metric,
      key: first.key,
      words: definition?.label ?? first.key,
      unit: first.unit,
      cameras: new Map<CameraName, Difference>(),
      largest: 0,
    };
    const most = own.reduce((x, y) => ((y.size ?? -1) > (x.size ?? -1) ? y : x));
    entry.cameras.set(camera, most);
    entry.largest = Math.max(entry.largest, Number.isFinite(most.size ?? 0) ? (most.size ?? 0) : 0);
    byKey.set(id, entry);
  }
  // A camera that only one run has is one difference, not thirty: its numbers come last, and are seen on the map.
  const weight = ({ size }: Difference): number => (size === null ? -1 : size === Infinity ? -0.5 : size);
  differences.sort((x, y) => weight(y) - weight(x));
  const rank = ({ metric }: KeyDifference): number => ORDER.get(metric) ?? METRICS.length;
  return { differences, keys: [...byKey.values()].sort((x, y) => rank(x) - rank(y)) };
}
