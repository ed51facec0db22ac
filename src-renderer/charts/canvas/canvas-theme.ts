import type { Theme } from '../../store/view.ts';
import type { CanvasTheme } from './canvas-figure.ts';

/** The colours that the tokens of a theme give to drawings, read from the page once the theme is on. */
export function canvasTheme(_theme: Theme): CanvasTheme {
  const style = getComputedStyle(document.documentElement);
  const token = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  return {
    inks: {
      strong: token('text-1'),
      plain: token('text-2'),
      quiet: token('normal-solid'),
      faint: token('line-3'),
      d1: token('d1'),
      d2: token('d2'),
      d3: token('d3'),
      d4: token('d4'),
      'arm-b': token('arm-b'),
      'arm-r': token('arm-r'),
      'arm-z': token('arm-z'),
    },
    band: token('line-3'),
    limit: token('line-3'),
    grid: token('grid'),
    frame: token('line-2'),
    plot: token('plot'),
    text1: token('text-1'),
    text2: token('text-2'),
    text3: token('text-3'),
    alarm: token('alarm-solid'),
    onAlarm: token('on-alarm'),
    warn: token('warn-solid'),
    onWarn: token('on-warn'),
  };
}
