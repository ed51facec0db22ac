import { useMemo, useState } from 'react';
import { expid8 } from '#shared/domain/exposure.ts';
import type { TelemetryAnswer } from '#shared/domain/telemetry.ts';
import type { TrendCatalogue } from '#shared/domain/trend.ts';
import { CanvasChart } from '../../charts/canvas/canvas-chart.tsx';
import type { Picked } from '../../charts/canvas/canvas-figure.ts';
import { canvasTheme } from '../../charts/canvas/canvas-theme.ts';
import { seriesTitle, telemetryFigure } from '../../charts/figures/telemetry.ts';
import { count, formatValue, observatoryTime, utcTime } from '../../model/format.ts';
import { periodWords } from '../../model/trends-view.ts';
import { useView } from '../../store/context.tsx';
import { useOpenEvidence } from '../../store/open-evidence.ts';
import { Filters } from './filters.tsx';
import { PlotState } from './plot-state.tsx';
import { TrendsLayout } from './trends-layout.tsx';
import { useLatestAnswer } from './use-latest-answer.ts';
import { useTrendsView } from './use-trends-view.ts';
import { WholePeriodButton } from './whole-period-button.tsx';

function PointTip({ answer, at: { group, index } }: { answer: TelemetryAnswer; at: Picked }) {
  const exposure = answer.exposures[group];
  const at = exposure?.at[index] ?? 0;
  return (
    <>
      <div>
        {answer.name} <b>{formatValue(exposure?.values[index] ?? null)}</b> {answer.unit}
      </div>
      <div>
        exposure <b>{expid8(exposure?.expid ?? 0)}</b>, {utcTime(at)} UTC, {observatoryTime(at)} MST
      </div>
    </>
  );
}

/** What sensors and the exposure-time calculator said during the exposures. */
export function TelemetryView({ catalogue }: { catalogue: TrendCatalogue | null }) {
  const [{ filter, telemetry }, change] = useTrendsView();
  const open = useOpenEvidence();
  const themeName = useView((state) => state.theme);
  const theme = useMemo(() => canvasTheme(themeName), [themeName]);
  const [zoomed, setZoomed] = useState<{ of: TelemetryAnswer; x: [number, number] } | null>(null);
  const { value, error, old } = useLatestAnswer('trend.telemetry', { filter, name: telemetry });
  const zoom = zoomed && zoomed.of === value ? zoomed.x : null;
  const figure = useMemo(
    () => (value && value.exposures.length > 0 ? telemetryFigure(value, zoom) : null),
    [value, zoom],
  );
  const note =
    value === null
      ? ''
      : `${count(value.exposures.length, 'exposure')}${value.looked < value.total ? `, of the newest ${value.looked} of ${value.total}` : ''}`;
  return (
    <TrendsLayout
      choices={
        <>
          <label className="choice">
            <span>Quantity</span>
            <select
              value={value?.name ?? telemetry ?? ''}
              disabled={!value || value.names.length === 0}
              onChange={(event) => {
                change({ telemetry: event.target.value });
              }}
            >
              {(value?.names ?? []).map((one) => (
                <option key={one.name} value={one.name}>
                  {seriesTitle(one)}
                </option>
              ))}
            </select>
          </label>
          <Filters
            filter={filter}
            catalogue={catalogue}
            withFlavor
            onChange={(next) => {
              change({ filter: next });
            }}
          />
        </>
      }
      note={note}
      tools={
        <WholePeriodButton
          zoomed={zoom !== null}
          onClick={() => {
            setZoomed(null);
          }}
        />
      }
    >
      {figure && value ? (
        <div className={`plot-frame${old ? ' old' : ''}`}>
          <CanvasChart
            figure={figure}
            theme={theme}
            highlight={null}
            describe={(at) => <PointTip answer={value} at={at} />}
            onOpen={({ group }) => {
              const runId = value.exposures[group]?.run ?? null;
              if (runId !== null) void open({ screen: 'monitor', runId });
            }}
            onZoom={(next) => {
              setZoomed(next && { of: value, x: next.x });
            }}
          />
        </div>
      ) : (
        <PlotState
          loading={value === null && error === ''}
          error={error}
          empty={`No telemetry in ${periodWords(filter)}`}
        >
          It comes with the files of an exposure, from the DOS. Choose more nights, or another quantity.
        </PlotState>
      )}
    </TrendsLayout>
  );
}
