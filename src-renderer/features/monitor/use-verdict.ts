import { useCallback, useMemo } from 'react';
import { ROLL_UP } from '../../model/status.ts';
import { verdictOf, type Verdict } from '../../model/verdict.ts';
import { useApp, useRoom } from '../../store/context.tsx';
import { shownExposure, shownRun, type ControlRoom } from '../../store/control-room.ts';
import { CAMERAS, type CameraName } from '#shared/domain/camera.ts';
import type { Exposure } from '#shared/domain/exposure.ts';

const NO_EXPOSURES: readonly Exposure[] = [];

/** The verdict of the run on screen. */
export function useVerdict(): Verdict {
  const detail = useRoom(shownRun);
  const cameras = useRoom((state) => state.cameras);
  const problems = useRoom((state) => state.problems);
  const exposures = useRoom((state) => state.room?.exposures ?? NO_EXPOSURES);
  return useMemo(() => verdictOf(detail, cameras, problems, exposures), [detail, cameras, problems, exposures]);
}

/** The same at this moment, outside of a rendering. */
export function verdictNow(state: ControlRoom): Verdict {
  return verdictOf(shownRun(state), state.cameras, state.problems, state.room?.exposures ?? NO_EXPOSURES);
}

/** The exposure of the run on screen; before the first run the newest one. */
export function useShownExposure(): Exposure | undefined {
  return useRoom((state) => (shownRun(state) ? shownExposure(state) : state.room?.exposures[0]));
}

/** Opens a camera's screen, at a metric when one is the reason. */
export function useOpenCamera(): (camera: CameraName, metricKey?: string | null) => void {
  const { view } = useApp();
  return useCallback(
    (camera, metricKey = null) => {
      view.setState({ screen: 'camera', camera, metricKey, wall: false });
    },
    [view],
  );
}

/** Statuses at which a walk through what is off normal stops. */
const OFF_NORMAL: ReadonlySet<string> = new Set(ROLL_UP.slice(0, ROLL_UP.indexOf('stale')));

/** Finds the next camera that is off normal after the one the keyboard stands on, around the grid. */
export function useNextOffNormal(): () => CameraName | undefined {
  const { room, view } = useApp();
  return () => {
    const at = CAMERAS.indexOf(view.getState().camera);
    const { cameras } = room.store.getState();
    return [...CAMERAS.slice(at + 1), ...CAMERAS.slice(0, at + 1)].find((camera) =>
      OFF_NORMAL.has(cameras[camera].status),
    );
  };
}
