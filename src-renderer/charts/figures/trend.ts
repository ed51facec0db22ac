import { ARMS, armOf, type CameraName } from '#shared/domain/camera.ts';
import type { TrendAnswer, TrendLine } from '#shared/domain/trend.ts';
import { expid8 } from '#shared/domain/exposure.ts';
import type { Area, CanvasFigure, CanvasPanel, Ink, Marks, MarkShape, Path, Tick } from '../canvas/canvas-figure.ts';
import { SHARED_FROM } from '../canvas/place.ts';
import { numberTicks, paddedRange, tickStep, timeTicks } from '../canvas/ticks.ts';

export const TREND_SPLITS = ['together', 'arm', 'camera', 'element'] as const;
export type TrendSplit = (typeof TREND_SPLITS)[number];

export interface TrendLook {
  split: TrendSplit;
  /** Along the exposures, or along time (UTC). */
  along: 'exposure' | 'time';
  /** `limits`: the scale shows the limits well, and what is beyond stands at its edge. */
  scale: 'all' | 'limits';
  /** Line whose own limits are drawn where the lines of a panel do not have the same. */
  focus: number | null;
  /** Part of the x axis; null: all. */
  zoom: [number, number] | null;
  /** 'Noise, e⁻' */
  yTitle: string;
  title: string;
}

/** Lines of a panel that can have colours of their own. */
const COLOURED = 4;
const INKS: readonly Ink[] = ['d1', 'd2', 'd3', 'd4'];
const SHAPES: readonly MarkShape[] = ['dot', 'square', 'diamond', 'triangle'];
const STATUS_SHAPES: readonly (MarkShape | null)[] = [null, 'warning', 'alarm', 'unknown'];
/** With more points than this, those that are normal are a line only. */
const DOTTED = 6000;

/** The limits of a line's point as values, not as deviations. */
export function limitsAt(answer: TrendAnswer, line: TrendLine, i: number, key: string) {
  const reference = line.reference[i] ?? null;
  const limits = answer.limits[line.limits[i] ?? -1];
  // FIDSNR_TGT is judged by reference − value.
  const around = (range: [number, number] | null | undefined): [number, number] | null => {
    if (reference === null || !range) return null;
    return key === 'FIDSNR_TGT'
      ? [reference - range[1], reference - range[0]]
      : [reference + range[0], reference + range[1]];
  };
  return { reference, normal: around(limits?.normal), warn: around(limits?.warn) };
}

interface Panelled {
  title: string;
  /** Places in answer.lines. */
  groups: number[];
}

function panelsOf(lines: readonly TrendLine[], split: TrendSplit): Panelled[] {
  const by = (nameOf: (line: TrendLine) => string, order: readonly string[]): Panelled[] => {
    const names = [...new Set([...order, ...lines.map(nameOf)])];
    return names.flatMap((title) => {
      const groups = lines.flatMap((line, i) => (nameOf(line) === title ? [i] : []));
      return groups.length > 0 ? [{ title, groups }] : [];
    });
  };
  switch (split) {
    case 'arm':
      return by(({ camera }) => armOf(camera), ARMS);
    case 'camera':
      return by(({ camera }) => camera, []);
    case 'element':
      return by(({ label }) => label, []);
    case 'together':
      return [{ title: '', groups: lines.map((_, i) => i) }];
  }
}

function columnsFor(split: TrendSplit, panels: number): number {
  if (split === 'camera') return panels > 12 ? 10 : panels > 4 ? Math.ceil(panels / 2) : panels > 2 ? 2 : panels;
  if (split === 'element') return panels > 2 ? 2 : panels;
  return 1;
}

/** Steps halfway between exposures where the limits change; one polygon for all exposures. */
interface Steps {
  x: number[];
  low: number[];
  high: number[];
}

interface LimitSteps {
  normal: Steps;
  warn: Steps;
  reference: { x: number[]; y: number[] };
}

type Place = (exposure: number) => number;

