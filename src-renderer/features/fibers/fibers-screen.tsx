import { useMemo, useState } from 'react';
import { FIBERS } from '#shared/domain/fiber.ts';
import { FIBER_METRICS, fiberMetric, type FiberMetricName } from '#shared/qa/fiber-metrics.ts';
import { chartTheme } from '../../charts/chart-theme.ts';
import type { ColorScale } from '../../model/color-scale.ts';
import { statisticsOf, worstFirst, type ArmChoice, type FiberField } from '../../model/fiber-field.ts';
import { LAYOUTS, planeOf, type Layout } from '../../model/fiber-plane.ts';
import { count, formatValue } from '../../model/format.ts';
import { useView } from '../../store/context.tsx';
import { NoExposureScreen } from '../shell/no-exposure.tsx';
import { useChooseFiber, useFiberView } from '../../store/fiber-choice.ts';
import { Segmented } from '../../ui/controls.tsx';
import { Panel, StateNote } from '../../ui/panel.tsx';
import { Picker } from '../../ui/picker.tsx';
import { StatusGlyph } from '../../ui/status-glyph.tsx';
import { SpectrumControls } from '../spectra/spectrum-controls.tsx';
import type { WaveRange } from '../spectra/spectrum-plot.tsx';
import { SpectrumView } from '../spectra/spectrum-view.tsx';
import { useSpectra } from '../spectra/use-spectra.ts';
import { ColorLegend } from './color-legend.tsx';
import { FiberDetail } from './fiber-detail.tsx';
import { FiberList } from './fiber-list.tsx';
import { quantityText } from './fiber-words.ts';
import { LassoActions } from './lasso-actions.tsx';
import { PlaneCanvas } from './plane-canvas.tsx';
import { ValueHistogram } from './value-histogram.tsx';
import { useFiberShortcuts } from './use-fiber-shortcuts.ts';
import { NOT_THERE, useFiberField, useFiberMetric, useFibermap, useShownFiber, useShownRunId } from './use-fibers.ts';
import './fibers.css';

type Point = readonly [number, number];
const NO_FIBERS: readonly number[] = [];
const NO_OUTLINE: readonly Point[] = [];

const LAYOUT_WORDS: Readonly<Record<Layout, string>> = { focal: 'Focal plane', sky: 'Sky', fiber: 'By fiber' };
const ARM_OPTIONS: readonly { value: ArmChoice; text: string; name?: string }[] = [
  { value: 'b', text: 'b', name: 'Arm b' },
  { value: 'r', text: 'r', name: 'Arm r' },
  { value: 'z', text: 'z', name: 'Arm z' },
  { value: 'worst', text: 'worst', name: 'Worst of the three arms' },
];

/** '911 fibers, 731 measured, median 0.02, −0.4 to 0.3, 3 dead' */
function statisticsWords(field: FiberField, fibers: readonly number[]): string {
  const { count: lit, median, low, high, dead } = statisticsOf(field, fibers);
  const text = (value: number): string =>
    field.choice === 'worst' ? formatValue(value) : quantityText({ ...field.metric, unit: '' }, value);
  const parts = [
    count(fibers.length, 'fiber'),
    ...(lit < fibers.length - dead ? [`${lit} measured`] : []),
    ...(lit > 0 && field.metric.scale !== 'flag' ? [`median ${text(median)}`, `${text(low)} to ${text(high)}`] : []),
    ...(dead > 0 ? [`${dead} dead`] : []),
  ];
  return parts.join(', ');
}

