import { useMemo, useState } from 'react';
import { expid8 } from '#shared/domain/exposure.ts';
import {
  EXPOSURE_QUANTITIES,
  type LineFit,
  type Quantity,
  type RegressionAnswer,
  type TrendCatalogue,
} from '#shared/domain/trend.ts';
import { CanvasChart, type Zoom } from '../../charts/canvas/canvas-chart.tsx';
import type { Picked } from '../../charts/canvas/canvas-figure.ts';
import { canvasTheme } from '../../charts/canvas/canvas-theme.ts';
import { ARM_SHAPES, regressionFigure, regressionGroups } from '../../charts/figures/regression.ts';
import { formatLimit, formatValue } from '../../model/format.ts';
import { QUANTITY_WORDS, likelyLabels, periodWords, quantityTitle } from '../../model/trends-view.ts';
import { useView } from '../../store/context.tsx';
import { useOpenEvidence } from '../../store/open-evidence.ts';
import { CameraPicker } from './camera-picker.tsx';
import { Filters } from './filters.tsx';
import { KeyOptions, keyOfOption } from './key-select.tsx';
import { Legend } from './legend.tsx';
import { PlotState } from './plot-state.tsx';
import { TrendsLayout } from './trends-layout.tsx';
import { useLatestAnswer } from './use-latest-answer.ts';
import { useTrendsView } from './use-trends-view.ts';

const POINTS = 12_000;

