import type { Theme } from '../store/view.ts';
import type { ChartTheme } from './figure.ts';

/** The colours that the tokens of a theme give to plots, read from the page once the theme is on. */
export function chartTheme(_theme: Theme): ChartTheme {
  const style = getComputedStyle(document.documentElement);
  const token = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  return {
    text1: token('text-1'),
    text2: token('text-2'),
    text3: token('text-3'),
    line2: token('line-2'),
    line3: token('line-3'),
    grid: token('grid'),
    plot: token('plot'),
    bg1: token('bg-1'),
    bg3: token('bg-3'),
    series: [token('d1'), token('d2'), token('d3'), token('d4')],
    divLow: token('div-lo'),
    divMiddle: token('div-mid'),
    divHigh: token('div-hi'),
    sequential: ['seq-0', 'seq-1', 'seq-2', 'seq-3', 'seq-4', 'seq-5'].map(token),
    arms: { b: token('arm-b'), r: token('arm-r'), z: token('arm-z') },
    fault: token('fault-solid'),
    focus: token('focus'),
  };
}
