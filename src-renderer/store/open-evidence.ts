import { useCallback } from 'react';
import type { CameraName } from '#shared/domain/camera.ts';
import { findMetric } from '#shared/qa/catalogue.ts';
import { useApp } from './context.tsx';
import type { Screen, View } from './view.ts';

/** What to look at; what is left out stays as it is. */
export interface Evidence {
  screen: Screen;
  /** The run to show; left out: the one on screen. */
  runId?: number;
  camera?: CameraName;
  /** METRICS key. */
  metricKey?: string;
  /** 0 to 4999 */
  fiber?: number;
}

/** The way from any mention of an exposure, camera, metric or fiber to the screen that proves it. */
export function useOpenEvidence(): (evidence: Evidence) => Promise<boolean> {
  const { room, view } = useApp();
  return useCallback(
    async ({ screen, runId, camera, metricKey, fiber }: Evidence) => {
      const refusal = runId === undefined ? '' : await room.showRun(runId);
      if (refusal !== '') {
        view.setState({ notice: refusal });
        return false;
      }
      const wanted: Partial<View> = { screen, wall: false, notice: '' };
      if (camera !== undefined) wanted.camera = camera;
      if (metricKey !== undefined) wanted.metricKey = metricKey;
      if (fiber !== undefined) wanted.fiber = fiber;
      // A camera's log, not one of QLF's own.
      if (screen === 'logs' && camera !== undefined)
        wanted.logs = { ...view.getState().logs, source: 'camera', runId: null, floor: 'all' };
      const metric = metricKey === undefined ? undefined : findMetric(metricKey);
      if (screen === 'trends' && metric && metricKey !== undefined && camera !== undefined) {
        const { trends } = view.getState();
        wanted.trends = {
          ...trends,
          face: 'lines',
          metric: metric.name,
          key: metricKey,
          cameras: [camera],
          labels: null,
        };
      }
      view.setState(wanted);
      return true;
    },
    [room, view],
  );
}
