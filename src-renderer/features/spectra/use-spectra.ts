import { useMemo } from 'react';
import { ARMS } from '#shared/domain/camera.ts';
import {
  cameraOfFiber,
  FIBER_CLASSES,
  type ArmSpectrum,
  type FiberClass,
  type Fibermap,
} from '#shared/domain/fiber.ts';
import { expid8 } from '#shared/domain/exposure.ts';
import { isEnded } from '#shared/domain/run.ts';
import type { SpectrumLayer } from '../../charts/canvas/spectrum-drawing.ts';
import { curvesOf, fluxRange, ratioOf, spectrumUnit, wavelengthRange } from '../../model/spectrum.ts';
import { useRoom, useView } from '../../store/context.tsx';
import { useAnswer, type Loaded } from '../camera/use-engine-data.ts';
import type { WaveRange } from './spectrum-plot.tsx';

const NONE: readonly ArmSpectrum[] = [];

function ready(answer: Loaded<ArmSpectrum[]>): readonly ArmSpectrum[] {
  return answer.state === 'ready' ? answer.value : NONE;
}

/** The class whose median is wanted beside a fiber; null where there is none. */
function medianClass(median: 'none' | 'sky' | 'class', map: Fibermap | null, fiber: number): FiberClass | null {
  if (median === 'none' || !map) return null;
  const own = FIBER_CLASSES[map.classes[fiber] ?? -1] ?? 'NON';
  return median === 'sky' ? 'SKY' : own;
}

export interface ShownSpectra {
  layers: readonly SpectrumLayer[];
  whole: WaveRange | null;
  /** Range of the flux over a range of wavelengths. */
  flux: (range: WaveRange) => [number, number];
  quantity: string;
  unit: string;
  ratio: boolean;
  /** What is missing, in words; empty where all is there. */
  notes: readonly string[];
  /** 'loading' while nothing has come yet. */
  state: 'loading' | 'ready' | 'error';
  error: string;
}

/** The chosen fiber's spectrum with what it is compared with, smoothed as chosen. */
export function useSpectra(runId: number, map: Fibermap | null, fiber: number): ShownSpectra {
  const { smoothing, errors, median, compare, ratio } = useView((view) => view.fibers);
  // Spectra are written at the end of a job.
  const ended = useRoom((state) =>
    ARMS.map((arm) => state.cameras[cameraOfFiber(arm, fiber)].job)
      .map((job) => `${job?.attempt ?? 0}${job && isEnded(job.state) ? 'e' : ''}`)
      .join(' '),
  );
  const own = useAnswer('spectra.fiber', { runId, fiber }, ended);
  const other =
    compare === null
      ? null
      : compare.kind === 'fiber'
        ? { runId, fiber: compare.fiber }
        : { runId: compare.runId, fiber };
  const beside = useAnswer('spectra.fiber', other, ended);
  const of = medianClass(median, map, fiber);
  const middle = useAnswer('spectra.median', of === null ? null : { runId, fiber, of }, ended);
  return useMemo(() => {
    const [main, second, third] = [ready(own), ready(beside), ready(middle)];
    const first = curvesOf(main, smoothing);
    const otherCurves = other === null ? [] : curvesOf(second, smoothing);
    const medianCurves = of === null ? [] : curvesOf(third, smoothing);
    const unit = main.find((spectrum) => spectrum.missing === '')?.unit ?? '';
    const otherName =
      compare === null ? '' : compare.kind === 'fiber' ? `fiber ${compare.fiber}` : expid8(compare.expid);
    const divided = ratio && otherCurves.length > 0;
    const layers: SpectrumLayer[] = divided
      ? [{ name: 'ratio', curves: ratioOf(first, otherCurves), style: 'arms', errors }]
      : [
          { name: `${fiber}`, curves: first, style: 'arms', errors },
          ...(otherCurves.length > 0
            ? [{ name: otherName, curves: otherCurves, style: 'other' as const, errors: false }]
            : []),
          ...(medianCurves.length > 0
            ? [{ name: `median of ${of ?? ''}`, curves: medianCurves, style: 'median' as const, errors: false }]
            : []),
        ];
    const shown = layers.flatMap(({ curves }) => curves);
    const words = spectrumUnit(unit);
    const units = new Set([...main, ...second].filter(({ missing }) => missing === '').map((one) => one.unit));
    const notes = [
      ...main.filter(({ missing }) => missing !== '').map(({ camera, missing }) => `${camera}: ${missing}`),
      ...(other === null ? [] : second)
        .filter(({ missing }) => missing !== '')
        .map(({ camera, missing }) => `${otherName}, ${camera}: ${missing}`),
      ...(units.size > 1 ? [`units differ: ${[...units].join(', ')}`] : []),
    ];
    return {
      layers,
      whole: wavelengthRange(shown),
      flux: (range) => fluxRange(shown, range, !divided),
      quantity: divided ? 'Ratio' : words.quantity,
      unit: divided ? `fiber ${fiber} over ${otherName}` : words.unit,
      ratio: divided,
      notes,
      state: own.state === 'loading' ? 'loading' : own.state === 'error' ? 'error' : 'ready',
      error: own.state === 'error' ? own.message : '',
    };
    // `other` follows from compare, runId and fiber.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [own, beside, middle, smoothing, errors, compare, ratio, of, fiber]);
}
