import { Suspense, lazy, useMemo, useState } from 'react';
import type { CameraName } from '#shared/domain/camera.ts';
import type { Measurement } from '#shared/domain/measurement.ts';
import { findMetric } from '#shared/qa/catalogue.ts';
import { chartTheme } from '../../charts/chart-theme.ts';
import { metricFigure } from '../../charts/metric-figure.ts';
import { jsonText, valueRows } from '../../model/values.ts';
import { useView } from '../../store/context.tsx';
import { Segmented } from '../../ui/controls.tsx';
import { StateNote } from '../../ui/panel.tsx';
import { ScrollRegion } from '../../ui/scroll-region.tsx';
import { StatusGlyph } from '../../ui/status-glyph.tsx';
import { HISTORY } from './metric-table.tsx';
import { useAnswer, type Loaded } from './use-engine-data.ts';

const PlotlyFigure = lazy(() =>
  import('../../charts/plotly-figure.tsx').then((module) => ({ default: module.PlotlyFigure })),
);

function Values({ measurement }: { measurement: Measurement }) {
  const rows = valueRows(measurement.value);
  return (
    <ScrollRegion role="region" label="All values" className="values">
      <table>
        <tbody>
          {rows.map(({ name, text, part }) => (
            <tr key={`${part} ${name}`} className={part}>
              <th scope="row">{name}</th>
              <td>{text}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <pre>{jsonText(measurement.value)}</pre>
    </ScrollRegion>
  );
}

function Plot({ measurement, revision }: { measurement: Measurement; revision: string }) {
  const themeName = useView((view) => view.theme);
  const theme = useMemo(() => chartTheme(themeName), [themeName]);
  const { camera, metric, keys } = measurement;
  const key = keys[0]?.key ?? '';
  const history = useAnswer('metric.history', key === '' ? null : { camera, metric, key, limit: HISTORY }, revision);
  const past = history.state === 'ready' ? history.value : null;
  const figure = useMemo(() => metricFigure(measurement, past ?? [], theme), [measurement, past, theme]);
  if (!figure) {
    return (
      <div className="plot-state">
        <StateNote glyph={<StatusGlyph status="unknown" size={16} named />} title="No arrays to draw">
          This metric came as single numbers. They are under Values.
        </StateNote>
      </div>
    );
  }
  return (
    <figure className="plot">
      <figcaption>{figure.title}</figcaption>
      <Suspense fallback={<div className="plotly-figure" aria-busy="true" />}>
        {/* Figures of different metrics have different subplots; Plotly loses its way when one becomes another. */}
        <PlotlyFigure key={metric} figure={figure} theme={theme} />
      </Suspense>
    </figure>
  );
}

/** The evidence: the plot of the chosen metric, or every value as it was posted. */
export function PlotPanel({
  camera,
  metric,
  measurements,
  revision,
}: {
  camera: CameraName;
  metric: string | undefined;
  measurements: Loaded<readonly Measurement[]>;
  revision: string;
}) {
  const [face, setFace] = useState<'plot' | 'values'>('plot');
  const measurement =
    measurements.state === 'ready' ? measurements.value.find((item) => item.metric === metric) : undefined;
  const definition = metric === undefined ? undefined : findMetric(metric);
  return (
    <section className="panel plot-panel" aria-label="Plot">
      <div className="panel-head">
        <h2>{definition?.title ?? metric ?? 'Plot'}</h2>
        <span className="note">{definition?.description}</span>
        <span className="spring" />
        <Segmented
          label="Show"
          value={face}
          options={[
            { value: 'plot', text: 'Plot' },
            { value: 'values', text: 'Values' },
          ]}
          onChange={setFace}
        />
      </div>
      {measurement ? (
        face === 'plot' ? (
          <Plot measurement={measurement} revision={revision} />
        ) : (
          <Values measurement={measurement} />
        )
      ) : (
        <div className="plot-state">
          {measurements.state === 'error' ? (
            <StateNote
              glyph={<StatusGlyph status="failed" size={16} named />}
              title={`The values of ${camera} could not be read`}
            >
              {measurements.message}
            </StateNote>
          ) : measurements.state === 'ready' ? (
            <StateNote glyph={<StatusGlyph status="waiting" size={16} named />} title="Nothing posted yet">
              The plot appears with the first measurement of this metric.
            </StateNote>
          ) : null}
        </div>
      )}
    </section>
  );
}