/** Limits along the exposures; null where two of the lines do not have the same. */
function limitSteps(answer: TrendAnswer, groups: readonly number[], key: string, xOf: Place): LimitSteps | null {
  const at = new Map<number, { line: TrendLine; i: number }>();
  for (const group of groups) {
    const line = answer.lines[group];
    if (!line) continue;
    for (let i = 0; i < line.exposure.length; i++) {
      const place = line.exposure[i] ?? 0;
      const known = at.get(place);
      if (!known) at.set(place, { line, i });
      else if (known.line.reference[known.i] !== line.reference[i] || known.line.limits[known.i] !== line.limits[i])
        return null;
    }
  }
  const steps: LimitSteps = {
    normal: { x: [], low: [], high: [] },
    warn: { x: [], low: [], high: [] },
    reference: { x: [], y: [] },
  };
  const places = [...at.keys()].sort((a, b) => a - b);
  const add = (to: Steps, from: number, until: number, range: [number, number] | null): void => {
    if (!range) return;
    to.x.push(from, until);
    to.low.push(range[0], range[0]);
    to.high.push(range[1], range[1]);
  };
  places.forEach((place, n) => {
    const found = at.get(place);
    if (!found) return;
    const own = limitsAt(answer, found.line, found.i, key);
    const before = places[n - 1];
    const after = places[n + 1];
    const x = xOf(place);
    const from = before === undefined ? x : (xOf(before) + x) / 2;
    const until = after === undefined ? x : (x + xOf(after)) / 2;
    add(steps.normal, from, until, own.normal);
    add(steps.warn, from, until, own.warn);
    if (own.reference !== null) {
      steps.reference.x.push(from, until);
      steps.reference.y.push(own.reference, own.reference);
    }
  });
  return steps;
}

/** Ends of the steps reach the frame: one exposure alone has limits too. */
function widened(x: number[], range: [number, number]): number[] {
  return x.map((at, i) => (i === 0 ? Math.min(at, range[0]) : i === x.length - 1 ? Math.max(at, range[1]) : at));
}

function limitLayers(steps: LimitSteps | null, range: [number, number]): { areas: Area[]; paths: Path[] } {
  if (!steps) return { areas: [], paths: [] };
  const { normal, warn, reference } = steps;
  const warnX = widened(warn.x, range);
  const edge = (y: number[]): Path => ({ x: warnX, y, ink: 'faint', width: 1, dashed: true });
  return {
    areas: normal.x.length > 0 ? [{ ...normal, x: widened(normal.x, range) }] : [],
    paths: [
      ...(warn.x.length > 0 ? [edge(warn.low), edge(warn.high)] : []),
      ...(reference.x.length > 0
        ? [{ x: widened(reference.x, range), y: reference.y, ink: 'quiet' as const, width: 1 }]
        : []),
    ],
  };
}

function shapesOf({ status }: TrendLine, plain: MarkShape): MarkShape[] {
  return status.map((rank) => STATUS_SHAPES[rank] ?? plain);
}

function marksOf(line: TrendLine, group: number, place: number, coloured: boolean, dotted: boolean, xOf: Place): Marks {
  const shape = coloured ? (SHAPES[place] ?? 'dot') : 'dot';
  return {
    group,
    x: line.exposure.map(xOf),
    y: line.value,
    shape: shapesOf(line, shape),
    ink: coloured ? (INKS[place] ?? 'quiet') : 'quiet',
    size: coloured && dotted ? 3 : dotted ? 2 : 0.8,
  };
}

/** Names of a panel's coloured lines, as a legend in its corner. */
export interface LegendEntry {
  group: number;
  ink: Ink;
  shape: MarkShape;
  text: string;
}

export function lineName({ camera, label }: { camera: CameraName; label: string }): string {
  return label === '' ? camera : `${camera} ${label}`;
}

/** The lines with colours of their own; empty where there are too many for that. */
export function trendLegend(answer: TrendAnswer, split: TrendSplit): LegendEntry[] {
  const panels = panelsOf(answer.lines, split);
  const most = Math.max(0, ...panels.map(({ groups }) => groups.length));
  const [first] = panels;
  if (most > COLOURED || most < 2 || !first) return [];
  const widest = panels.find(({ groups }) => groups.length === most) ?? first;
  return widest.groups.flatMap((group, i) => {
    const line = answer.lines[group];
    if (!line) return [];
    const text = split === 'camera' ? line.label : split === 'element' ? line.camera : lineName(line);
    return [{ group, ink: INKS[i] ?? 'quiet', shape: SHAPES[i] ?? 'dot', text }];
  });
}

/** EXPIDs at round places, and the nights between. */
function exposureTicks(answer: TrendAnswer, [low, high]: [number, number], count: number): Tick[] {
  const { expid } = answer.exposures;
  const step = Math.max(1, tickStep(low, high, count));
  const ticks: Tick[] = [];
  for (let at = Math.max(0, Math.ceil(low / step) * step); at <= Math.min(high, expid.length - 1); at += step) {
    const id = expid[at];
    if (id !== undefined) ticks.push({ at, text: expid8(id) });
  }
  return ticks;
}

