import { cameraOfFiber, FIBER_CLASSES, FIBERS_EACH, spectrographOfFiber, type Fibermap } from '#shared/domain/fiber.ts';
import type { JudgedKey } from '#shared/domain/measurement.ts';
import type { FiberMetric } from '#shared/qa/fiber-metrics.ts';
import type { Arm } from '#shared/domain/camera.ts';
import { palette, STEPS, type ColorScale } from '../../model/color-scale.ts';
import { unitText } from '../../model/format.ts';
import { histogramOf } from '../../model/histogram.ts';
import type { ChartTheme, Figure, Marker, Shape, Trace } from '../figure.ts';
import { boundsAt, rangeOver } from '../limit-shapes.ts';

/** A quantity of the fibers of one camera, with what tells the fibers apart. */
export interface CameraFibers {
  metric: FiberMetric;
  arm: Arm;
  /** Number of the camera's first fiber. */
  first: number;
  /** By place in the camera, NaN where there is none. */
  values: Float64Array;
  /** 1 with light, 0 dead, NaN unknown. */
  good: Float64Array;
  scale: ColorScale;
  key: JudgedKey | undefined;
  map: Fibermap | null;
  /** 'ELG, r 21.42' of a fiber; empty where nothing is known. */
  words: (fiber: number) => string;
}

const there = ({ values, good }: CameraFibers, i: number): 'value' | 'dead' | 'none' => {
  if (good[i] === 0) return 'dead';
  return Number.isNaN(values[i]!) ? 'none' : 'value';
};

const NOT_USED = FIBER_CLASSES.indexOf('NON');

function fibersThat(source: CameraFibers, state: 'value' | 'dead' | 'none'): number[] {
  const { map, first } = source;
  // Fibers that the instrument does not have, or that were on nothing, have no place.
  const used = (i: number): boolean => map?.classes[first + i] !== NOT_USED;
  return Array.from({ length: FIBERS_EACH }, (_, i) => i).filter((i) => used(i) && there(source, i) === state);
}

function nameOf({ metric }: CameraFibers): string {
  const unit = unitText(metric.unit);
  return unit === '' ? metric.title : `${metric.title}, ${unit}`;
}

function colored({ scale, metric }: CameraFibers, theme: ChartTheme, values: number[], bar: boolean): Marker {
  const colors = palette(
    scale.kind === 'diverging' ? [theme.divLow, theme.divMiddle, theme.divHigh] : theme.sequential,
  );
  const font = { size: 12, color: theme.text2 };
  return {
    color: values,
    colorscale: colors.flatMap((color, i): [number, string][] => [
      [i / STEPS, color],
      [(i + 1) / STEPS, color],
    ]),
    cmin: scale.low,
    cmax: scale.high,
    size: 9,
    symbol: 'circle',
    showscale: bar,
    ...(bar
      ? {
          colorbar: {
            title: { text: nameOf({ metric } as CameraFibers), side: 'right', font },
            tickfont: { size: 11, color: theme.text3 },
            thickness: 10,
            outlinewidth: 0,
          },
        }
      : {}),
  };
}

type Places = (fiber: number) => readonly [number, number];

function mapTraces(
  source: CameraFibers,
  theme: ChartTheme,
  place: Places,
  axes: { xaxis?: string; yaxis?: string },
  bar: boolean,
): Trace[] {
  const { first, values, words, metric } = source;
  const trace = (fibers: number[], name: string, marker: Marker, value: string): Trace => ({
    type: 'scatter',
    mode: 'markers',
    name,
    meta: 'fiber',
    x: fibers.map((i) => place(first + i)[0]),
    y: fibers.map((i) => place(first + i)[1]),
    customdata: fibers.map((i) => [first + i, words(first + i), values[i]]),
    marker,
    ...axes,
    hovertemplate: `fiber %{customdata[0]}, ${cameraOfFiber(source.arm, first)}<br>%{customdata[1]}<br>${value}<extra></extra>`,
  });
  const lit = fibersThat(source, 'value');
  return [
    trace(
      fibersThat(source, 'none'),
      'not measured',
      { color: 'rgba(0,0,0,0)', size: 6, symbol: 'circle', line: { color: theme.line3, width: 1 } },
      'not measured',
    ),
    trace(
      lit,
      metric.title,
      colored(
        source,
        theme,
        lit.map((i) => values[i]!),
        bar,
      ),
      `${metric.title}: %{customdata[2]:.4g} ${unitText(metric.unit)}`,
    ),
    trace(
      fibersThat(source, 'dead'),
      'dead',
      { color: theme.fault, size: 9, symbol: 'x-thin', line: { color: theme.fault, width: 2.4 } },
      'dead: no light',
    ),
  ];
}

