import { useMemo, useState } from 'react';
import { CAMERAS } from '#shared/domain/camera.ts';
import { expid8 } from '#shared/domain/exposure.ts';
import { QA_STATUSES } from '#shared/domain/measurement.ts';
import type { TrendAnswer, TrendCatalogue } from '#shared/domain/trend.ts';
import { CanvasChart, type Zoom } from '../../charts/canvas/canvas-chart.tsx';
import type { Picked } from '../../charts/canvas/canvas-figure.ts';
import { canvasTheme } from '../../charts/canvas/canvas-theme.ts';
import {
  lineName,
  limitsAt,
  limitsDiffer,
  trendFigure,
  trendLegend,
  TREND_SPLITS,
} from '../../charts/figures/trend.ts';
import { count, formatLimit, formatValue, utcTime } from '../../model/format.ts';
import { keyTitle, likelyLabels, periodWords, toggled } from '../../model/trends-view.ts';
import { useView } from '../../store/context.tsx';
import { useOpenEvidence } from '../../store/open-evidence.ts';
import { Segmented } from '../../ui/controls.tsx';
import { StatusGlyph } from '../../ui/status-glyph.tsx';
import { CameraPicker } from './camera-picker.tsx';
import { Filters } from './filters.tsx';
import { KeySelect } from './key-select.tsx';
import { LineTable } from './line-table.tsx';
import { Legend } from './legend.tsx';
import { PlotState } from './plot-state.tsx';
import { TrendsLayout } from './trends-layout.tsx';
import { useLatestAnswer } from './use-latest-answer.ts';
import { useTrendsView } from './use-trends-view.ts';
import { WholePeriodButton } from './whole-period-button.tsx';

/** Points of one answer: as many as a screen can tell apart. */
const POINTS = 20_000;

const SPLIT_WORDS = { together: 'One plot', arm: 'Arms', camera: 'Cameras', element: 'Elements' } as const;

function Choices({ catalogue, labels }: { catalogue: TrendCatalogue | null; labels: readonly string[] }) {
  const [trends, change] = useTrendsView();
  return (
    <>
      <KeySelect
        metric={trends.metric}
        keyName={trends.key}
        catalogue={catalogue}
        onChange={(metric, key) => {
          change({ metric, key, labels: null });
        }}
      />
      {labels.length > 1 && (
        <fieldset className="choice">
          <legend>Elements</legend>
          <div className="chips">
            {labels.map((label) => (
              <button
                type="button"
                key={label}
                className="chip"
                aria-pressed={trends.labels?.includes(label) ?? true}
                onClick={() => {
                  const next = toggled(labels, trends.labels ?? labels, label);
                  change({ labels: next.length === labels.length ? null : next });
                }}
              >
                {label}
              </button>
            ))}
          </div>
        </fieldset>
      )}
      <div className="choice">
        <span>
          Cameras <small>{trends.cameras.length === CAMERAS.length ? 'all 30' : trends.cameras.length}</small>
        </span>
        <CameraPicker
          chosen={trends.cameras}
          onChange={(cameras) => {
            change({ cameras });
          }}
        />
      </div>
      <Filters
        filter={trends.filter}
        catalogue={catalogue}
        withFlavor
        onChange={(filter) => {
          change({ filter });
        }}
      />
    </>
  );
}

function PointTip({ answer, keyName, at }: { answer: TrendAnswer; keyName: string; at: Picked }) {
  const line = answer.lines[at.group];
  if (!line) return null;
  const place = line.exposure[at.index] ?? 0;
  const status = QA_STATUSES[line.status[at.index] ?? 3] ?? 'unknown';
  const { exposures } = answer;
  const own = limitsAt(answer, line, at.index, keyName);
  const range = (limits: [number, number] | null): string =>
    limits === null ? 'none' : `${formatLimit(limits[0])} to ${formatLimit(limits[1])}`;
  return (
    <>
      <div>
        <StatusGlyph status={status} size={13} />
        <b>
          {lineName(line)} {formatValue(line.value[at.index] ?? null)}
        </b>{' '}
        {status}
      </div>
      <div>
        normal {range(own.normal)}, warning {range(own.warn)}
      </div>
      <div>
        exposure <b>{expid8(exposures.expid[place] ?? 0)}</b>, {exposures.flavor[place]}
        {exposures.program[place] ? ` ${exposures.program[place]}` : ''}
      </div>
      <div>
        night {exposures.night[place]}, {utcTime(exposures.at[place] ?? 0)} UTC
      </div>
    </>
  );
}

