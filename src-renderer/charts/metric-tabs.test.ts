import { describe, expect, it } from 'vitest';
import { FIBER_CLASSES, FIBERS, type Fibermap } from '#shared/domain/fiber.ts';
import type { Measurement } from '#shared/domain/measurement.ts';
import { snrModel } from '#shared/qa/snr-model.ts';
import { measurement, withOwnLimits } from '../testing/fixture.ts';
import { REFERENCE_VALUES } from '../testing/reference-exposure.ts';
import type { ChartTheme } from './figure.ts';
import { fiberAt, markFiber } from './mark-fiber.ts';
import { metricTabs, type PlotContext } from './metric-tabs.ts';

const theme = {
  series: ['s1', 's2', 's3', 's4'],
  divLow: '#000000',
  divMiddle: '#808080',
  divHigh: '#ffffff',
  sequential: ['#000000', '#ffffff'],
  text1: '#fff',
  text2: '#ccc',
  text3: '#999',
  line3: '#333',
  fault: '#f0f',
  bg1: '#000',
} as unknown as ChartTheme;

const posted = (metric: string, values: readonly number[]): Measurement => ({
  ...measurement('r3', metric, values),
  value: REFERENCE_VALUES.get(metric) ?? null,
});

const MAP: Fibermap = {
  file: 'f',
  x: Float32Array.from({ length: FIBERS }, (_, i) => i),
  y: Float32Array.from({ length: FIBERS }, (_, i) => -i),
  ra: new Float64Array(FIBERS).fill(10),
  dec: new Float64Array(FIBERS).fill(20),
  magnitude: {
    b: new Float32Array(FIBERS).fill(22),
    r: new Float32Array(FIBERS).fill(22),
    z: new Float32Array(FIBERS).fill(22),
  },
  classes: new Uint8Array(FIBERS).fill(FIBER_CLASSES.indexOf('SKY')),
  targets: [],
  status: new Int32Array(FIBERS),
  placed: true,
};
const context: PlotContext = {
  history: [
    { expid: 1, values: [1, 2, 3, 4] },
    { expid: 2, values: [1, 2, 3, 4] },
  ],
  map: MAP,
  goodFibers: posted('countbins', [499]),
  theme,
  words: () => '',
};

describe('the plots of a metric', () => {
  it('are several, each made from what was posted', () => {
    const of = (metric: string, values: number[]) =>
      metricTabs(posted(metric, values), context).map(({ text, figure }) => {
        expect(figure(), `${metric} ${text}`).toBeDefined();
        return text;
      });
    expect(of('getrms', [2.6, 2.6, 2.6, 2.6])).toEqual(['Amplifiers', 'Overscan']);
    expect(of('xwsigma', [1.1, 1.2])).toEqual([
      'x and w',
      'Map x',
      'Histogram x',
      'Map w',
      'Histogram w',
      'Amplifiers',
      'Recent',
    ]);
    expect(of('countbins', [499])).toEqual(['Fibers', 'Map', 'Histogram', 'Recent']);
    expect(of('snr', [1, 1, 1, 1])).toEqual([
      'S/N\u00b2 by mag',
      'Residual map',
      'Residuals',
      'Histogram',
      'Median S/N',
      'Recent',
    ]);
    expect(of('integ', [1, 1, 1, 1])).toEqual(['Classes', 'Fibers', 'Map', 'Histogram', 'Recent']);
    expect(of('skycont', [110])).toEqual(['Fibers', 'Map', 'Histogram', 'Recent']);
  });
  it('judge what is like it by the limits that judged it: the overscan of an amplifier with own limits', () => {
    const statuses = (one: Measurement): string[] =>
      (
        metricTabs(one, context)
          .find(({ id }) => id === 'overscan')!
          .figure()!.layout.annotations ?? []
      ).map(({ text }) => /<\/b> (\w+)/.exec(text)?.[1] ?? '');
    const value = { METRICS: { NOISE_OVERSCAN_AMP: [2.6, 2.6, 5.6, 5.6] }, PARAMS: {} };
    const noise = { ...posted('getrms', [2.6, 2.6, 5.6, 5.6]), value };
    expect(statuses(noise)).toEqual(['normal', 'normal', 'alarm', 'alarm']);
    expect(statuses(withOwnLimits(noise, 2, { normal: 2.5, warn: 4 }))).toEqual([
      'normal',
      'normal',
      'warning',
      'alarm',
    ]);
    const bare = { ...measurement('r3', 'getrms', [2.6, 2.6, 5.6, 5.6], { reference: null }), value };
    expect(statuses(bare)).toEqual(['unknown', 'unknown', 'unknown', 'unknown']);
  });
  it('have no map where no places are known', () => {
    const tabs = metricTabs(posted('countbins', [499]), { ...context, map: null });
    expect(tabs.map(({ text }) => text)).toEqual(['Fibers', 'Histogram', 'Recent']);
  });
  it('cross out the fiber that has no light, at its own number', () => {
    const [first] = metricTabs(posted('countbins', [499]), context);
    const { traces, title } = first!.figure()!;
    expect(title).toContain('dead: 1623');
    expect(traces[1]).toMatchObject({ name: 'dead', x: [1623] });
    expect(traces[0]!.x).toHaveLength(499);
  });
  it('name the right fiber for each S/N: its residual is that of its own class and magnitude', () => {
    const snr = posted('snr', [1, 1, 1, 1]);
    const { METRICS } = snr.value as unknown as {
      METRICS: {
        OBJLIST: string[];
        EXPTIME: number;
        SNR_MAG_TGT: [number[], number[]][];
        FITCOEFF_TGT: [number, number][];
        LRG_FIBERID: number[];
      };
    };
    const c = METRICS.OBJLIST.indexOf('LRG');
    const residuals = metricTabs(snr, context)
      .find(({ text }) => text === 'Residuals')!
      .figure()!.traces[0]!;
    const k = 17;
    const [values, magnitudes] = METRICS.SNR_MAG_TGT[c]!;
    const expected = values[k]! / snrModel(magnitudes[k]!, METRICS.FITCOEFF_TGT[c]!, METRICS.EXPTIME) - 1;
    const at = residuals.x!.indexOf(1500 + METRICS.LRG_FIBERID[k]!);
    expect(residuals.y![at]).toBeCloseTo(expected, 9);
    expect(fiberAt(residuals, at)).toBe(1500 + METRICS.LRG_FIBERID[k]!);
  });
});

describe('the chosen fiber', () => {
  it('is ringed in every plot that has it, and in no other', () => {
    const figure = metricTabs(posted('countbins', [499]), context)[1]!.figure()!;
    const marked = markFiber(figure, 1600, theme);
    expect(marked.traces).toHaveLength(figure.traces.length + 2);
    expect(marked.traces[marked.traces.length - 1]).toMatchObject({ x: [10], y: [20], xaxis: 'x2' });
    expect(markFiber(figure, 9, theme)).toBe(figure);
    expect(markFiber(figure, null, theme)).toBe(figure);
  });
});
