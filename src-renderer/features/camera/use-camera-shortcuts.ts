import { armOf, spectrographOf, type Arm } from '#shared/domain/camera.ts';
import { useApp } from '../../store/context.tsx';
import { shownRun } from '../../store/control-room.ts';
import { useNextOffNormal } from '../monitor/use-verdict.ts';
import { useShortcuts } from '../shell/shortcuts.ts';

/** Shows the next older (−1) or newer (1) exposure that has a run. */
export function useStepExposure(): (by: 1 | -1) => () => void {
  const { room, view } = useApp();
  return (by) => () => {
    const state = room.store.getState();
    const shown = shownRun(state);
    const exposures = (state.room?.exposures ?? []).filter(({ lastRunId }) => lastRunId !== null);
    const at = exposures.findIndex(({ expid }) => expid === shown?.run.expid);
    // Newest first: older is further on.
    const runId = exposures[at - by]?.lastRunId;
    if (at >= 0 && runId !== null && runId !== undefined) {
      void room.showRun(runId).then((notice) => {
        view.setState({ notice });
      });
    }
  };
}

/** Keys of the camera screen: other cameras, exposures and metrics without reload. */
export function useCameraShortcuts({
  nextMetric,
  previousMetric,
}: {
  nextMetric: () => void;
  previousMetric: () => void;
}): void {
  const { view } = useApp();
  const nextOffNormal = useNextOffNormal();
  const stepExposure = useStepExposure();
  const toArm = (arm: Arm) => (): void => {
    view.setState(({ camera }) => ({ camera: `${arm}${spectrographOf(camera)}` }));
  };
  const toSpectrograph = (by: number) => (): void => {
    view.setState(({ camera }) => {
      const next = (spectrographOf(camera) + by + 10) % 10;
      return { camera: `${armOf(camera)}${next as 0}` };
    });
  };
  useShortcuts({
    ArrowLeft: toSpectrograph(-1),
    ArrowRight: toSpectrograph(1),
    b: toArm('b'),
    r: toArm('r'),
    z: toArm('z'),
    j: nextMetric,
    k: previousMetric,
    '[': stepExposure(-1),
    ']': stepExposure(1),
    n: () => {
      const camera = nextOffNormal();
      if (camera) view.setState({ camera, metricKey: null });
    },
  });
}
