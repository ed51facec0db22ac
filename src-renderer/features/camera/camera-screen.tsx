import { useCallback, useMemo, useState } from 'react';
import type { CameraModel } from '../../model/camera-model.ts';
import { count } from '../../model/format.ts';
import { metricTables, offNormalOnly, type MetricRow } from '../../model/metric-rows.ts';
import { problemsOfCamera } from '../../model/problems.ts';
import { useApp, useRoom, useView } from '../../store/context.tsx';
import { NoExposureScreen } from '../shell/no-exposure.tsx';
import { shownRun } from '../../store/control-room.ts';
import { Segmented } from '../../ui/controls.tsx';
import { Panel, StateNote } from '../../ui/panel.tsx';
import { StatusGlyph } from '../../ui/status-glyph.tsx';
import { AmplifierPanel } from './amplifier-panel.tsx';
import { CameraHeader } from './camera-header.tsx';
import { JobLogPanel } from './job-log.tsx';
import { MetricTable } from './metric-table.tsx';
import { PlotPanel } from './plot-panel.tsx';
import { useCameraShortcuts } from './use-camera-shortcuts.ts';
import { useAnswer } from './use-engine-data.ts';
import './camera.css';

/** The row that is shown: the chosen key, else the worst problem, else the first row. */
function selectRow(rows: readonly MetricRow[], model: CameraModel, chosen: string | null): MetricRow | undefined {
  const keyed = (key: string | null | undefined): MetricRow | undefined =>
    key ? rows.find((row) => row.key === key || (row.key === '' && row.metric === key)) : undefined;
  const [worst] = problemsOfCamera(model);
  return keyed(chosen) ?? keyed(worst?.key ?? worst?.metric) ?? rows[0];
}

/** Which limits judged the run on screen: the version that people set, or those of its configuration alone. */
function JudgedBy() {
  const run = useRoom((state) => shownRun(state)?.run);
  const limits = run?.limitsVersion ?? null;
  const from = run?.configurationId ?? null;
  const words = limits !== null ? `limits v${limits}` : from !== null ? `configuration v${from}` : 'limits as posted';
  const title =
    limits !== null
      ? `Judged by version ${limits} of the limits, over those of the QL configuration${from === null ? '' : `, version ${from}`}`
      : 'Judged by the limits of the QL configuration that came with the values';
  return <span title={title}>{words}</span>;
}

function Screen({ model, runId }: { model: CameraModel; runId: number }) {
  const { view } = useApp();
  const { camera, job, measurements } = model;
  const chosen = useView((state) => state.metricKey);
  const [filter, setFilter] = useState<'all' | 'off'>('all');
  const all = useMemo(() => metricTables(model), [model]);
  const off = useMemo(() => offNormalOnly(all), [all]);
  const tables = filter === 'off' && off.length > 0 ? off : all;
  const rows = useMemo(() => tables.flatMap((table) => table.rows), [tables]);
  const selected = selectRow(rows, model, chosen);
  const select = useCallback(
    (row: MetricRow): void => {
      view.setState({ metricKey: row.key === '' ? row.metric : row.key });
    },
    [view],
  );
  const main = rows.filter(({ sub }) => !sub);
  const step = (by: 1 | -1) => (): void => {
    const at = main.findIndex((row) => row.key === selected?.key && row.metric === selected.metric);
    const next = main.slice(by > 0 ? at + 1 : 0, by > 0 ? undefined : Math.max(0, at));
    // Rows of one key are one plot: go on to the next key.
    const row = (by > 0 ? next : next.reverse()).find(
      (item) => item.key !== selected?.key || item.metric !== selected.metric,
    );
    if (row) select(row);
  };
  useCameraShortcuts({ nextMetric: step(1), previousMetric: step(-1) });

  const revisions = useMemo(
    () => new Map(measurements.map(({ id, metric, revision: n }) => [metric, `${id}.${n}`])),
    [measurements],
  );
  const revision = [...revisions.values()].join(' ');
  const values = useAnswer('job.measurements', job ? { runId, camera } : null, revision);
  const offCount = off.reduce((n, table) => n + table.rows.filter(({ sub }) => !sub).length, 0);
  return (
    <div className="camera-screen">
      <CameraHeader model={model} />
      <Panel
        title="QA metrics"
        note={
          <>
            {count(measurements.length, 'metric posted', 'metrics posted')}, <JudgedBy />
          </>
        }
        className="metrics"
        tools={
          <Segmented
            label="Rows"
            value={filter}
            options={[
              { value: 'all', text: 'All' },
              { value: 'off', text: `Off-normal ${offCount}` },
            ]}
            onChange={setFilter}
          />
        }
      >
        {rows.length > 0 ? (
          <MetricTable
            camera={camera}
            tables={tables}
            selectedId={selected?.id}
            revisions={revisions}
            onSelect={select}
          />
        ) : (
          <StateNote
            glyph={<StatusGlyph status={model.status} size={16} named />}
            title={`Nothing measured in ${camera}`}
          >
            {job?.reason === '' || !job ? 'Each metric appears here as soon as it is posted.' : job.reason}
          </StateNote>
        )}
        <p className="keys" aria-hidden="true">
          <span>
            <kbd>J</kbd>
            <kbd>K</kbd> metric
          </span>
          <span>
            <kbd>{'\u2190'}</kbd>
            <kbd>{'\u2192'}</kbd> spectrograph
          </span>
          <span>
            <kbd>B</kbd>
            <kbd>R</kbd>
            <kbd>Z</kbd> arm
          </span>
          <span>
            <kbd>[</kbd>
            <kbd>]</kbd> exposure
          </span>
          <span>
            <kbd>N</kbd> next off-normal
          </span>
        </p>
      </Panel>
      <div className="evidence">
        <PlotPanel
          camera={camera}
          runId={runId}
          metric={selected?.metric}
          measurements={values}
          revision={revisions.get(selected?.metric ?? '') ?? ''}
        />
        {job ? (
          <JobLogPanel key={`${runId} ${camera}`} job={job} />
        ) : (
          <Panel title="Log" className="job-log">
            <StateNote glyph={<StatusGlyph status="waiting" size={16} named />} title="No job yet" />
          </Panel>
        )}
        <AmplifierPanel model={model} keyName={selected?.key ?? ''} />
      </div>
    </div>
  );
}

/** One camera of the run on screen: what was measured, against what limits, and the evidence. */
export function CameraScreen() {
  const camera = useView((view) => view.camera);
  const model = useRoom((state) => state.cameras[camera]);
  const runId = useRoom((state) => shownRun(state)?.run.id);
  if (runId === undefined) {
    return <NoExposureScreen>A camera can be looked at once the first exposure is processed.</NoExposureScreen>;
  }
  return <Screen model={model} runId={runId} />;
}
