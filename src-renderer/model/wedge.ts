import { ARMS, type Arm, type CameraName, type Spectrograph } from '#shared/domain/camera.ts';
import { findKey, type MetricGroup } from '#shared/qa/catalogue.ts';
import { elementWord, type CameraModel, type CameraModels, type Reading } from './camera-model.ts';
import { formatValue, unitText } from './format.ts';
import { rollUp, type Status } from './status.ts';

/** Counter-clockwise from the right, as the petals lie on the focal plane and as the original drew them. */
export const PETAL_ORDER: readonly Spectrograph[] = [3, 4, 5, 6, 7, 8, 9, 0, 1, 2];
/** Radii of the hub and of the rings' outer edges, in the unit of the view box. */
const HUB = 30;
const RING = 22.5;

export interface Wedge {
  camera: CameraName;
  path: string;
  /** Where its glyph and name stand. */
  x: number;
  y: number;
}

const point = (radius: number, angle: number): string =>
  `${(radius * Math.cos(angle)).toFixed(2)} ${(-radius * Math.sin(angle)).toFixed(2)}`;

function wedge(arm: Arm, spectrograph: Spectrograph): Wedge {
  const inner = HUB + RING * ARMS.indexOf(arm);
  const outer = inner + RING - 1.2;
  const from = (PETAL_ORDER.indexOf(spectrograph) * Math.PI) / 5;
  // A gap of the same width all along, not one that widens outwards.
  const gap = (radius: number): number => 0.7 / radius;
  const to = from + Math.PI / 5;
  const path = [
    `M${point(inner, from + gap(inner))}`,
    `L${point(outer, from + gap(outer))}`,
    `A${outer} ${outer} 0 0 0 ${point(outer, to - gap(outer))}`,
    `L${point(inner, to - gap(inner))}`,
    `A${inner} ${inner} 0 0 1 ${point(inner, from + gap(inner))}Z`,
  ].join(' ');
  const middle = (from + to) / 2;
  const radius = (inner + outer) / 2;
  return {
    camera: `${arm}${spectrograph}`,
    path,
    x: radius * Math.cos(middle),
    y: -radius * Math.sin(middle),
  };
}

/** The 30 wedges of a petal plot around (0, 0), rings b, r, z outwards. */
export const WEDGES: readonly Wedge[] = ARMS.flatMap((arm) =>
  PETAL_ORDER.map((spectrograph) => wedge(arm, spectrograph)),
);

/** Where the spectrograph numbers stand in the hub. */
export const HUB_NUMBERS = PETAL_ORDER.map((spectrograph, i) => {
  const angle = ((i + 0.5) * Math.PI) / 5;
  return { spectrograph, x: 23 * Math.cos(angle), y: -23 * Math.sin(angle) };
});

/** Where the rings' letters stand: on the border of two petals near the top, in nobody's way. */
export const RING_NAMES = ARMS.map((arm, ring) => {
  const radius = HUB + RING * (ring + 0.5);
  const angle = (2 * Math.PI) / 5;
  return { arm, x: radius * Math.cos(angle), y: -radius * Math.sin(angle) };
});

/** What a wedge shows: the group's own status, or the camera's where the group says nothing. */
export function wedgeStatus(model: CameraModel, group: MetricGroup): Status {
  return model.job ? model.groups[group].status : model.status;
}

function readingWords({ key, element }: Reading): string {
  const words = [elementWord(key.key, element.label), (findKey(key.key)?.label ?? key.key).toLowerCase()];
  // 'good fibers 40' needs no 'fibers' after it.
  const unit = unitText(findKey(key.key)?.unit ?? '');
  const told = words.some((word) => word.endsWith(unit));
  return [...words, formatValue(element.value), told ? '' : unit].filter((word) => word !== '').join(' ');
}

export interface PetalSummary {
  status: Status;
  camera: CameraName | null;
  words: string;
}

/** The line under a petal plot: its worst camera and what is wrong there. */
export function petalSummary(models: CameraModels, group: MetricGroup): PetalSummary {
  const all = Object.values(models);
  const status = rollUp(all.map((model) => wedgeStatus(model, group))) ?? 'waiting';
  const worst = all.find((model) => wedgeStatus(model, group) === status);
  if (!worst || status === 'normal') return { status, camera: null, words: 'all normal' };
  const { shown } = worst.groups[group];
  if (status === 'alarm' || status === 'warning')
    return { status, camera: worst.camera, words: shown ? readingWords(shown) : status };
  const same = all.filter((model) => wedgeStatus(model, group) === status).length;
  if (status === 'waiting' || status === 'running') return { status, camera: null, words: `${same} still ${status}` };
  return { status, camera: worst.camera, words: same > 1 ? `and ${same - 1} more ${status}` : status };
}
