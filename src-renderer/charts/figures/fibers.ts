import type { JudgedKey } from '#shared/domain/measurement.ts';
import type { ChartTheme, Figure, Trace } from '../figure.ts';
import { boundsAt, limitShapes, rangeOver } from '../limit-shapes.ts';

/** Numbers by fiber; `fibers` are fiber numbers 0 … 4999. */
export interface FiberSeries {
  name: string;
  fibers: readonly number[];
  values: readonly (number | null)[];
}

function points(series: FiberSeries, color: string, symbol: string, axes: { x?: string; y?: string } = {}): Trace {
  return {
    type: 'scatter',
    mode: 'markers',
    name: series.name,
    meta: 'fiber',
    customdata: series.fibers.map((fiber) => [fiber]),
    x: [...series.fibers],
    y: [...series.values],
    marker: { color, size: 5, symbol, opacity: 0.85 },
    ...(axes.x ? { xaxis: axes.x } : {}),
    ...(axes.y ? { yaxis: axes.y } : {}),
    hovertemplate: `fiber %{x}<br>${series.name}: %{y:.4g}<extra></extra>`,
  };
}

/** One quantity by fiber, with the limits of its judged key; `marked` fibers are drawn over the others. */
export function fiberFigure(
  title: string,
  yTitle: string,
  all: FiberSeries,
  marked: FiberSeries | null,
  key: JudgedKey | undefined,
  theme: ChartTheme,
): Figure {
  const limits = boundsAt(key, 0);
  const range = key ? rangeOver(all.values, limits.bounds) : undefined;
  return {
    title,
    traces: [points(all, theme.series[0], 'circle'), ...(marked ? [points(marked, theme.series[1], 'diamond')] : [])],
    layout: {
      showlegend: marked !== null,
      xaxis: { title: { text: 'fiber' }, tickformat: 'd' },
      yaxis: { title: { text: yTitle }, ...(range ? { range } : {}) },
      shapes: key ? limitShapes(theme, limits) : [],
    },
  };
}

/** Two quantities by fiber one above the other, each with its own limits. */
export function pairFigure(
  title: string,
  above: FiberSeries & { unit: string },
  below: FiberSeries & { unit: string },
  key: JudgedKey | undefined,
  theme: ChartTheme,
): Figure {
  const first = boundsAt(key, 0);
  const second = boundsAt(key, 1);
  const ranges = [rangeOver(above.values, first.bounds), rangeOver(below.values, second.bounds)] as const;
  return {
    title,
    traces: [points(above, theme.series[0], 'circle', { y: 'y2' }), points(below, theme.series[1], 'square')],
    layout: {
      showlegend: false,
      xaxis: { title: { text: 'fiber' }, tickformat: 'd' },
      yaxis: {
        domain: [0, 0.47],
        title: { text: `${below.name}, ${below.unit}` },
        ...(ranges[1] ? { range: ranges[1] } : {}),
      },
      yaxis2: {
        domain: [0.53, 1],
        title: { text: `${above.name}, ${above.unit}` },
        ...(ranges[0] ? { range: ranges[0] } : {}),
      },
      shapes: [...limitShapes(theme, first, { x: 'x', y: 'y2' }), ...limitShapes(theme, second)],
    },
  };
}