/** A judged key of many cameras over the exposures, with its limits; a click leads to the exposure's evidence. */
export function LinesView({ catalogue }: { catalogue: TrendCatalogue | null }) {
  const [trends, change] = useTrendsView();
  const { metric, key, cameras, labels, filter, split, along, scale } = trends;
  const open = useOpenEvidence();
  const themeName = useView((state) => state.theme);
  const theme = useMemo(() => canvasTheme(themeName), [themeName]);
  const [focus, setFocus] = useState<number | null>(null);
  const [pointed, setPointed] = useState<number | null>(null);
  const [zoomed, setZoomed] = useState<{ of: TrendAnswer; x: [number, number] } | null>(null);
  const { value, error, old } = useLatestAnswer('trend.lines', {
    metric,
    key,
    cameras: [...cameras],
    labels: labels && [...labels],
    filter,
    points: POINTS,
  });
  const title = keyTitle(metric, key);
  const zoom = zoomed && zoomed.of === value ? zoomed.x : null;
  const figure = useMemo(
    () =>
      value && value.lines.length > 0
        ? trendFigure(value, key, {
            split,
            along,
            scale,
            focus,
            zoom,
            yTitle: title,
            title: `${title} of ${count(cameras.length, 'camera')}, ${periodWords(filter)}`,
          })
        : null,
    [value, key, split, along, scale, focus, zoom, title, cameras.length, filter],
  );
  const legend = useMemo(() => (value ? trendLegend(value, split) : []), [value, split]);
  const differ = useMemo(() => (value ? limitsDiffer(value, split, key) : false), [value, split, key]);
  const go = (at: Picked): void => {
    const line = value?.lines[at.group];
    const runId = line?.run[at.index];
    if (line && runId !== undefined) void open({ screen: 'camera', runId, camera: line.camera, metricKey: key });
  };
  const known = value && value.labels.length > 0 ? value.labels : likelyLabels(metric, key);
  const note =
    value === null
      ? ''
      : value.kept < value.total
        ? `${value.total} numbers, ${value.kept} drawn, no extreme left out`
        : `${count(value.total, 'number')} of ${count(value.exposures.expid.length, 'exposure')}`;
  return (
    <TrendsLayout
      choices={<Choices catalogue={catalogue} labels={known} />}
      note={note}
      tools={
        <>
          <WholePeriodButton
            zoomed={zoom !== null}
            onClick={() => {
              setZoomed(null);
            }}
          />
          <Segmented
            label="Plots"
            value={split}
            options={TREND_SPLITS.map((option) => ({ value: option, text: SPLIT_WORDS[option] }))}
            onChange={(next) => {
              change({ split: next });
            }}
          />
          <Segmented
            label="Along"
            value={along}
            options={[
              { value: 'exposure', text: 'Exposures' },
              { value: 'time', text: 'Time' },
            ]}
            onChange={(next) => {
              setZoomed(null);
              change({ along: next });
            }}
          />
          <Segmented
            label="Scale"
            value={scale}
            options={[
              { value: 'all', text: 'All values' },
              { value: 'limits', text: 'Limits' },
            ]}
            onChange={(next) => {
              change({ scale: next });
            }}
          />
        </>
      }
      under={
        value && (
          <LineTable
            answer={value}
            focus={focus}
            pointed={pointed}
            onPoint={setPointed}
            onFocus={(line) => {
              setFocus(line === focus ? null : line);
            }}
          />
        )
      }
    >
      {(legend.length > 0 || differ) && (
        <Legend
          entries={legend}
          note={
            differ
              ? focus === null
                ? 'These lines have limits of their own: choose one below to see them'
                : `Limits of ${value?.lines[focus] ? lineName(value.lines[focus]) : 'the chosen line'}`
              : ''
          }
        />
      )}
      {figure && value ? (
        <div className={`plot-frame${old ? ' old' : ''}`}>
          <CanvasChart
            figure={figure}
            theme={theme}
            highlight={pointed ?? focus}
            describe={(at) => <PointTip answer={value} keyName={key} at={at} />}
            onOpen={go}
            onZoom={(next: Zoom | null) => {
              setZoomed(next && { of: value, x: next.x });
            }}
          />
        </div>
      ) : (
        <PlotState
          loading={value === null && error === ''}
          error={error}
          empty={`No ${title.toLowerCase()} was measured in ${periodWords(filter)}`}
        >
          Choose more nights, another flavor or other cameras.
        </PlotState>
      )}
    </TrendsLayout>
  );
}
