import { Suspense, lazy, useMemo, useState } from 'react';
import { armOf, type CameraName } from '#shared/domain/camera.ts';
import type { Measurement } from '#shared/domain/measurement.ts';
import { findMetric } from '#shared/qa/catalogue.ts';
import { chartTheme } from '../../charts/chart-theme.ts';
import type { ChartTheme, Figure } from '../../charts/figure.ts';
import { markFiber } from '../../charts/mark-fiber.ts';
import { metricTabs } from '../../charts/metric-tabs.ts';
import { jsonText, valueRows } from '../../model/values.ts';
import { useView } from '../../store/context.tsx';
import { useChooseFiber } from '../../store/fiber-choice.ts';
import { Segmented } from '../../ui/controls.tsx';
import { StateNote } from '../../ui/panel.tsx';
import { ScrollRegion } from '../../ui/scroll-region.tsx';
import { StatusGlyph } from '../../ui/status-glyph.tsx';
import { targetWords } from '../fibers/fiber-words.ts';
import { useFibermap } from '../fibers/use-fibers.ts';
import { HISTORY } from './metric-table.tsx';
import { useAnswer, type Loaded } from './use-engine-data.ts';

const NONE: readonly Measurement[] = [];

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

/** What is drawn: the tabs of the metric, and the figure of the one that is open. */
function usePlots(measurement: Measurement | undefined, all: readonly Measurement[], runId: number, revision: string) {
  const themeName = useView((view) => view.theme);
  const theme = useMemo(() => chartTheme(themeName), [themeName]);
  const mapAnswer = useFibermap(runId);
  const map = mapAnswer.state === 'ready' ? mapAnswer.value : null;
  const key = measurement?.keys[0]?.key ?? '';
  const request =
    measurement && key !== '' ? { camera: measurement.camera, metric: measurement.metric, key, limit: HISTORY } : null;
  const answer = useAnswer('metric.history', request, revision);
  const history = answer.state === 'ready' ? answer.value : null;
  const goodFibers = all.find(({ metric }) => metric === 'countbins') ?? null;
  const tabs = useMemo(() => {
    if (!measurement) return [];
    const arm = armOf(measurement.camera);
    const words = (fiber: number): string => targetWords(map, arm, fiber);
    return metricTabs(measurement, { history: history ?? [], map, goodFibers, theme, words });
  }, [measurement, history, map, goodFibers, theme]);
  return { tabs, theme };
}

function Plot({ figure, drawingKey, theme }: { figure: Figure; drawingKey: string; theme: ChartTheme }) {
  const fiber = useView((view) => view.fiber);
  const choose = useChooseFiber();
  const marked = useMemo(() => markFiber(figure, fiber, theme), [figure, fiber, theme]);
  return (
    <figure className="plot">
      <figcaption>{figure.title}</figcaption>
      <Suspense fallback={<div className="plotly-figure" aria-busy="true" />}>
        {/* Figures of different metrics have different subplots; Plotly loses its way when one becomes another. */}
        <PlotlyFigure key={drawingKey} figure={marked} theme={theme} onFiber={choose} />
      </Suspense>
    </figure>
  );
}

const VALUES = 'values';

/** The evidence: the plots of the chosen metric by tabs, and every value as it was posted. */
export function PlotPanel({
  camera,
  runId,
  metric,
  measurements,
  revision,
}: {
  camera: CameraName;
  runId: number;
  metric: string | undefined;
  measurements: Loaded<readonly Measurement[]>;
  revision: string;
}) {
  const [wanted, setWanted] = useState<string | null>(null);
  const all = measurements.state === 'ready' ? measurements.value : NONE;
  const measurement = all.find((item) => item.metric === metric);
  const { tabs, theme } = usePlots(measurement, all, runId, revision);
  const definition = metric === undefined ? undefined : findMetric(metric);
  const open = wanted === VALUES ? VALUES : (tabs.find(({ id }) => id === wanted)?.id ?? tabs[0]?.id ?? VALUES);
  const figure = useMemo(() => tabs.find(({ id }) => id === open)?.figure(), [tabs, open]);
  return (
    <section className="panel plot-panel" aria-label="Plot">
      <div className="panel-head">
        <h2 title={definition?.description}>{definition?.title ?? metric ?? 'Plot'}</h2>
        <span className="note">{definition?.description}</span>
        <span className="spring" />
        <Segmented
          label="Show"
          value={open}
          options={[...tabs.map(({ id, text }) => ({ value: id, text })), { value: VALUES, text: 'Values' }]}
          onChange={setWanted}
        />
      </div>
      {measurement ? (
        figure ? (
          <Plot figure={figure} drawingKey={`${measurement.metric} ${open}`} theme={theme} />
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