function QuantitySelect({
  label,
  value,
  catalogue,
  onChange,
}: {
  label: string;
  value: Quantity;
  catalogue: TrendCatalogue | null;
  onChange: (quantity: Quantity) => void;
}) {
  const labels = value.kind === 'metric' ? likelyLabels(value.metric, value.key) : [];
  return (
    <div className="quantity">
      <label className="choice">
        <span>{label}</span>
        <select
          value={value.kind === 'exposure' ? value.name : `${value.metric} ${value.key}`}
          onChange={(event) => {
            const name = EXPOSURE_QUANTITIES.find((own) => own === event.target.value);
            const key = keyOfOption(event.target.value);
            if (name) onChange({ kind: 'exposure', name });
            else if (key) onChange({ kind: 'metric', ...key, label: null });
          }}
        >
          <optgroup label="Exposure">
            {EXPOSURE_QUANTITIES.map((name) => (
              <option key={name} value={name}>
                {QUANTITY_WORDS[name]}
              </option>
            ))}
          </optgroup>
          <KeyOptions catalogue={catalogue} />
        </select>
      </label>
      {value.kind === 'metric' && labels.length > 0 && (
        <div className="chips" role="group" aria-label={`Element of ${label}`}>
          {[null, ...labels].map((own) => (
            <button
              type="button"
              key={own ?? ''}
              className="chip"
              aria-pressed={value.label === own}
              onClick={() => {
                onChange({ ...value, label: own });
              }}
            >
              {own ?? 'mean'}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}

/** The fit in the observer's words and numbers. */
function FitPanel({ fit, total, titles }: { fit: LineFit | null; total: number; titles: { x: string; y: string } }) {
  if (!fit) {
    return (
      <section className="panel fit-panel" aria-label="Fit">
        <p>
          {total === 0
            ? 'No pair of these two.'
            : `${total} ${total === 1 ? 'pair' : 'pairs'}: a line needs three, with different values of ${titles.x}.`}
        </p>
      </section>
    );
  }
  const numbers: readonly (readonly [string, string])[] = [
    ['r', fit.r.toFixed(3).replace('-', '\u2212')],
    ['n', String(fit.n)],
    ['slope', `${formatLimit(fit.slope)} \u00b1 ${formatLimit(Number(fit.slopeError.toPrecision(2)))}`],
    ['intercept', formatLimit(fit.intercept)],
    ['scatter', formatLimit(fit.scatter)],
    ['r\u00b2', fit.r ** 2 < 0.0005 ? '0.000' : (fit.r ** 2).toFixed(3)],
  ];
  return (
    <section className="panel fit-panel" aria-label="Fit">
      {numbers.map(([name, text]) => (
        <dl key={name}>
          <dt>{name}</dt>
          <dd>{text}</dd>
        </dl>
      ))}
      <p>
        {titles.y} = {formatLimit(fit.intercept)} {fit.slope < 0 ? '\u2212' : '+'} {formatLimit(Math.abs(fit.slope))}{' '}
        {'\u00d7'} {titles.x}; least squares, pairs of the same exposure and camera
      </p>
    </section>
  );
}

function PairTip({
  answer,
  place,
  titles,
}: {
  answer: RegressionAnswer;
  place: number;
  titles: { x: string; y: string };
}) {
  return (
    <>
      <div>
        {answer.camera[place] && <b>{answer.camera[place]} </b>}
        exposure <b>{expid8(answer.expid[place] ?? 0)}</b>, night {answer.night[place]}
      </div>
      <div>
        {titles.x}: <b>{formatValue(answer.x[place] ?? null)}</b>
      </div>
      <div>
        {titles.y}: <b>{formatValue(answer.y[place] ?? null)}</b>
      </div>
    </>
  );
}

/** Any two quantities against each other, paired by exposure and camera, with the line through them. */
export function RegressionView({ catalogue }: { catalogue: TrendCatalogue | null }) {
  const [{ x, y, cameras, filter }, change] = useTrendsView();
  const open = useOpenEvidence();
  const themeName = useView((state) => state.theme);
  const theme = useMemo(() => canvasTheme(themeName), [themeName]);
  const [zoomed, setZoomed] = useState<{ of: RegressionAnswer; zoom: Zoom } | null>(null);
  const request = { x, y, cameras: [...cameras], filter, points: POINTS };
  const { value, error, old } = useLatestAnswer('trend.regression', request);
  const titles = useMemo(() => ({ x: quantityTitle(x), y: quantityTitle(y) }), [x, y]);
  const zoom = zoomed && zoomed.of === value ? zoomed.zoom : null;
  const figure = useMemo(
    () => (value && value.total > 0 ? regressionFigure(value, titles, zoom) : null),
    [value, titles, zoom],
  );
  const groups = useMemo(() => (value ? regressionGroups(value) : []), [value]);
  const placeOf = ({ group, index }: Picked): number => groups[group]?.[index] ?? 0;
  const go = (at: Picked): void => {
    if (!value) return;
    const place = placeOf(at);
    const runId = value.run[place] ?? null;
    const camera = value.camera[place] ?? null;
    const key = y.kind === 'metric' ? y.key : x.kind === 'metric' ? x.key : undefined;
    if (runId === null) return;
    if (camera) void open({ screen: 'camera', runId, camera, ...(key === undefined ? {} : { metricKey: key }) });
    else void open({ screen: 'monitor', runId });
  };
  return (
    <TrendsLayout
      choices={
        <>
          <QuantitySelect
            label="Across (x)"
            value={x}
            catalogue={catalogue}
            onChange={(next) => {
              change({ x: next });
            }}
          />
          <QuantitySelect
            label="Up (y)"
            value={y}
            catalogue={catalogue}
            onChange={(next) => {
              change({ y: next });
            }}
          />
          <div className="choice">
            <span>Cameras</span>
            <CameraPicker
              chosen={cameras}
              onChange={(next) => {
                change({ cameras: next });
              }}
            />
          </div>
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
      note={
        value === null
          ? ''
          : value.x.length < value.total
            ? `${value.total} pairs, ${value.x.length} drawn; the fit is of all`
            : `${value.total} ${value.total === 1 ? 'pair' : 'pairs'}`
      }
      tools={
        zoom && (
          <button
            type="button"
            className="button small"
            onClick={() => {
              setZoomed(null);
            }}
          >
            All pairs
          </button>
        )
      }
      under={value && <FitPanel fit={value.fit} total={value.total} titles={titles} />}
    >
      {figure && value ? (
        <>
          <Legend
            entries={(['b', 'r', 'z'] as const)
              .filter((arm) => value.camera.some((camera) => camera?.startsWith(arm)))
              .map((arm, group) => ({ group, ink: `arm-${arm}`, shape: ARM_SHAPES[arm], text: arm }))}
            note=""
          />
          <div className={`plot-frame${old ? ' old' : ''}`}>
            <CanvasChart
              figure={figure}
              theme={theme}
              highlight={null}
              describe={(at) => <PairTip answer={value} place={placeOf(at)} titles={titles} />}
              onOpen={go}
              onZoom={(next) => {
                setZoomed(next && { of: value, zoom: next });
              }}
            />
          </div>
        </>
      ) : (
        <PlotState
          loading={value === null && error === ''}
          error={error}
          empty={`Nothing to pair in ${periodWords(filter)}`}
        >
          {titles.x} and {titles.y} have no exposure and camera in common. Choose more nights, or another quantity.
        </PlotState>
      )}
    </TrendsLayout>
  );
}
