import { useMemo, useState } from 'react';
import { expid8 } from '#shared/domain/exposure.ts';
import type { ConditionsAnswer, TrendCatalogue } from '#shared/domain/trend.ts';
import { CanvasChart } from '../../charts/canvas/canvas-chart.tsx';
import type { Picked } from '../../charts/canvas/canvas-figure.ts';
import { canvasTheme } from '../../charts/canvas/canvas-theme.ts';
import {
  CONDITIONS,
  conditionPlaces,
  conditionPrograms,
  conditionsFigure,
  programLook,
} from '../../charts/figures/conditions.ts';
import { count, formatValue, observatoryTime, utcTime } from '../../model/format.ts';
import { conditionSummary } from '../../model/conditions.ts';
import { periodWords } from '../../model/trends-view.ts';
import { useView } from '../../store/context.tsx';
import { useOpenEvidence } from '../../store/open-evidence.ts';
import { Segmented } from '../../ui/controls.tsx';
import { Filters } from './filters.tsx';
import { Legend } from './legend.tsx';
import { PlotState } from './plot-state.tsx';
import { TrendsLayout } from './trends-layout.tsx';
import { useLatestAnswer } from './use-latest-answer.ts';
import { useTrendsView } from './use-trends-view.ts';
import { WholePeriodButton } from './whole-period-button.tsx';

function ExposureTip({ answer, place }: { answer: ConditionsAnswer; place: number }) {
  const at = answer.at[place] ?? 0;
  return (
    <>
      <div>
        exposure <b>{expid8(answer.expid[place] ?? 0)}</b>, {answer.flavor[place]}
        {answer.program[place] ? ` ${answer.program[place]}` : ''}
      </div>
      <div>
        night {answer.night[place]}, {utcTime(at)} UTC, {observatoryTime(at)} MST
      </div>
      <div>
        airmass <b>{formatValue(answer.airmass[place] ?? null)}</b>, seeing{' '}
        <b>{formatValue(answer.seeing[place] ?? null)}</b> arcsec, sky <b>{formatValue(answer.sky[place] ?? null)}</b>{' '}
        mag
      </div>
    </>
  );
}

function Summary({ answer }: { answer: ConditionsAnswer }) {
  return (
    <section className="panel fit-panel conditions" aria-label="Conditions in numbers">
      {CONDITIONS.map(({ name, title }) => {
        const summary = conditionSummary(answer[name]);
        return (
          <dl key={name} data-condition={name}>
            <dt>{title}</dt>
            <dd>
              {summary ? formatValue(summary.median) : 'none'}
              {summary && (
                <small>
                  {' '}
                  {formatValue(summary.low)} to {formatValue(summary.high)}, {count(summary.n, 'exposure')}
                </small>
              )}
            </dd>
          </dl>
        );
      })}
    </section>
  );
}

/** Airmass, seeing and sky of the exposures. */
export function ConditionsView({ catalogue }: { catalogue: TrendCatalogue | null }) {
  const [{ filter, conditionsAlong: along }, change] = useTrendsView();
  const open = useOpenEvidence();
  const themeName = useView((state) => state.theme);
  const theme = useMemo(() => canvasTheme(themeName), [themeName]);
  const [zoomed, setZoomed] = useState<{ of: ConditionsAnswer; x: [number, number] } | null>(null);
  const { value, error, old } = useLatestAnswer('trend.conditions', filter);
  const zoom = zoomed && zoomed.of === value ? zoomed.x : null;
  const figure = useMemo(
    () => (value && value.expid.length > 0 ? conditionsFigure(value, along, zoom) : null),
    [value, along, zoom],
  );
  const placeOf = ({ panel, group, index }: Picked): number => {
    const condition = CONDITIONS[panel];
    if (!value || !condition) return 0;
    return conditionPlaces(value, condition.name, conditionPrograms(value)[group] ?? null)[index] ?? 0;
  };
  const legend = useMemo(
    () =>
      value
        ? conditionPrograms(value).map((program, group) => ({
            group,
            ...programLook(group),
            text: program ?? 'no program',
          }))
        : [],
    [value],
  );
  return (
    <TrendsLayout
      choices={
        <Filters
          filter={filter}
          catalogue={catalogue}
          withFlavor
          onChange={(next) => {
            change({ filter: next });
          }}
        />
      }
      note={
        value === null
          ? ''
          : value.expid.length < value.total
            ? `the newest ${value.expid.length} of ${value.total} exposures`
            : count(value.total, 'exposure')
      }
      tools={
        <>
          <WholePeriodButton
            zoomed={zoom !== null}
            onClick={() => {
              setZoomed(null);
            }}
          />
          <Segmented
            label="Along"
            value={along}
            options={[
              { value: 'time', text: 'Time' },
              { value: 'hour', text: 'Hour of the night' },
            ]}
            onChange={(next) => {
              setZoomed(null);
              change({ conditionsAlong: next });
            }}
          />
        </>
      }
      under={value && value.expid.length > 0 && <Summary answer={value} />}
    >
      {figure && value ? (
        <>
          <Legend entries={legend.length > 1 ? legend : []} note="" />
          <div className={`plot-frame${old ? ' old' : ''}`}>
            <CanvasChart
              figure={figure}
              theme={theme}
              highlight={null}
              describe={(at) => <ExposureTip answer={value} place={placeOf(at)} />}
              onOpen={(at) => {
                const runId = value.run[placeOf(at)] ?? null;
                if (runId !== null) void open({ screen: 'monitor', runId });
              }}
              onZoom={(next) => {
                setZoomed(next && { of: value, x: next.x });
              }}
            />
          </div>
        </>
      ) : (
        <PlotState
          loading={value === null && error === ''}
          error={error}
          empty={`No exposure in ${periodWords(filter)}`}
        >
          Choose more nights, or another flavor or program.
        </PlotState>
      )}
    </TrendsLayout>
  );
}
