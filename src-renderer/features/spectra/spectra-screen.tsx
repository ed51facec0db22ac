import { useState } from 'react';
import { SMOOTHINGS } from '../../model/fiber-view.ts';
import { useView } from '../../store/context.tsx';
import { NoExposureScreen } from '../shell/no-exposure.tsx';
import { useFiberView } from '../../store/fiber-choice.ts';
import { Button } from '../../ui/controls.tsx';
import { Panel } from '../../ui/panel.tsx';
import { FiberDetail } from '../fibers/fiber-detail.tsx';
import { classOf } from '../fibers/fiber-words.ts';
import { useFiberShortcuts } from '../fibers/use-fiber-shortcuts.ts';
import { useFiberMetric, useFibermap, useShownFiber, useShownRunId } from '../fibers/use-fibers.ts';
import { CompareBar } from './compare-bar.tsx';
import { FiberPicker } from './fiber-picker.tsx';
import { SpectrumControls } from './spectrum-controls.tsx';
import { SpectrumKey } from './spectrum-key.tsx';
import { within, zoomed, type WaveRange } from './spectrum-plot.tsx';
import { SpectrumView } from './spectrum-view.tsx';
import { useSpectra } from './use-spectra.ts';
import '../fibers/fibers.css';

/** A key makes the range a half wider or narrower, or moves it by a quarter. */
const KEY_ZOOM = 1.5;
const KEY_MOVE = 0.25;

function Screen({ runId }: { runId: number }) {
  const mapAnswer = useFibermap(runId);
  const map = mapAnswer.state === 'ready' ? mapAnswer.value : null;
  const fiber = useShownFiber(map);
  const { chosen: metric } = useFiberMetric();
  const { smoothing, errors, lines, compare } = useView((view) => view.fibers);
  const change = useFiberView();
  const spectra = useSpectra(runId, map, fiber);
  const [range, setRange] = useState<WaveRange | null>(null);
  const { whole } = spectra;
  const reshape = (form: (range: WaveRange, whole: WaveRange) => WaveRange) => (): void => {
    if (whole) setRange(form(range ?? whole, whole));
  };
  const scale = (factor: number) => reshape((shown, all) => zoomed(shown, (shown[0] + shown[1]) / 2, factor, all));
  const move = (by: number) =>
    reshape((shown, all) => {
      const off = by * (shown[1] - shown[0]);
      return within([shown[0] + off, shown[1] + off], all);
    });
  const smoothBy = (by: number) => (): void => {
    const at = SMOOTHINGS.findIndex((width) => width === smoothing);
    change({ smoothing: SMOOTHINGS[Math.min(SMOOTHINGS.length - 1, Math.max(0, at + by))] ?? 1 });
  };
  useFiberShortcuts(map, fiber, {
    '+': scale(1 / KEY_ZOOM),
    '=': scale(1 / KEY_ZOOM),
    '-': scale(KEY_ZOOM),
    ',': move(-KEY_MOVE),
    '.': move(KEY_MOVE),
    '0': () => {
      setRange(null);
    },
    e: () => {
      change({ errors: !errors });
    },
    l: () => {
      change({ lines: !lines });
    },
    j: smoothBy(1),
    k: smoothBy(-1),
    y: () => {
      change({ compare: compare === null ? { kind: 'fiber', fiber } : null });
    },
  });
  const shown = range ?? whole;
  return (
    <div className="spectra-screen">
      <h1 className="hidden">Spectra</h1>
      <Panel
        title="Spectrum"
        note={[`fiber ${fiber}`, classOf(map, fiber), spectra.unit].filter((word) => word !== '').join(', ')}
        className="spectrum-panel"
        tools={
          <>
            {range && shown && (
              <Button
                small
                kind="ghost"
                keys="0"
                onClick={() => {
                  setRange(null);
                }}
              >
                {`${Math.round(shown[0])} to ${Math.round(shown[1])} Å: show all`}
              </Button>
            )}
            <SpectrumControls />
          </>
        }
      >
        <CompareBar runId={runId} map={map} fiber={fiber} />
        <SpectrumKey spectra={spectra} />
        <SpectrumView spectra={spectra} fiber={fiber} range={range} onRange={setRange} />
        <p className="keys" aria-hidden="true">
          <span>
            <kbd>{'\u2190'}</kbd>
            <kbd>{'\u2192'}</kbd> fiber
          </span>
          <span>
            <kbd>{'\u2191'}</kbd>
            <kbd>{'\u2193'}</kbd> bundle
          </span>
          <span>
            <kbd>[</kbd>
            <kbd>]</kbd> exposure
          </span>
          <span>
            <kbd>+</kbd>
            <kbd>{'\u2212'}</kbd>
            <kbd>,</kbd>
            <kbd>.</kbd>
            <kbd>0</kbd> wavelength
          </span>
          <span>
            <kbd>J</kbd>
            <kbd>K</kbd> smoothing
          </span>
          <span>
            <kbd>Y</kbd> keep to compare
          </span>
        </p>
      </Panel>
      <div className="beside">
        <FiberDetail runId={runId} map={map} fiber={fiber} metric={metric} />
        <FiberPicker runId={runId} map={map} fiber={fiber} />
      </div>
    </div>
  );
}

/** The spectrum of one fiber in all arms, and what it is compared with. */
export function SpectraScreen() {
  const runId = useShownRunId();
  if (runId === undefined) {
    return <NoExposureScreen>Spectra can be looked at once the first exposure is processed.</NoExposureScreen>;
  }
  return <Screen runId={runId} />;
}
