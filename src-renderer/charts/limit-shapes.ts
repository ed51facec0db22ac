import type { JudgedKey } from '#shared/domain/measurement.ts';
import type { Bounds } from '../model/limits.ts';
import { boundsOf } from '../model/limits.ts';
import type { ChartTheme, Shape } from './figure.ts';

/** Limits of an element of a judged key; nothing where there is no such element. */
export function boundsAt(key: JudgedKey | undefined, index: number): { bounds: Bounds; reference: number | null } {
  const element = key?.elements[index];
  if (!key || !element) return { bounds: { normal: null, warn: null }, reference: null };
  return { bounds: boundsOf(key, element), reference: element.reference };
}

/**
 * The normal band filled, the warning limits dashed, the reference as a line, along y over the whole width of a
 * subplot. Infinite limits are left out.
 */
export function limitShapes(
  theme: ChartTheme,
  { bounds, reference }: { bounds: Bounds; reference: number | null },
  axes: { x: string; y: string } = { x: 'x', y: 'y' },
): Shape[] {
  const across = { x0: 0, x1: 1, xref: `${axes.x} domain`, yref: axes.y, layer: 'below' as const };
  const shapes: Shape[] = [];
  const { normal, warn } = bounds;
  if (normal && normal.every(Number.isFinite)) {
    shapes.push({
      type: 'rect',
      ...across,
      y0: normal[0],
      y1: normal[1],
      fillcolor: theme.line3,
      opacity: 0.16,
      line: { width: 0 },
    });
  }
  for (const y of warn ?? []) {
    if (Number.isFinite(y)) {
      shapes.push({ type: 'line', ...across, y0: y, y1: y, line: { color: theme.line3, width: 1, dash: 'dash' } });
    }
  }
  if (reference !== null) {
    shapes.push({ type: 'line', ...across, y0: reference, y1: reference, line: { color: theme.text3, width: 1 } });
  }
  return shapes;
}

/** Axis range that holds the values and the limits. */
export function rangeOver(values: readonly (number | null)[], ...all: readonly Bounds[]): [number, number] | undefined {
  const numbers = values.filter((value): value is number => value !== null && Number.isFinite(value));
  if (numbers.length === 0) return undefined;
  const limits = all.flatMap(({ normal, warn }) => [...(normal ?? []), ...(warn ?? [])]).filter(Number.isFinite);
  const low = Math.min(...numbers, ...limits);
  const high = Math.max(...numbers, ...limits);
  const margin = 0.06 * (high - low || Math.abs(high) || 1);
  return [low - margin, high + margin];
}
