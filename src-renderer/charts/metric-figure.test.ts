import { describe, expect, it } from 'vitest';
import type { Measurement } from '#shared/domain/measurement.ts';
import { measurement, withOwnLimits } from '../testing/fixture.ts';
import { REFERENCE_VALUES } from '../testing/reference-exposure.ts';
import type { ChartTheme } from './figure.ts';
import { snrModel } from '#shared/qa/snr-model.ts';
import { metricFigure } from './metric-figure.ts';

const theme: ChartTheme = {
  text1: 'a',
  text2: 'b',
  text3: 'c',
  line2: 'd',
  line3: 'e',
  grid: 'f',
  plot: 'g',
  bg1: 'h',
  bg3: 'i',
  series: ['s1', 's2', 's3', 's4'],
  divLow: 'lo',
  divMiddle: 'mid',
  divHigh: 'hi',
  sequential: ['q0', 'q1'],
  arms: { b: 'ab', r: 'ar', z: 'az' },
  fault: 'x',
  focus: 'y',
};

function posted(metric: string, values: readonly number[], camera: 'r0' | 'r3' = 'r0'): Measurement {
  return { ...measurement(camera, metric, values), value: REFERENCE_VALUES.get(metric) ?? null };
}

describe('figures of the reference exposure', () => {
  it('draws the amplifiers where they lie, with their history', () => {
    const history = [{ expid: 1, values: [2.6, 2.6, 2.6, 2.6] }];
    const { traces, layout } = metricFigure(posted('getrms', [2.6, 2.7, 4.71, 2.5]), history, theme)!;
    const [patches, ...lines] = traces;
    expect(patches?.z?.[1]?.[0]).toBeCloseTo(2.11 / 2, 6);
    expect(patches?.z?.[0]?.[1]).toBeCloseTo(0.1 / 2, 6);
    expect(lines.map(({ name }) => name)).toEqual(['amplifier A', 'amplifier B', 'amplifier C', 'amplifier D']);
    expect(layout.shapes).toHaveLength(4);
  });
  it('draws an amplifier by the limits that a person gave it, the others by those posted', () => {
    const noisy = withOwnLimits(posted('getrms', [2.6, 2.7, 4.71, 2.5]), 2, { normal: 3, warn: 4 });
    const { traces, layout } = metricFigure(noisy, [], theme)!;
    expect(traces[0]?.z?.[1]?.[0]).toBeCloseTo(2.11 / 4, 6);
    expect(traces[0]?.z?.[0]?.[1]).toBeCloseTo(0.1 / 2, 6);
    const own = layout.shapes!.filter(({ line }) => line?.color === 's3').map(({ y0 }) => y0);
    expect(own.map((y) => Number(y.toFixed(6)))).toEqual([-1.4, 6.6]);
    const others = layout.shapes!.filter(({ line }) => line?.color === 's1').map(({ y0 }) => y0);
    expect(others.map((y) => Number(y.toFixed(6)))).toEqual([0.6, 4.6]);
  });
  it('draws S/N against magnitude with the fit of each class through its fibers', () => {
    const { traces, layout } = metricFigure(posted('snr', [0.86, 1.02, 0.85, 0.53]), [], theme)!;
    expect(traces.filter(({ mode }) => mode === 'markers').map(({ name }) => name)).toEqual([
      'ELG',
      'LRG',
      'QSO',
      'STAR',
    ]);
    const stars = traces.find(({ name, mode }) => name === 'STAR' && mode === 'markers')!;
    const fit = traces.find(({ name }) => name === 'STAR fit')!;
    const brightest = Math.max(...(stars.y as number[]));
    expect(Math.max(...(fit.y as number[])) / brightest).toBeGreaterThan(0.5);
    expect(Math.max(...(fit.y as number[])) / brightest).toBeLessThan(2);
    expect(layout.xaxis?.title?.text).toBe('DECam r magnitude');
  });
  it('shows magnitudes by class and by fiber, without the place-holder of 30', () => {
    const { traces } = metricFigure(posted('integ', [0.3, 0.3, 0.3, 0.3]), [], theme)!;
    expect(traces[1]).toMatchObject({ xaxis: 'x2', yaxis: 'y2' });
    expect(traces[1]?.y?.some((value) => value === 30)).toBe(false);
  });
  it('has a plot for every metric of the reference exposure', () => {
    const values: Record<string, number[]> = { xwsigma: [1.1, 1.24], xyshifts: [0, 0], integ: [0.3, 0.3, 0.3, 0.3] };
    for (const metric of REFERENCE_VALUES.keys()) {
      const one = posted(
        metric,
        values[metric] ?? (/^(get|count)/.test(metric) && metric !== 'countbins' ? [1, 1, 1, 1] : [1]),
      );
      expect(metricFigure(one, [], theme)?.traces.length, metric).toBeGreaterThan(0);
    }
  });
});

describe('other measurements', () => {
  it('draws the longest array of a metric that it does not know', () => {
    const foreign: Measurement = {
      ...measurement('r0', 'guider', [1]),
      value: { METRICS: { A: [1, 2], B: [1, 2, 3] } },
    };
    expect(metricFigure(foreign, [], theme)).toMatchObject({ title: 'B, 3 values' });
  });
  it('draws nothing where there is nothing to draw', () => {
    expect(metricFigure({ ...measurement('r0', 'guider', [1]), value: 'text' }, [], theme)).toBeUndefined();
    expect(
      metricFigure({ ...measurement('r0', 'countbins', [499]), value: { METRICS: {} } }, [], theme),
    ).toBeUndefined();
  });
});

describe('the S/N model', () => {
  it('is that of the original: t a f / sqrt(t (a f + b))', () => {
    const flux = 10 ** (-0.4 * (22 - 22.5));
    expect(snrModel(22, [0.02, 0.5], 900)).toBeCloseTo((900 * 0.02 * flux) / Math.sqrt(900 * (0.02 * flux + 0.5)), 12);
  });
});
