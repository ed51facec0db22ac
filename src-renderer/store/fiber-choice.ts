import { armOf } from '#shared/domain/camera.ts';
import { cameraOfFiber } from '#shared/domain/fiber.ts';
import type { FiberView } from '../model/fiber-view.ts';
import { useApp } from './context.tsx';
import type { View } from './view.ts';

/** The view with a fiber chosen: the camera stands on the fiber's spectrograph. */
export function withFiber({ camera }: Pick<View, 'camera'>, fiber: number): Pick<View, 'fiber' | 'camera'> {
  return { fiber, camera: cameraOfFiber(armOf(camera), fiber) };
}

/** Chooses a fiber everywhere. */
export function useChooseFiber(): (fiber: number) => void {
  const { view } = useApp();
  return (fiber) => {
    view.setState((state) => withFiber(state, fiber));
  };
}

/** Changes how fibers are looked at. */
export function useFiberView(): (change: Partial<FiberView>) => void {
  const { view } = useApp();
  return (change) => {
    view.setState(({ fibers }) => ({ fibers: { ...fibers, ...change } }));
  };
}