function nightDividers({ exposures: { night, at } }: TrendAnswer, along: TrendLook['along']): number[] {
  const places = night.flatMap((own, i) => (i > 0 && night[i - 1] !== own ? [i] : []));
  if (places.length > 60) return [];
  return along === 'exposure' ? places.map((i) => i - 0.5) : places.map((i) => ((at[i - 1] ?? 0) + (at[i] ?? 0)) / 2);
}

function yRange(answer: TrendAnswer, key: string, scale: TrendLook['scale']): [number, number] {
  const values: (number | null)[] = scale === 'all' ? answer.lines.flatMap(({ value }) => value) : [];
  for (const line of answer.lines) {
    // The limits of the newest exposure stand for the others.
    const own = limitsAt(answer, line, line.value.length - 1, key);
    for (const edge of [...(own.normal ?? []), ...(own.warn ?? [])]) values.push(edge);
  }
  if (values.every((value) => value === null)) return paddedRange(answer.lines.flatMap(({ value }) => value));
  return paddedRange(values, scale === 'all' ? 0.06 : 0.3);
}

/** Panels too narrow for ticks say their ends instead. */
function xTitle(
  { exposures }: TrendAnswer,
  along: TrendLook['along'],
  range: [number, number],
  columns: number,
): string {
  const narrow = columns >= SHARED_FROM;
  if (along === 'exposure') {
    const { expid } = exposures;
    const first = expid[Math.max(0, Math.ceil(range[0]))];
    const last = expid[Math.min(expid.length - 1, Math.floor(range[1]))];
    if (!narrow || first === undefined || last === undefined) return 'exposure';
    return `exposures ${expid8(first)} to ${expid8(last)}, in each panel`;
  }
  const moment = (at: number): string => new Date(at).toISOString().slice(0, 16).replace('T', ' ');
  return narrow ? `${moment(range[0])} to ${moment(range[1])} UTC, in each panel` : 'UTC';
}

/** A judged key over the exposures, line by line, with the limits of each exposure. Pure. */
export function trendFigure(answer: TrendAnswer, key: string, look: TrendLook): CanvasFigure {
  const { split, along, zoom } = look;
  const { at, expid } = answer.exposures;
  const xOf: Place = along === 'exposure' ? (place) => place : (place) => at[place] ?? 0;
  const whole: [number, number] =
    along === 'exposure' ? [-0.7, Math.max(0, expid.length - 1) + 0.7] : paddedRange(at, 0.02);
  const range = zoom ?? whole;
  const panels = panelsOf(answer.lines, split);
  const columns = columnsFor(split, panels.length);
  const perPanel = Math.max(2, Math.round(9 / columns));
  const ticks = along === 'exposure' ? exposureTicks(answer, range, perPanel) : timeTicks(range, perPanel);
  const yAxis = yRange(answer, key, look.scale);
  const yTicks = numberTicks(
    yAxis,
    panels.length > 4 * columns ? 3 : Math.max(3, Math.round(7 / Math.ceil(panels.length / columns))),
  );
  const most = Math.max(0, ...panels.map(({ groups }) => groups.length));
  const coloured = most <= COLOURED;
  const dotted = answer.kept <= DOTTED;
  const dividers = nightDividers(answer, along);
  return {
    title: look.title,
    columns: Math.max(1, columns),
    map: false,
    panels: panels.map(({ title, groups }): CanvasPanel => {
      const common = limitSteps(answer, groups, key, xOf);
      const focused = look.focus !== null && groups.includes(look.focus) ? [look.focus] : null;
      const limits = limitLayers(common ?? (focused && limitSteps(answer, focused, key, xOf)), range);
      return {
        title,
        x: { range, ticks, title: xTitle(answer, along, range, columns) },
        y: { range: yAxis, ticks: yTicks, title: look.yTitle },
        areas: limits.areas,
        paths: [
          ...limits.paths,
          ...groups.flatMap((group, i): Path[] => {
            const line = answer.lines[group];
            if (!line) return [];
            const ink = coloured ? (INKS[i] ?? 'quiet') : 'quiet';
            return [{ group, x: line.exposure.map(xOf), y: line.value, ink, width: coloured ? 1.5 : 1 }];
          }),
        ],
        marks: groups.flatMap((group, i) => {
          const line = answer.lines[group];
          return line ? [marksOf(line, group, i, coloured, dotted, xOf)] : [];
        }),
        texts: [],
        dividers,
      };
    }),
  };
}

/** True where some panel's lines do not have the same limits, so that they are drawn for one line only. */
export function limitsDiffer(answer: TrendAnswer, split: TrendSplit, key: string): boolean {
  return panelsOf(answer.lines, split).some(({ groups }) => limitSteps(answer, groups, key, (i) => i) === null);
}
