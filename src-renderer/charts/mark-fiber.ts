import type { ChartTheme, Figure, Trace } from './figure.ts';

function fiberOf(data: unknown): number | null {
  const first: unknown = Array.isArray(data) ? data[0] : data;
  return typeof first === 'number' ? first : null;
}

/** The fiber that a point of a trace is; null where points are no fibers. */
export function fiberAt(trace: Pick<Trace, 'meta' | 'customdata'>, index: number): number | null {
  return trace.meta === 'fiber' ? fiberOf(trace.customdata?.[index]) : null;
}

/** The figure with a ring around every point of a fiber. */
export function markFiber(figure: Figure, fiber: number | null, theme: ChartTheme): Figure {
  if (fiber === null) return figure;
  const rings = figure.traces.flatMap((trace): Trace[] => {
    if (trace.meta !== 'fiber') return [];
    const at = trace.customdata?.findIndex((data) => fiberOf(data) === fiber) ?? -1;
    const [x, y] = [trace.x?.[at], trace.y?.[at]];
    if (at < 0 || x === undefined || y === undefined || x === null || y === null) return [];
    return [
      {
        type: 'scatter',
        mode: 'markers',
        name: `fiber ${fiber}`,
        x: [x],
        y: [y],
        marker: { color: 'rgba(0,0,0,0)', size: 15, symbol: 'circle', line: { color: theme.text1, width: 2 } },
        ...(trace.xaxis ? { xaxis: trace.xaxis } : {}),
        ...(trace.yaxis ? { yaxis: trace.yaxis } : {}),
        hoverinfo: 'skip',
        showlegend: false,
      },
    ];
  });
  return rings.length === 0 ? figure : { ...figure, traces: [...figure.traces, ...rings] };
}
