import { useEffect, useRef, useState } from 'react';
import type { Axis, ChartTheme, Figure } from './figure.ts';
import { fiberAt } from './mark-fiber.ts';
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

/** What Plotly tells of a click. */
interface PointEvent {
  points: readonly { curveNumber: number; pointNumber: number }[];
}

/**
 * Plotly draws in several steps with pauses between. A drawing that is changed, resized or removed in a pause breaks, so
 * every piece of work waits for the one before, and removal comes last.
 */
function drawingOn(element: HTMLElement) {
  let alive = true;
  let work = Promise.resolve<unknown>(undefined);
  const then = (task: () => Promise<unknown> | undefined): void => {
    work = work
      .then(() => (alive ? task() : undefined))
      .catch((error: unknown) => {
        // What fails because the element is gone is of no interest.
        if (alive) reportError(error);
      });
  };
  return {
    draw(figure: Figure, theme: ChartTheme): void {
      then(() => Plotly.react(element, figure.traces, layoutOf(figure, theme), CONFIG));
    },
    resize(): void {
      then(() => (element.classList.contains('js-plotly-plot') ? Plotly.Plots.resize(element) : undefined));
    },
    onPoint(listen: (trace: number, point: number) => void): void {
      then(() => {
        const plot = element as HTMLElement & { on?: (name: string, call: (event: PointEvent) => void) => void };
        plot.on?.('plotly_click', ({ points }) => {
          const [point] = points;
          if (point) listen(point.curveNumber, point.pointNumber);
        });
        return undefined;
      });
    },
    remove(): void {
      alive = false;
      void work.then(() => {
        Plotly.purge(element);
      });
    },
  };
}

/** Draws a figure; a new one with the same title keeps the zoom. A click on a point that is a fiber tells which. */
export function PlotlyFigure({
  figure,
  theme,
  onFiber,
}: {
  figure: Figure;
  theme: ChartTheme;
  onFiber?: (fiber: number) => void;
}) {
  const container = useRef<HTMLDivElement>(null);
  const [drawing, setDrawing] = useState<ReturnType<typeof drawingOn> | null>(null);
  useEffect(() => {
    const parent = container.current;
    if (!parent) return;
    // An element of its own for every mount: what is removed late never touches what comes after.
    const element = document.createElement('div');
    element.className = 'plotly-drawing';
    parent.append(element);
    const own = drawingOn(element);
    setDrawing(own);
    const observer = new ResizeObserver(() => {
      own.resize();
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      own.remove();
      element.remove();
    };
  }, []);
  const latest = useRef({ figure, onFiber });
  useEffect(() => {
    latest.current = { figure, onFiber };
  });
  useEffect(() => {
    drawing?.draw(figure, theme);
  }, [drawing, figure, theme]);
  useEffect(() => {
    // Plotly takes listeners once it has drawn.
    drawing?.onPoint((index, point) => {
      const trace = latest.current.figure.traces[index];
      const fiber = trace ? fiberAt(trace, point) : null;
      if (fiber !== null) latest.current.onFiber?.(fiber);
    });
  }, [drawing]);
  return <div ref={container} className="plotly-figure" role="group" aria-label={figure.title} />;
}
