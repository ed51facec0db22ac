import type { JudgedKey } from '#shared/domain/measurement.ts';
import type { ChartTheme, Figure, Shape, Trace } from '../figure.ts';
import { boundsAt, limitShapes, rangeOver } from '../limit-shapes.ts';

/** The mean shift of the traces as a point, with the limits of both axes as boxes. */
export function shiftFigure(key: JudgedKey, theme: ChartTheme): Figure {
  const [x, y] = [key.elements[0]?.value ?? null, key.elements[1]?.value ?? null];
  const limitsX = boundsAt(key, 0);
  const limitsY = boundsAt(key, 1);
  const box = (range: 'normal' | 'warn', line: Shape['line'], fill: boolean): Shape[] => {
    const a = limitsX.bounds[range];
    const b = limitsY.bounds[range];
    if (!a || !b || line === undefined || ![...a, ...b].every(Number.isFinite)) return [];
    const filled = fill ? { fillcolor: theme.line3, opacity: 0.18 } : {};
    return [{ type: 'rect', x0: a[0], x1: a[1], y0: b[0], y1: b[1], layer: 'below', line, ...filled }];
  };
  const rangeX = rangeOver([x], limitsX.bounds);
  const rangeY = rangeOver([y], limitsY.bounds);
  return {
    title: 'Mean shift of the traces',
    traces: [
      {
        type: 'scatter',
        mode: 'markers',
        name: 'shift',
        x: [x],
        y: [y],
        marker: { color: theme.text1, size: 12, symbol: 'circle', line: { color: theme.bg1, width: 2 } },
        hovertemplate: 'x %{x:.3f} px<br>y %{y:.3f} px<extra></extra>',
      },
    ],
    layout: {
      showlegend: false,
      xaxis: { title: { text: 'across the fibers (x), px' }, ...(rangeX ? { range: rangeX } : {}) },
      yaxis: { title: { text: 'along the wavelength (y), px' }, ...(rangeY ? { range: rangeY } : {}) },
      shapes: [
        ...box('normal', { width: 0 }, true),
        ...box('warn', { color: theme.line3, width: 1, dash: 'dash' }, false),
      ],
    },
  };
}

/** One number a target class, against its own reference and limits. */
export function classFigure(title: string, yTitle: string, key: JudgedKey, theme: ChartTheme): Figure {
  const all = key.elements.map((_, i) => boundsAt(key, i));
  const values = key.elements.map(({ value }) => value);
  const ends = all.flatMap(({ bounds }) => [...(bounds.normal ?? []), ...(bounds.warn ?? [])]).filter(Number.isFinite);
  const range = rangeOver([...values, ...ends], { normal: null, warn: null });
  return {
    title,
    traces: [
      {
        type: 'scatter',
        mode: 'markers',
        name: 'measured',
        x: key.elements.map((_, i) => i),
        y: values,
        marker: { color: theme.text1, size: 12, symbol: 'circle', line: { color: theme.bg1, width: 2 } },
        text: key.elements.map(({ label, reference }) => `${label}, reference ${reference ?? 'none'}`),
        hovertemplate: '%{text}<br>%{y:.3f}<extra></extra>',
      },
    ],
    layout: {
      showlegend: false,
      xaxis: {
        tickvals: key.elements.map((_, i) => i),
        ticktext: key.elements.map(({ label }) => label),
        range: [-0.6, key.elements.length - 0.4],
        showgrid: false,
      },
      yaxis: { title: { text: yTitle }, ...(range ? { range } : {}) },
      shapes: all.flatMap((limits, i) =>
        limitShapes(theme, limits).map((shape) => ({ ...shape, xref: 'x', x0: i - 0.3, x1: i + 0.3 })),
      ),
    },
  };
}

/** Any array of numbers by its index: for metrics that QLF does not know. */
export function indexFigure(name: string, values: readonly (number | null)[], theme: ChartTheme): Figure {
  return {
    title: `${name}, ${values.length} values`,
    traces: [
      {
        type: 'bar',
        name,
        x: values.map((_, i) => i),
        y: [...values],
        marker: { color: theme.series[0] },
        hovertemplate: `${name}[%{x}]: %{y:.4g}<extra></extra>`,
      },
    ],
    layout: {
      showlegend: false,
      xaxis: { title: { text: 'index' }, tickformat: 'd' },
      yaxis: { title: { text: name } },
    },
  };
}

/** Two figures of one subplot each in one: the first at the left. */
export function sideBySide(left: Figure, right: Figure): Figure {
  const { xaxis, yaxis, shapes = [], annotations = [] } = left.layout;
  const moved = (right.layout.annotations ?? []).map((one) => ({ ...one, xref: 'x2', yref: 'y2' }));
  return {
    title: `${left.title}; ${right.title.charAt(0).toLowerCase()}${right.title.slice(1)}`,
    traces: [...left.traces, ...right.traces.map((trace): Trace => ({ ...trace, xaxis: 'x2', yaxis: 'y2' }))],
    layout: {
      showlegend: false,
      xaxis: { ...xaxis, domain: [0, 0.4] },
      yaxis: { ...yaxis },
      xaxis2: { ...right.layout.xaxis, domain: [0.5, 1], anchor: 'y2' },
      yaxis2: { ...right.layout.yaxis, anchor: 'x2' },
      shapes,
      annotations: [...annotations, ...moved],
    },
  };
}
