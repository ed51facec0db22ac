import type { JudgedKey } from '#shared/domain/measurement.ts';
import { findKey } from '#shared/qa/catalogue.ts';
import { unitText } from '../../model/format.ts';
import { SERIES_SYMBOLS, type ChartTheme, type Figure } from '../figure.ts';
import { boundsAt, limitShapes, rangeOver } from '../limit-shapes.ts';
import type { History } from './amplifiers.ts';

/** How each number of a key has gone in recent exposures; with limits where all its numbers have the same. */
export function historyFigure(key: JudgedKey, history: History, theme: ChartTheme): Figure {
  const definition = findKey(key.key);
  const name = definition?.label ?? key.key;
  const unit = unitText(definition?.unit ?? '');
  const references = new Set(key.elements.map(({ reference }) => reference));
  const limits = references.size === 1 ? boundsAt(key, 0) : { bounds: { normal: null, warn: null }, reference: null };
  const range = rangeOver(
    history.flatMap(({ values }) => values),
    limits.bounds,
  );
  return {
    title: `${name} in recent exposures`,
    traces: key.elements.map(({ label }, i) => ({
      type: 'scatter',
      mode: 'lines+markers',
      name: label === '' ? name : label,
      x: history.map(({ expid }) => String(expid)),
      y: history.map(({ values }) => values[i] ?? null),
      line: { color: theme.series[i % 4] ?? theme.text2, width: 1.5 },
      marker: { color: theme.series[i % 4] ?? theme.text2, size: 6, symbol: SERIES_SYMBOLS[i % 4] ?? 'circle' },
      hovertemplate: `exposure %{x}<br>${label} %{y:.4g} ${unit}<extra></extra>`,
    })),
    layout: {
      showlegend: key.elements.length > 1,
      xaxis: { title: { text: 'exposure' }, type: 'category', nticks: 10 },
      yaxis: { title: { text: unit === '' ? name : `${name}, ${unit}` }, ...(range ? { range } : {}) },
      shapes: limitShapes(theme, limits),
    },
  };
}
