import { armOf, type Arm } from '#shared/domain/camera.ts';
import type { Fibermap } from '#shared/domain/fiber.ts';
import { fiberBeside } from '../../model/fiber-view.ts';
import { useApp } from '../../store/context.tsx';
import { useChooseFiber } from '../../store/fiber-choice.ts';
import { useStepExposure } from '../camera/use-camera-shortcuts.ts';
import { useShortcuts } from '../shell/shortcuts.ts';
import { NOT_THERE } from './use-fibers.ts';

const BUNDLE = 25;

/** Keys that the fibers and the spectra screen share: other fibers, arms and exposures without reload. */
export function useFiberShortcuts(
  map: Fibermap | null,
  fiber: number,
  others: Readonly<Record<string, () => void>>,
): void {
  const { view } = useApp();
  const choose = useChooseFiber();
  const stepExposure = useStepExposure();
  const step = (by: number) => (): void => {
    choose(fiberBeside(map, NOT_THERE, fiber, by));
  };
  const toArm = (arm: Arm | 'worst') => (): void => {
    view.setState(({ fibers, camera }) => ({
      fibers: { ...fibers, arm },
      camera: `${arm === 'worst' ? armOf(camera) : arm}${camera[1]}` as typeof camera,
    }));
  };
  useShortcuts({
    ArrowLeft: step(-1),
    ArrowRight: step(1),
    ArrowUp: step(BUNDLE),
    ArrowDown: step(-BUNDLE),
    b: toArm('b'),
    r: toArm('r'),
    z: toArm('z'),
    '[': stepExposure(-1),
    ']': stepExposure(1),
    ...others,
  });
}
