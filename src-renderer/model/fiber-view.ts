import { FIBERS, type Fibermap } from '#shared/domain/fiber.ts';
import type { FiberMetricName } from '#shared/qa/fiber-metrics.ts';
import type { ArmChoice } from './fiber-field.ts';
import type { Layout } from './fiber-plane.ts';

/** A spectrum beside the chosen one: another fiber of the same exposure, or the same fiber in another. */
export type Comparison = { kind: 'fiber'; fiber: number } | { kind: 'exposure'; expid: number; runId: number };

/** Fibers that were taken with a line around them, in the layout in which it was drawn. */
export interface Lasso {
  layout: Layout;
  outline: readonly (readonly [number, number])[];
  fibers: readonly number[];
}

/** How the fibers and the spectra are looked at. */
export interface FiberView {
  /** null: the one that says most about the exposure. */
  metric: FiberMetricName | null;
  arm: ArmChoice;
  layout: Layout;
  /** Bins of the running mean, odd. */
  smoothing: number;
  errors: boolean;
  lines: boolean;
  /** The median of the sky fibers, of the fiber's own class, or none. */
  median: 'none' | 'sky' | 'class';
  compare: Comparison | null;
  ratio: boolean;
  lasso: Lasso | null;
}

export const FIRST_FIBER_VIEW: FiberView = {
  metric: null,
  arm: 'r',
  layout: 'focal',
  smoothing: 5,
  errors: true,
  lines: true,
  median: 'none',
  compare: null,
  ratio: false,
  lasso: null,
};

/** Widths of the running mean, bins. */
export const SMOOTHINGS = [1, 3, 5, 9, 15, 25] as const;

/** The next fiber (1) or the one before (−1) that the instrument has, round from the last to the first. */
export function fiberBeside(map: Fibermap | null, notThere: number, fiber: number, by: number): number {
  const step = by < 0 ? -1 : 1;
  let next = (fiber + by + FIBERS) % FIBERS;
  for (let tried = 0; tried < FIBERS; tried++) {
    if (map === null || map.classes[next] !== notThere) return next;
    next = (next + step + FIBERS) % FIBERS;
  }
  return fiber;
}

/** The fiber that a text names: its number, or the target on it; null where there is none. */
export function fiberNamed(text: string, map: Fibermap | null): number | null {
  const wanted = text.trim();
  if (!/^\d+$/.test(wanted)) return null;
  if (Number(wanted) < FIBERS) return Number(wanted);
  const found = map?.targets.indexOf(wanted) ?? -1;
  return found < 0 ? null : found;
}
