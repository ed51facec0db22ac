import { ARMS, type Arm } from '#shared/domain/camera.ts';
import { FIBER_CLASSES, FIBERS_EACH, spectrographOfFiber, type Fibermap } from '#shared/domain/fiber.ts';
import type { FiberMetric } from '#shared/qa/fiber-metrics.ts';
import { cameraOfValue, type FiberField } from '../../model/fiber-field.ts';
import { fixed, formatValue, unitText } from '../../model/format.ts';

export function classOf(map: Fibermap | null, fiber: number): string {
  if (!map) return '';
  const name = FIBER_CLASSES[map.classes[fiber] ?? -1] ?? '';
  return name === 'NON' ? 'not used' : name;
}

export function magnitudeText(map: Fibermap | null, arm: Arm, fiber: number): string {
  const value = map?.magnitude[arm][fiber] ?? NaN;
  return Number.isFinite(value) ? value.toFixed(2) : 'none';
}

/** 'g, r, z': the bands of the fiber map in the order of the arms. */
export const BANDS: Readonly<Record<Arm, string>> = { b: 'g', r: 'r', z: 'z' };

/** A quantity's value with its unit; flags in words. */
export function quantityText(
  { scale, unit, digits }: Pick<FiberMetric, 'scale' | 'unit' | 'digits'>,
  value: number,
): string {
  if (Number.isNaN(value)) return 'none';
  if (scale === 'flag') return value === 0 ? 'no' : 'yes';
  const sign = (scale === 'zero' || scale === 'median') && value > 0 ? '+' : '';
  const text = sign + (digits === undefined ? formatValue(value) : fixed(value, digits));
  return unit === '' ? text : `${text} ${unitText(unit)}`;
}

/** 'ELG, r 21.42': what a fiber is on, and how bright that is in the band of an arm; empty where nothing is known. */
export function targetWords(map: Fibermap | null, arm: Arm, fiber: number): string {
  const magnitude = map?.magnitude[arm][fiber] ?? NaN;
  const words = [classOf(map, fiber), Number.isFinite(magnitude) ? `${BANDS[arm]} ${magnitude.toFixed(2)}` : ''];
  return words.filter((word) => word !== '').join(', ');
}

/** What the pointer over a fiber says: fiber and camera; class and magnitude; value. */
export function fiberLines(field: FiberField | null, map: Fibermap | null, fiber: number): string[] {
  const camera = field && cameraOfValue(field, fiber);
  const where = camera ?? `spectrograph ${spectrographOfFiber(fiber)}`;
  const arm = field?.arms[fiber] ?? ARMS[1];
  const lines = [`Fiber ${fiber}, ${where}`, targetWords(map, arm, fiber)];
  if (!field) return lines.filter((line) => line !== '');
  const { metric, raw, states } = field;
  const state = states[fiber];
  const value = raw[fiber] ?? NaN;
  const words = Number.isNaN(value) ? 'not measured' : quantityText(metric, value);
  lines.push(`${metric.title} ${words}`);
  if (state === 'dead' && metric.scale !== 'flag') lines.push('dead: no light, or broken');
  return lines.filter((line) => line !== '');
}

/** 'petal 6, position 214' */
export function placeOf(fiber: number): string {
  return `${spectrographOfFiber(fiber)}, ${fiber % FIBERS_EACH}`;
}
