import { ARMS, armOf, spectrographOf } from '#shared/domain/camera.ts';
import { IMAGE_LAYERS } from '#shared/domain/image.ts';
import type { CcdOptions } from '../../model/ccd-options.ts';
import { useApp } from '../../store/context.tsx';
import { useStepExposure } from '../camera/use-camera-shortcuts.ts';
import { useNextOffNormal } from '../monitor/use-verdict.ts';
import { useShortcuts } from '../shell/shortcuts.ts';
import type { ViewerHandle } from './image-viewer.tsx';

/** Screen pixels that an arrow key moves the image by. */
const STEP = 60;
const FACTOR = 1.5;

/** Keys that move an image. */
export function imageKeys(viewer: ViewerHandle | null): Record<string, () => void> {
  return {
    ArrowLeft: () => viewer?.pan(STEP, 0),
    ArrowRight: () => viewer?.pan(-STEP, 0),
    ArrowUp: () => viewer?.pan(0, STEP),
    ArrowDown: () => viewer?.pan(0, -STEP),
    '+': () => viewer?.zoomBy(FACTOR),
    '=': () => viewer?.zoomBy(FACTOR),
    '-': () => viewer?.zoomBy(1 / FACTOR),
    '0': () => viewer?.fit(),
    '1': () => viewer?.trueSize(),
  };
}

/** Keys of the CCD screen's cameras: other cameras and exposures, what is shown of them, and blinking. */
export function useCcdShortcuts({
  viewer,
  options,
  change,
  blink,
  choose,
}: {
  viewer: ViewerHandle | null;
  options: CcdOptions;
  change: (change: Partial<CcdOptions>) => void;
  blink: () => void;
  /** Chooses the fiber that is pointed at. */
  choose: () => void;
}): void {
  const { view } = useApp();
  const nextOffNormal = useNextOffNormal();
  const stepExposure = useStepExposure();
  const step = (arms: number, spectrographs: number) => (): void => {
    view.setState(({ camera }) => {
      const arm = ARMS[(ARMS.indexOf(armOf(camera)) + arms + ARMS.length) % ARMS.length] ?? 'b';
      const spectrograph = (spectrographOf(camera) + spectrographs + 10) % 10;
      return { camera: `${arm}${spectrograph as 0}` };
    });
  };
  useShortcuts({
    ...imageKeys(viewer),
    ',': step(0, -1),
    '.': step(0, 1),
    r: step(1, 0),
    '[': stepExposure(-1),
    ']': stepExposure(1),
    n: () => {
      const camera = nextOffNormal();
      if (camera) view.setState({ camera });
    },
    e: () => {
      change({ layer: IMAGE_LAYERS[(IMAGE_LAYERS.indexOf(options.layer) + 1) % IMAGE_LAYERS.length] ?? 'raw' });
    },
    v: () => {
      change({ mode: options.mode === 'sheet' ? 'camera' : 'sheet' });
    },
    q: () => {
      change({ inverse: !options.inverse });
    },
    p: () => {
      change({ amplifiers: !options.amplifiers });
    },
    y: () => {
      change({ traces: !options.traces });
    },
    k: () => {
      change({ mask: !options.mask });
    },
    l: () => {
      change({ profiles: !options.profiles });
    },
    b: blink,
    Enter: choose,
  });
}
