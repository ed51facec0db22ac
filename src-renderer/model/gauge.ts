import type { Bounds } from './limits.ts';

/** Positions of a bullet gauge in 0 … 1 of its width. */
export interface Gauge {
  value: number | null;
  reference: number;
  normal: readonly [number, number] | null;
  warn: readonly [number, number] | null;
}

/**
 * Lays out a bullet gauge around the reference: the scale holds one and a half times the widest limit, and always the
 * value. Null when there is no reference to centre on.
 */
export function gaugeOf(value: number | null, reference: number | null, bounds: Bounds): Gauge | null {
  if (reference === null) return null;
  const ends = [...(bounds.normal ?? []), ...(bounds.warn ?? [])].filter(Number.isFinite);
  const widest = Math.max(0, ...ends.map((end) => Math.abs(end - reference)));
  const off = value === null || !Number.isFinite(value) ? 0 : Math.abs(value - reference);
  const half = Math.max(1.5 * widest, 1.1 * off) || Math.abs(reference) || 1;
  const at = (x: number): number => Math.min(1, Math.max(0, 0.5 + (x - reference) / (2 * half)));
  const span = (range: readonly [number, number] | null): readonly [number, number] | null =>
    range && [at(range[0]), at(range[1])];
  return {
    value: value === null || !Number.isFinite(value) ? null : at(value),
    reference: at(reference),
    normal: span(bounds.normal),
    warn: span(bounds.warn),
  };
}

/** A sparkline in 0 … 1 (y upwards): runs of points without a gap, the last point, and the normal band. */
export interface Spark {
  runs: readonly (readonly (readonly [number, number])[])[];
  last: readonly [number, number] | null;
  band: readonly [number, number] | null;
}

/** Lays out recent values, oldest first (null: not measured), over the normal band. Null when there is no value. */
export function sparkOf(values: readonly (number | null)[], normal: readonly [number, number] | null): Spark | null {
  const numbers = values.filter((value): value is number => value !== null && Number.isFinite(value));
  if (numbers.length === 0) return null;
  const band = normal && normal.every(Number.isFinite) ? normal : null;
  let low = Math.min(...numbers, ...(band ?? []));
  let high = Math.max(...numbers, ...(band ?? []));
  if (high === low) {
    low -= 1;
    high += 1;
  }
  const x = (i: number): number => (values.length === 1 ? 1 : i / (values.length - 1));
  const y = (value: number): number => (value - low) / (high - low);
  const runs: [number, number][][] = [];
  let run: [number, number][] = [];
  values.forEach((value, i) => {
    if (value !== null && Number.isFinite(value)) {
      if (run.length === 0) runs.push(run);
      run.push([x(i), y(value)]);
    } else run = [];
  });
  const end = values[values.length - 1];
  const last = end !== null && end !== undefined && Number.isFinite(end) ? ([1, y(end)] as const) : null;
  return { runs, last, band: band && [y(band[0]), y(band[1])] };
}