/** The camera's part of the focal plane and of the sky, coloured by a quantity; undefined where no places are known. */
export function mapFigure(source: CameraFibers, theme: ChartTheme): Figure | undefined {
  const { map, metric, first } = source;
  if (!map?.placed) return undefined;
  const plane: Places = (fiber) => [map.x[fiber] ?? NaN, map.y[fiber] ?? NaN];
  const sky: Places = (fiber) => [map.ra[fiber] ?? NaN, map.dec[fiber] ?? NaN];
  return {
    title: `${metric.title} on petal ${spectrographOfFiber(first)}: focal plane and sky`,
    traces: [
      ...mapTraces(source, theme, plane, {}, false),
      ...mapTraces(source, theme, sky, { xaxis: 'x2', yaxis: 'y2' }, true),
    ],
    layout: {
      showlegend: false,
      xaxis: { title: { text: 'x, mm' }, domain: [0, 0.44] },
      yaxis: { title: { text: 'y, mm' }, scaleanchor: 'x' },
      xaxis2: { title: { text: 'RA, \u00b0' }, domain: [0.56, 1], anchor: 'y2', autorange: 'reversed', nticks: 5 },
      yaxis2: { title: { text: 'Dec, \u00b0' }, anchor: 'x2', nticks: 7 },
    },
  };
}

/** A quantity by fiber number, with the limits of its key; dead fibers are crossed out at the foot. */
export function byFiberFigure(source: CameraFibers, theme: ChartTheme, limits: readonly Shape[]): Figure {
  const { metric, first, values, words, key } = source;
  const lit = fibersThat(source, 'value');
  const dead = fibersThat(source, 'dead');
  const range = rangeOver(
    lit.map((i) => values[i]!),
    boundsAt(key, metric.key?.element ?? 0).bounds,
  );
  const camera = cameraOfFiber(source.arm, first);
  const point = (fibers: number[], y: number[], name: string, marker: Marker, value: string): Trace => ({
    type: 'scatter',
    mode: 'markers',
    name,
    meta: 'fiber',
    x: fibers.map((i) => first + i),
    y,
    customdata: fibers.map((i) => [first + i, words(first + i)]),
    marker,
    hovertemplate: `fiber %{x}, ${camera}<br>%{customdata[1]}<br>${value}<extra></extra>`,
  });
  return {
    title: `${metric.title} by fiber${dead.length > 0 ? `, dead: ${dead.map((i) => first + i).join(', ')}` : ''}`,
    traces: [
      point(
        lit,
        lit.map((i) => values[i]!),
        metric.title,
        { color: theme.series[0], size: 5, symbol: 'circle', opacity: 0.9 },
        `${metric.title}: %{y:.4g} ${unitText(metric.unit)}`,
      ),
      point(
        dead,
        dead.map(() => range?.[0] ?? 0),
        'dead',
        { color: theme.fault, size: 10, symbol: 'x-thin', line: { color: theme.fault, width: 2.4 } },
        'dead: no light',
      ),
    ],
    layout: {
      showlegend: dead.length > 0,
      xaxis: { title: { text: 'fiber' }, tickformat: 'd' },
      yaxis: { title: { text: nameOf(source) }, ...(range ? { range } : {}) },
      shapes: [...limits],
    },
  };
}

const BINS = 40;

/** How often each value occurs, with the limits of its key as lines: normal dotted, warning dashed. */
export function histogramFigure(source: CameraFibers, theme: ChartTheme): Figure {
  const { metric, values, key } = source;
  const known = fibersThat(source, 'value').map((i) => values[i]!);
  const { bounds, reference } = boundsAt(key, metric.key?.element ?? 0);
  const [low, high] = rangeOver(known, bounds) ?? [0, 1];
  const { edges, counts } = histogramOf(known, low, high, BINS);
  const upright = (x: number, color: string, dash?: string): Shape => ({
    type: 'line',
    x0: x,
    x1: x,
    y0: 0,
    y1: 1,
    yref: 'y domain',
    line: { color, width: 1.3, ...(dash === undefined ? {} : { dash }) },
  });
  return {
    title: `${metric.title} of ${known.length} fibers${reference === null ? '' : ', with reference and limits'}`,
    traces: [
      {
        type: 'bar',
        name: 'fibers',
        x: counts.map((_, i) => (edges[i]! + edges[i + 1]!) / 2),
        y: counts,
        marker: { color: theme.series[0] },
        width: (edges[1]! - edges[0]!) * 0.92,
        hovertemplate: '%{y} fibers about %{x:.4g}<extra></extra>',
      },
    ],
    layout: {
      showlegend: false,
      xaxis: { title: { text: nameOf(source) }, range: [low, high] },
      yaxis: { title: { text: 'fibers' }, rangemode: 'tozero' },
      shapes: [
        ...(bounds.normal ?? []).filter(Number.isFinite).map((x) => upright(x, theme.text3, 'dot')),
        ...(bounds.warn ?? []).filter(Number.isFinite).map((x) => upright(x, theme.text2, 'dash')),
        ...(reference === null ? [] : [upright(reference, theme.text3)]),
      ],
    },
  };
}
