import type { JudgedKey } from '#shared/domain/measurement.ts';
import { findKey } from '#shared/qa/catalogue.ts';
import { fixed, formatValue, unitText } from '../../model/format.ts';
import { readableOn } from '../contrast.ts';
import type { Annotation, ChartTheme, Figure, Shape, Trace } from '../figure.ts';
import { SERIES_SYMBOLS } from '../figure.ts';
import { boundsAt, limitShapes, rangeOver } from '../limit-shapes.ts';
import { boundsOf, reachOf, type Bounds } from '../../model/limits.ts';

/** Recent values of a key, oldest first, one array of elements an exposure. */
export type History = readonly { expid: number; values: readonly (number | null)[] }[];

/** Corners of the CCD as the amplifiers read it: C D above, A B below. */
const CORNERS = [
  [0, 1],
  [2, 3],
] as const;

/** Deviation of each amplifier from its reference, null where there is none. */
function deviationsOf(key: JudgedKey): (number | null)[] {
  return key.elements.map(({ value, reference }) => (value === null || reference === null ? null : value - reference));
}

/** Each amplifier's place on the colour scale, −1 … 1: its deviation in units of the limits that judged it. */
function placesOf(key: JudgedKey): (number | null)[] {
  return deviationsOf(key).map((off, i) => {
    const element = key.elements[i];
    return off === null || !element ? null : off / (reachOf(key, element) || 1);
  });
}

function patches(key: JudgedKey, theme: ChartTheme): Trace {
  const places = placesOf(key);
  return {
    type: 'heatmap',
    x: [0, 1],
    y: [0, 1],
    z: CORNERS.map((corners) => corners.map((i) => places[i] ?? null)),
    colorscale: [
      [0, theme.divLow],
      [0.5, theme.divMiddle],
      [1, theme.divHigh],
    ],
    zmin: -1,
    zmax: 1,
    showscale: false,
    xgap: 4,
    ygap: 4,
    hoverinfo: 'skip',
  };
}

/** Name, status, value and deviation written on each patch. */
function patchTexts(key: JudgedKey, theme: ChartTheme): Annotation[] {
  const deviations = deviationsOf(key);
  const places = placesOf(key);
  return CORNERS.flatMap((corners, y) =>
    corners.flatMap((i, x): Annotation[] => {
      const element = key.elements[i];
      if (!element) return [];
      const off = deviations[i] ?? null;
      const words = off === null ? 'no reference' : `${off >= 0 ? '+' : ''}${fixed(off, 2)}`;
      const color = readableOn(
        places[i] ?? 0,
        [theme.divLow, theme.divMiddle, theme.divHigh],
        [theme.text1, theme.bg1],
      );
      return [
        {
          text: `<b>${element.label}</b> ${element.status}<br><span style="font-size:21px">${formatValue(element.value)}</span><br>${words}`,
          x,
          y,
          showarrow: false,
          font: { size: 15, color },
        },
      ];
    }),
  );
}

function lines(key: JudgedKey, history: History, theme: ChartTheme): Trace[] {
  return key.elements.map(({ label }, i) => ({
    type: 'scatter',
    mode: 'lines+markers',
    name: `amplifier ${label}`,
    x: history.map(({ expid }) => String(expid)),
    y: history.map(({ values }) => values[i] ?? null),
    line: { color: theme.series[i % 4] ?? theme.text2, width: 1.5 },
    marker: { color: theme.series[i % 4] ?? theme.text2, size: 6, symbol: SERIES_SYMBOLS[i % 4] ?? 'circle' },
    xaxis: 'x2',
    yaxis: 'y2',
    hovertemplate: `exposure %{x}<br>amplifier ${label}: %{y:.3f}<extra></extra>`,
  }));
}

/** The four amplifiers as they lie on the CCD, coloured by deviation, alone. */
export function amplifierPatches(title: string, key: JudgedKey, theme: ChartTheme): Figure {
  return {
    title,
    traces: [patches(key, theme)],
    layout: {
      showlegend: false,
      xaxis: { visible: false, fixedrange: true },
      yaxis: { visible: false, fixedrange: true },
      annotations: patchTexts(key, theme),
    },
  };
}

const areAlike = (all: readonly Bounds[]): boolean =>
  new Set(all.map(({ normal, warn }) => JSON.stringify([normal, warn]))).size <= 1;

/** The outermost limits of amplifiers that have different ones, each in its amplifier's colour. */
function ownLimits(all: readonly Bounds[], theme: ChartTheme, axes: { x: string; y: string }): Shape[] {
  return all.flatMap(({ normal, warn }, i) =>
    (warn ?? normal ?? []).filter(Number.isFinite).map((y): Shape => ({
      type: 'line',
      x0: 0,
      x1: 1,
      y0: y,
      y1: y,
      xref: `${axes.x} domain`,
      yref: axes.y,
      layer: 'below',
      line: { color: theme.series[i % 4] ?? theme.text2, width: 1, dash: 'dash' },
    })),
  );
}

/** The four amplifiers as they lie on the CCD, coloured by deviation, and how each has gone in recent exposures. */
export function amplifierFigure(key: JudgedKey, history: History, theme: ChartTheme): Figure {
  const definition = findKey(key.key);
  const unit = unitText(definition?.unit ?? '');
  const name = definition?.label ?? key.key;
  const axes = { x: 'x2', y: 'y2' };
  const all = key.elements.map((element) => boundsOf(key, element));
  const range = rangeOver(
    [...history.flatMap(({ values }) => values), ...key.elements.map(({ value }) => value)],
    ...all,
  );
  return {
    title: `${name} of the amplifiers`,
    traces: [patches(key, theme), ...lines(key, history, theme)],
    layout: {
      showlegend: true,
      xaxis: { domain: [0, 0.4], visible: false, fixedrange: true },
      yaxis: { visible: false, fixedrange: true },
      xaxis2: { domain: [0.5, 1], anchor: 'y2', title: { text: 'exposure' }, type: 'category', nticks: 5 },
      yaxis2: { anchor: 'x2', title: { text: unit === '' ? name : `${name}, ${unit}` }, ...(range ? { range } : {}) },
      shapes: areAlike(all) ? limitShapes(theme, boundsAt(key, 0), axes) : ownLimits(all, theme, axes),
      annotations: patchTexts(key, theme),
    },
  };
}
