import { useRef } from 'react';
import { armOf, spectrographOf, type Arm } from '#shared/domain/camera.ts';
import { useApp } from '../../store/context.tsx';
import { shownRun } from '../../store/control-room.ts';
import { useNextOffNormal } from '../monitor/use-verdict.ts';
import { useShortcuts } from '../shell/shortcuts.ts';

/** Shows the next older (−1) or newer (1) exposure that has a run, however old; at the ends nothing happens. */
export function useStepExposure(): (by: 1 | -1) => () => void {
  const { bridge, room, view } = useApp();
  // Each step goes on from where the one before has led.
  const steps = useRef(Promise.resolve());
  const step = async (by: 1 | -1): Promise<void> => {
    const shown = shownRun(room.store.getState());
    if (!shown) return;
    const answer = await bridge.call('exposure.neighbour', { expid: shown.run.expid, by });
    const runId = answer.ok ? answer.value?.lastRunId : null;
    const notice = !answer.ok ? answer.error.message : runId ? await room.showRun(runId) : '';
    view.setState({ notice });
  };
  return (by) => () => {
    steps.current = steps.current.then(() => step(by));
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
