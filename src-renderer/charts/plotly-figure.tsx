import { useEffect, useRef } from 'react';
import type { Axis, ChartTheme, Figure } from './figure.ts';
import { Plotly } from './plotly-bundle.ts';

const CONFIG = {
  displaylogo: false,
  responsive: false,
  scrollZoom: false,
  doubleClick: 'reset',
  modeBarButtonsToRemove: ['sendChartToCloud', 'select2d', 'lasso2d', 'autoScale2d', 'zoomIn2d', 'zoomOut2d'],
} as const;

function styled(axis: Axis, theme: ChartTheme): object {
  const font = { size: 12, color: theme.text3 };
  return {
    gridcolor: theme.grid,
    linecolor: theme.line2,
    zeroline: false,
    tickfont: font,
    automargin: true,
    ...axis,
    ...(axis.title ? { title: { text: axis.title.text, font: { size: 12, color: theme.text2 }, standoff: 10 } } : {}),
  };
}

/** The figure's layout in the theme's colours and type. */
function layoutOf({ layout, title }: Figure, theme: ChartTheme): object {
  const axes = Object.entries(layout)
    .filter(([name]) => /^[xy]axis/.test(name))
    .map(([name, axis]) => [name, styled(axis as Axis, theme)] as const);
  return {
    ...layout,
    ...Object.fromEntries(axes),
    autosize: true,
    margin: { l: 52, r: 14, t: 30, b: 40 },
    paper_bgcolor: 'rgba(0,0,0,0)',
    plot_bgcolor: theme.plot,
    font: { family: 'Inter, system-ui, sans-serif', size: 12, color: theme.text2 },
    legend: {
      orientation: 'h',
      x: 1,
      xanchor: 'right',
      y: 1,
      yanchor: 'bottom',
      font: { size: 12, color: theme.text2 },
    },
    hoverlabel: {
      bgcolor: theme.bg3,
      bordercolor: theme.line3,
      font: { family: 'Inter, system-ui, sans-serif', size: 12, color: theme.text1 },
    },
    modebar: { bgcolor: 'rgba(0,0,0,0)', color: theme.text3, activecolor: theme.text1, orientation: 'h' },
    uirevision: title,
    transition: { duration: 0 },
  };
}

/** Draws a figure; a new one with the same title keeps the zoom. */
export function PlotlyFigure({ figure, theme }: { figure: Figure; theme: ChartTheme }) {
  const element = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (element.current) void Plotly.react(element.current, figure.traces, layoutOf(figure, theme), CONFIG);
  }, [figure, theme]);
  useEffect(() => {
    const { current } = element;
    if (!current) return;
    const observer = new ResizeObserver(() => {
      if (current.classList.contains('js-plotly-plot')) void Plotly.Plots.resize(current);
    });
    observer.observe(current);
    return () => {
      observer.disconnect();
      Plotly.purge(current);
    };
  }, []);
  return <div ref={element} className="plotly-figure" role="group" aria-label={figure.title} />;
}
