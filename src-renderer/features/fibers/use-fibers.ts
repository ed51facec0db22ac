import { useEffect, useMemo, useRef, useState } from 'react';
import { CAMERAS } from '#shared/domain/camera.ts';
import { FIBER_CLASSES, FIBERS_EACH, type Fibermap } from '#shared/domain/fiber.ts';
import { FIBER_METRICS, fiberMetric, type FiberMetricName } from '#shared/qa/fiber-metrics.ts';
import { fiberField, type FiberField } from '../../model/fiber-field.ts';
import { useRoom, useView } from '../../store/context.tsx';
import { shownRun, type ControlRoom } from '../../store/control-room.ts';
import { fiberBeside } from '../../model/fiber-view.ts';
import { useAnswer, type Loaded } from '../camera/use-engine-data.ts';

/** Index of fibers that the instrument does not have, or that were on nothing. */
export const NOT_THERE = FIBER_CLASSES.indexOf('NON');

/** A value that changes at most so often; the last one always comes through. */
function useThrottled<T>(value: T, ms: number): T {
  const [kept, setKept] = useState(value);
  const last = useRef(0);
  useEffect(() => {
    const wait = Math.max(0, last.current + ms - Date.now());
    const timer = setTimeout(() => {
      last.current = Date.now();
      setKept(value);
    }, wait);
    return () => {
      clearTimeout(timer);
    };
  }, [value, ms]);
  return kept;
}

/** Changes whenever one of the metrics is posted by any camera of the run on screen. */
function revisionOf(state: ControlRoom, metrics: readonly string[]): string {
  return CAMERAS.flatMap((camera) =>
    state.cameras[camera].measurements.filter(({ metric }) => metrics.includes(metric)).map(({ id }) => id),
  ).join(' ');
}

/** While 30 cameras post, values are fetched again at most so often. */
const POSTING_MS = 1500;

export function useShownRunId(): number | undefined {
  return useRoom((state) => shownRun(state)?.run.id);
}

/** The fibermap of the run on screen. */
export function useFibermap(runId: number | undefined): Loaded<Fibermap | null> {
  // It arrives with the raw file, before the first job begins.
  const stage = useRoom((state) => shownRun(state)?.run.stage ?? '');
  return useAnswer('fibers.map', runId === undefined ? null : { runId }, stage);
}

/** QA metrics that any camera of the run on screen has posted, as one text. */
function usePosted(): ReadonlySet<string> {
  const names = useRoom((state) =>
    [...new Set(CAMERAS.flatMap((camera) => state.cameras[camera].measurements.map(({ metric }) => metric)))]
      .sort()
      .join(' '),
  );
  return useMemo(() => new Set(names.split(' ')), [names]);
}

/** What says most about an exposure, the first that was posted. */
const TELLING: readonly FiberMetricName[] = ['snr-residual', 'flat-mean', 'w-width', 'counts'];

/** Quantities that can be shown of the run on screen, and the one that is. */
export function useFiberMetric(): { chosen: FiberMetricName; available: ReadonlySet<FiberMetricName> } {
  const wanted = useView((view) => view.fibers.metric);
  const posted = usePosted();
  return useMemo(() => {
    const available = new Set(FIBER_METRICS.filter((name) => posted.has(fiberMetric(name).metric)));
    // A quantity of another kind of exposure makes way for one that this has.
    const own = wanted !== null && (available.has(wanted) || available.size === 0) ? wanted : null;
    const chosen = own ?? TELLING.find((name) => available.has(name)) ?? 'counts';
    return { chosen, available };
  }, [wanted, posted]);
}

export interface ShownField {
  field: FiberField | null;
  /** Why there is none, for the observer; empty otherwise. */
  error: string;
}

/** The chosen quantity over all fibers; the one before stays until it has come. */
export function useFiberField(runId: number | undefined, map: Fibermap | null): ShownField {
  const { chosen } = useFiberMetric();
  const arm = useView((view) => view.fibers.arm);
  const { metric } = fiberMetric(chosen);
  const revision = useThrottled(
    useRoom((state) => revisionOf(state, [metric, 'countbins'])),
    POSTING_MS,
  );
  const request = runId === undefined ? null : { runId, metric: chosen };
  const answer = useAnswer('fibers.metric', request, revision);
  const good = useAnswer('fibers.metric', runId === undefined ? null : { runId, metric: 'good' }, revision);
  const fresh = useMemo(() => {
    if (answer.state !== 'ready' || good.state === 'loading') return null;
    const parts = { answer: answer.value, good: good.state === 'ready' ? good.value : null, map };
    return { runId, field: fiberField(parts, arm) };
  }, [answer, good, map, arm, runId]);
  const [shown, setShown] = useState(fresh);
  if (fresh && fresh !== shown) setShown(fresh);
  // Values of another exposure are never shown in the place of these.
  const field = shown?.runId === runId ? (shown?.field ?? null) : null;
  return { field, error: answer.state === 'error' ? answer.message : '' };
}

/** The fiber chosen anywhere; where none is, the first that the camera on screen has. */
export function useShownFiber(map: Fibermap | null): number {
  const fiber = useView((view) => view.fiber);
  const camera = useView((view) => view.camera);
  return fiber ?? fiberBeside(map, NOT_THERE, Number(camera[1]) * FIBERS_EACH - 1, 1);
}
