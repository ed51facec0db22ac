import { snrModel } from '#shared/qa/snr-model.ts';
import { SERIES_SYMBOLS, type ChartTheme, type Figure, type Trace } from '../figure.ts';

/** Fibers of one target class: S/N and magnitude of each, and the fit a, b of the original's model. */
export interface SnrClass {
  name: string;
  snr: readonly (number | null)[];
  magnitude: readonly (number | null)[];
  fibers: readonly number[];
  fit: readonly [number, number] | null;
}

/** Magnitudes outside are place-holders of the original for fibers without a target flux. */
const MAGNITUDES = [12, 28] as const;
const FIT_POINTS = 60;

function usable({ snr, magnitude, fibers }: SnrClass): { m: number; s: number; fiber: number }[] {
  return snr.flatMap((s, i) => {
    const m = magnitude[i];
    if (s === null || s <= 0 || m === null || m === undefined || m < MAGNITUDES[0] || m > MAGNITUDES[1]) return [];
    return [{ m, s, fiber: fibers[i] ?? -1 }];
  });
}

/** (S/N)² against magnitude, a colour and a marker a class, with the fits and the magnitude at which they are judged. */
export function snrFigure(
  classes: readonly SnrClass[],
  filter: string,
  exptime: number | null,
  fiducial: number | null,
  theme: ChartTheme,
): Figure {
  const traces = classes.flatMap((target, i): Trace[] => {
    const points = usable(target);
    const color = theme.series[i % 4] ?? theme.text2;
    const scatter: Trace = {
      type: 'scatter',
      mode: 'markers',
      name: target.name,
      legendgroup: target.name,
      meta: 'fiber',
      x: points.map(({ m }) => m),
      y: points.map(({ s }) => s * s),
      customdata: points.map(({ fiber, s }) => [fiber, s]),
      marker: { color, symbol: SERIES_SYMBOLS[i % 4] ?? 'circle', size: 5, opacity: 0.75 },
      hovertemplate: `fiber %{customdata[0]}, ${target.name}<br>mag %{x:.2f}, S/N %{customdata[1]:.2f}<extra></extra>`,
    };
    const { fit } = target;
    if (!fit || exptime === null || points.length === 0) return [scatter];
    const low = Math.min(...points.map(({ m }) => m));
    const high = Math.max(...points.map(({ m }) => m));
    const x = Array.from({ length: FIT_POINTS }, (_, k) => low + ((high - low) * k) / (FIT_POINTS - 1));
    const curve: Trace = {
      type: 'scatter',
      mode: 'lines',
      name: `${target.name} fit`,
      legendgroup: target.name,
      showlegend: false,
      x,
      y: x.map((m) => snrModel(m, fit, exptime) ** 2),
      line: { color, width: 2 },
      hoverinfo: 'skip',
    };
    return [scatter, curve];
  });
  const mark = fiducial === null ? [] : [fiducial];
  return {
    title: '(S/N)\u00b2 against magnitude, by target class',
    traces,
    layout: {
      showlegend: true,
      xaxis: { title: { text: `${filter} magnitude` } },
      yaxis: { title: { text: '(S/N)\u00b2' }, type: 'log', tickformat: '~g', dtick: 1 },
      shapes: mark.map((m) => ({
        type: 'line',
        x0: m,
        x1: m,
        y0: 0,
        y1: 1,
        yref: 'y domain',
        layer: 'below',
        line: { color: theme.line3, width: 1.5 },
      })),
      annotations: mark.map((m) => ({
        text: ` mag ${m}`,
        x: m,
        y: 1,
        yref: 'y domain',
        showarrow: false,
        xanchor: 'left',
        yanchor: 'top',
        font: { size: 12, color: theme.text2 },
      })),
    },
  };
}