function Screen({ runId }: { runId: number }) {
  const themeName = useView((view) => view.theme);
  const theme = useMemo(() => chartTheme(themeName), [themeName]);
  const { arm, layout: wantedLayout, lasso } = useView((view) => view.fibers);
  const change = useFiberView();
  const choose = useChooseFiber();
  const mapAnswer = useFibermap(runId);
  const map = mapAnswer.state === 'ready' ? mapAnswer.value : null;
  const { chosen: metric, available } = useFiberMetric();
  const { field, error } = useFiberField(runId, map);
  const fiber = useShownFiber(map);
  const [ends, setEnds] = useState<{ of: string; scale: ColorScale } | null>(null);
  const [range, setRange] = useState<WaveRange | null>(null);
  const spectra = useSpectra(runId, map, fiber);

  const plane = useMemo(() => planeOf(wantedLayout, map, NOT_THERE), [wantedLayout, map]);
  const scaleId = field ? `${field.metric.name} ${field.choice}` : '';
  const scale = ends?.of === scaleId ? ends.scale : (field?.scale ?? null);
  const selected = lasso?.fibers ?? NO_FIBERS;
  const all = useMemo(
    () => Array.from({ length: FIBERS }, (_, i) => i).filter((i) => !Number.isNaN(plane.x[i] ?? NaN)),
    [plane],
  );
  const listed = useMemo(
    () => (field ? worstFirst(field, selected.length > 0 ? selected : all) : NO_FIBERS),
    [field, selected, all],
  );
  const stepMetric = (by: number) => (): void => {
    const names = FIBER_METRICS.filter((name) => available.has(name));
    const at = names.indexOf(metric);
    const next = names[(at + by + names.length) % names.length];
    if (next) change({ metric: next });
  };
  useFiberShortcuts(map, fiber, {
    j: stepMetric(1),
    k: stepMetric(-1),
    v: () => {
      change({ layout: LAYOUTS[(LAYOUTS.indexOf(wantedLayout) + 1) % LAYOUTS.length] ?? 'focal' });
    },
    q: () => {
      change({ arm: arm === 'worst' ? 'r' : 'worst' });
    },
    Delete: () => {
      change({ lasso: null });
    },
  });
  const measured = field !== null && field.count + field.states.filter((state) => state === 'dead').length > 0;
  const unplaced = mapAnswer.state === 'ready' && wantedLayout !== plane.layout;
  const title = field ? `${field.metric.title}${field.choice === 'worst' ? ', worst arm' : `, ${field.choice}`}` : '';
  return (
    <div className="fibers-screen">
      <h1 className="hidden">Fibers</h1>
      <Panel
        title={LAYOUT_WORDS[plane.layout]}
        className="plane-panel"
        tools={
          <>
            <Segmented
              label="Layout"
              value={wantedLayout}
              options={LAYOUTS.map((value) => ({ value, text: LAYOUT_WORDS[value] }))}
              onChange={(layout) => {
                change({ layout });
              }}
            />
            <span className="spring" />
            <Picker
              label="Quantity"
              value={metric}
              options={FIBER_METRICS.map((value) => ({
                value,
                text: fiberMetric(value).title,
                disabled: !available.has(value),
              }))}
              onChange={(name: FiberMetricName) => {
                change({ metric: name });
              }}
            />
            <Segmented
              label="Arm"
              value={arm}
              options={ARM_OPTIONS}
              onChange={(choice) => {
                change({ arm: choice });
              }}
            />
          </>
        }
      >
        <PlaneCanvas
          key={plane.layout}
          plane={plane}
          field={field}
          scale={scale}
          map={map}
          chosen={fiber}
          lasso={lasso?.layout === plane.layout ? lasso.outline : NO_OUTLINE}
          theme={theme}
          label={`${title} of ${field?.count ?? 0} fibers, ${LAYOUT_WORDS[plane.layout].toLowerCase()}`}
          onChoose={choose}
          onLasso={(outline, fibers) => {
            change({ lasso: fibers.length > 0 ? { layout: plane.layout, outline, fibers } : null });
          }}
        />
        {field && measured && scale && (
          <ColorLegend
            key={scaleId}
            field={field}
            scale={scale}
            changed={ends?.of === scaleId}
            theme={theme}
            onScale={(next) => {
              setEnds(next ? { of: scaleId, scale: next } : null);
            }}
          />
        )}
        {(unplaced || mapAnswer.state === 'error') && (
          <p className="plane-note" role="status">
            {mapAnswer.state === 'error'
              ? mapAnswer.message
              : map
                ? 'The fiber map of this exposure gives no places (lamps): fibers by number.'
                : 'No fiber map of this exposure is here: fibers by number, classes and places unknown.'}
          </p>
        )}
      </Panel>
      <Panel
        title={title === '' ? 'Values' : title}
        note={field && measured ? count(field.count, 'fiber') : ''}
        className="values-panel"
        tools={<span className="note">root scale</span>}
      >
        {field && scale && measured ? (
          <>
            {field.metric.scale !== 'flag' && (
              <ValueHistogram field={field} scale={scale} selected={selected} theme={theme} />
            )}
            <div className="lasso-words">
              <span role="status">
                {selected.length > 0 ? `Lasso: ${statisticsWords(field, selected)}` : statisticsWords(field, all)}
              </span>
            </div>
            {selected.length > 0 && (
              <LassoActions
                fibers={selected}
                worst={listed[0]}
                chosen={fiber}
                field={field}
                onClear={() => {
                  change({ lasso: null });
                }}
              />
            )}
            <FiberList field={field} map={map} fibers={listed} chosen={fiber} onChoose={choose} />
          </>
        ) : error !== '' ? (
          <StateNote glyph={<StatusGlyph status="failed" size={16} named />} title="The values could not be read">
            {error}
          </StateNote>
        ) : (
          field && (
            <StateNote
              glyph={<StatusGlyph status="unknown" size={16} named />}
              title={`${fiberMetric(metric).title} was not measured${arm === 'worst' ? '' : ` in arm ${arm}`}`}
            >
              {available.size > 0
                ? 'Choose another quantity or arm above the map.'
                : 'No camera of this exposure has posted anything by fiber. Values appear as soon as they are posted.'}
            </StateNote>
          )
        )}
      </Panel>
      <FiberDetail runId={runId} map={map} fiber={fiber} metric={metric} />
      <Panel
        title="Spectrum"
        note={[`fiber ${fiber}`, spectra.unit, ...spectra.notes].filter((word) => word !== '').join(', ')}
        className="spectrum-strip"
        tools={<SpectrumControls />}
      >
        <SpectrumView spectra={spectra} fiber={fiber} range={range} onRange={setRange} />
      </Panel>
    </div>
  );
}

/** All fibers of the exposure on screen: any quantity in any arm, in place, with the spectrum of the chosen one. */
export function FibersScreen() {
  const runId = useShownRunId();
  if (runId === undefined) {
    return <NoExposureScreen>Fibers can be looked at once the first exposure is processed.</NoExposureScreen>;
  }
  return <Screen runId={runId} />;
}
