import type { Judged, LimitLines } from '../../model/limit-preview.ts';
import { nightWords } from '../../model/format.ts';
import type { CanvasFigure, MarkShape, Tick } from '../canvas/canvas-figure.ts';
import { numberTicks } from '../canvas/ticks.ts';

const SHAPES = { normal: 'dot', warning: 'warning', alarm: 'alarm', unknown: 'unknown' } as const satisfies Record<
  string,
  MarkShape
>;

/** A point of the preview: its place and what is judged. */
export interface PreviewPoint {
  x: number;
  y: number | null;
  judged: Judged;
}

/** Values, or deviations from their own references where these differ from one to the other. */
export function previewPoints(judged: readonly Judged[], reference: number | null, sign: 1 | -1): PreviewPoint[] {
  const count = Math.max(1, ...judged.map(({ sample }) => sample.exposure + 1));
  // Cameras and elements of one exposure lie beside each other, not on one another.
  const places = new Map<number, number>();
  const totals = new Map<number, number>();
  for (const { sample } of judged) totals.set(sample.exposure, (totals.get(sample.exposure) ?? 0) + 1);
  return judged.map((item) => {
    const { exposure, value, reference: posted } = item.sample;
    const place = places.get(exposure) ?? 0;
    places.set(exposure, place + 1);
    const total = totals.get(exposure) ?? 1;
    const spread = count > 400 ? 0 : 0.7;
    const x = exposure + (total > 1 ? spread * (place / (total - 1) - 0.5) : 0);
    if (value === null || (reference === null && posted === null)) return { x, y: null, judged: item };
    return { x, y: reference === null ? sign * (value - (posted ?? 0)) : value, judged: item };
  });
}

/** The part of the scale that holds the lines and nearly all points: a few wild ones stand at its edge. */
function rangeOf(points: readonly PreviewPoint[], lines: readonly number[]): [number, number] {
  const values = points.flatMap(({ y }) => (y === null ? [] : [y])).sort((a, b) => a - b);
  const finite = lines.filter(Number.isFinite);
  const span = finite.length > 0 ? Math.max(...finite) - Math.min(...finite) : 0;
  const at = (share: number): number => values[Math.round(share * (values.length - 1))] ?? 0;
  const low = Math.min(...finite, ...(values.length > 0 ? [Math.max(at(0), at(0.02) - 1.5 * span)] : []));
  const high = Math.max(...finite, ...(values.length > 0 ? [Math.min(at(1), at(0.98) + 1.5 * span)] : []));
  if (!Number.isFinite(low) || !Number.isFinite(high)) return [0, 1];
  const margin = 0.08 * (high - low || Math.abs(high) || 1);
  return [low - margin, high + margin];
}

/** Where nights begin, with their names where there is room. */
function nightTicks(points: readonly PreviewPoint[], most: number): { ticks: Tick[]; dividers: number[] } {
  const begins: Tick[] = [];
  let night = '';
  for (const { judged } of points) {
    if (judged.exposure.night === night) continue;
    night = judged.exposure.night;
    begins.push({ at: judged.sample.exposure, text: nightWords(night) });
  }
  const every = Math.ceil(begins.length / most);
  return {
    ticks: begins.filter((_, i) => i % every === 0),
    dividers: begins.length > 40 ? [] : begins.slice(1).map(({ at }) => at - 0.5),
  };
}

/** Past numbers of a key in the order of their exposures, each in the shape of its status by the new limits. */
export function limitFigure(
  points: readonly PreviewPoint[],
  lines: LimitLines | null,
  saved: LimitLines | null,
  title: string,
): CanvasFigure {
  const exposures = Math.max(1, ...points.map(({ judged }) => judged.sample.exposure + 1));
  const all = [...(lines ?? []), ...(saved ?? [])];
  const range = rangeOf(points, all);
  const { ticks, dividers } = nightTicks(points, 8);
  return {
    title,
    columns: 1,
    map: false,
    panels: [
      {
        title: '',
        x: { range: [-0.8, exposures - 0.2], ticks, title: '' },
        y: { range, ticks: numberTicks(range, 6), title: '' },
        areas: lines ? [{ x: [-0.8, exposures - 0.2], low: [lines[1], lines[1]], high: [lines[2], lines[2]] }] : [],
        paths: [],
        marks: [
          {
            group: 0,
            x: points.map(({ x }) => x),
            y: points.map(({ y }) => y),
            shape: points.map(({ judged }) => SHAPES[judged.after]),
            ink: 'quiet',
            size: points.length > 4000 ? 1.2 : points.length > 800 ? 1.8 : points.length > 100 ? 2.4 : 3.6,
          },
        ],
        texts: [],
        dividers,
      },
    ],
  };
}
