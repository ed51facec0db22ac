import { describe, expect, it } from 'vitest';
import type { ConditionsAnswer, TrendAnswer, TrendLine } from '#shared/domain/trend.ts';
import { pick, stepGroup, stepPick } from '../canvas/pick.ts';
import { placePanels, scaleOf } from '../canvas/place.ts';
import { numberTicks, timeTicks } from '../canvas/ticks.ts';
import { conditionsFigure, hourOfNight } from './conditions.ts';
import { footprintFigure, skyTiles, tileGroups } from './footprint.ts';
import { CENTRE_RA, mollweide } from './sky-projection.ts';
import { limitsAt, limitsDiffer, trendFigure, trendLegend, type TrendLook } from './trend.ts';

const summary = { count: 3, median: 2, scatter: 0, low: 0, high: 0, last: 0, warnings: 0, alarms: 0, unknown: 0 };
const line = (over: Partial<TrendLine>): TrendLine => ({
  camera: 'b0',
  label: 'A',
  exposure: [0, 1, 2],
  value: [2, 2.5, 9],
  reference: [2, 2, 2],
  status: [0, 1, 2],
  limits: [0, 0, 1],
  run: [5, 6, 7],
  summary,
  ...over,
});
const answer = (lines: TrendLine[]): TrendAnswer => ({
  exposures: {
    expid: [11, 12, 13],
    at: [1e12, 1e12 + 6e5, 1e12 + 9e7],
    night: ['20200101', '20200101', '20200102'],
    flavor: ['science', 'science', 'science'],
    program: ['dark', 'dark', null],
  },
  lines,
  limits: [
    { normal: [-1, 1], warn: [-2, 2] },
    { normal: [-3, 4], warn: null },
  ],
  labels: ['A', 'B'],
  total: 6,
  kept: 6,
});
const look: TrendLook = {
  split: 'arm',
  along: 'exposure',
  scale: 'all',
  focus: null,
  zoom: null,
  yTitle: 'Noise',
  title: 'T',
};

describe('a trend', () => {
  it('draws the limits of each exposure around its own reference, and status by shape', () => {
    const figure = trendFigure(answer([line({})]), 'NOISE_AMP', look);
    const [panel] = figure.panels;
    expect(panel?.title).toBe('b');
    const [band] = panel!.areas;
    expect([band!.low[0], band!.high[0], band!.low.at(-1), band!.high.at(-1)]).toEqual([1, 3, -1, 6]);
    // The band changes halfway between the second exposure and the third.
    expect(band!.x.filter((x) => x === 1.5)).toHaveLength(2);
    expect(panel?.marks[0]?.shape).toEqual(['dot', 'warning', 'alarm']);
    expect(panel?.dividers).toEqual([1.5]);
    expect(panel?.x.ticks.map(({ text }) => text)).toEqual(['00000011', '00000012', '00000013']);
    expect(panel!.y.range[0]).toBeLessThan(-1);
    expect(panel!.y.range[1]).toBeGreaterThan(9);
  });

  it('turns the deviation round for the fitted S/N', () => {
    const own = answer([line({ limits: [1, 1, 1] })]);
    expect(limitsAt(own, own.lines[0]!, 0, 'NOISE_AMP').normal).toEqual([-1, 6]);
    expect(limitsAt(own, own.lines[0]!, 0, 'FIDSNR_TGT').normal).toEqual([-2, 5]);
  });

  it('draws no band that is not of all lines, but that of the chosen one', () => {
    const own = answer([line({}), line({ label: 'B', reference: [3, 3, 3] })]);
    expect(limitsDiffer(own, 'arm', 'NOISE_AMP')).toBe(true);
    expect(limitsDiffer(own, 'element', 'NOISE_AMP')).toBe(false);
    expect(trendFigure(own, 'NOISE_AMP', look).panels[0]?.areas).toEqual([]);
    const focused = trendFigure(own, 'NOISE_AMP', { ...look, focus: 1 }).panels[0];
    expect([focused?.areas[0]?.low[0], focused?.areas[0]?.high[0]]).toEqual([2, 4]);
  });

  it('gives few lines colours and marks of their own, many the quiet one', () => {
    const few = answer([line({}), line({ label: 'B' })]);
    expect(trendLegend(few, 'camera').map(({ text, ink }) => `${text} ${ink}`)).toEqual(['A d1', 'B d2']);
    const cameras = ['b0', 'b1', 'b2', 'b3', 'b4', 'b5', 'b6', 'b7', 'b8', 'b9'] as const;
    const many = answer(cameras.map((camera) => line({ camera })));
    expect(trendLegend(many, 'arm')).toEqual([]);
    expect(new Set(trendFigure(many, 'NOISE_AMP', look).panels[0]?.marks.map(({ ink }) => ink))).toEqual(
      new Set(['quiet']),
    );
    expect(trendFigure(many, 'NOISE_AMP', { ...look, split: 'camera' }).panels).toHaveLength(10);
  });

  it('finds the point under the pointer, and the next ones by keys', () => {
    const figure = trendFigure(answer([line({}), line({ camera: 'r1', value: [1, null, 3] })]), 'NOISE_AMP', look);
    const scales = placePanels(figure, 800, 600).map((box, i) => scaleOf(figure.panels[i]!, box, false));
    const [top, bottom] = scales;
    expect(pick(figure, scales, top!.x(2) + 3, top!.y(9) - 3)).toEqual({ panel: 0, group: 0, index: 2 });
    expect(pick(figure, scales, bottom!.x(0), bottom!.y(1))).toEqual({ panel: 1, group: 1, index: 0 });
    expect(pick(figure, scales, top!.x(0.5), top!.y(8))).toBeNull();
    const start = stepPick(figure, null, 1);
    expect(start).toEqual({ panel: 0, group: 0, index: 0 });
    expect(stepGroup(figure, start, 1)).toEqual({ panel: 1, group: 1, index: 0 });
    // What was not measured is stepped over.
    expect(stepPick(figure, { panel: 1, group: 1, index: 0 }, 1)).toEqual({ panel: 1, group: 1, index: 2 });
  });
});

it('has round ticks that tell each other apart', () => {
  expect(numberTicks([-0.31, 0.32], 4).map(({ text }) => text)).toEqual(['\u22120.2', '0.0', '0.2']);
  expect(numberTicks([0.9, 5200], 4).map(({ text }) => text)).toEqual(['2000', '4000']);
  const evening = Date.UTC(2026, 10, 21, 22);
  expect(timeTicks([evening, evening + 5 * 3_600_000], 5).map(({ text }) => text)).toEqual([
    '22:00',
    '23:00',
    '11-22',
    '01:00',
    '02:00',
    '03:00',
  ]);
});

describe('the sky', () => {
  it('is Mollweide, equal in area, with right ascension to the left in degrees', () => {
    expect(mollweide(CENTRE_RA, 0).x).toBeCloseTo(0, 12);
    expect(mollweide(CENTRE_RA, 90).y).toBeCloseTo(1, 6);
    expect(mollweide(CENTRE_RA + 90, 0).x).toBeCloseTo(-1, 9);
    expect(mollweide(CENTRE_RA + 90, 0).y).toBeCloseTo(0, 9);
    expect(mollweide(CENTRE_RA - 90, 0).x).toBeCloseTo(1, 9);
    // 90 degrees are a quarter of the sky, not six hours beyond its end.
    expect(mollweide(CENTRE_RA + 179.99, 0).x).toBeCloseTo(-2, 3);
    // A known value of the projection: at 30 degrees the auxiliary angle is 23.8 degrees.
    expect((Math.asin(mollweide(0, 30).y) * 180) / Math.PI).toBeCloseTo(23.825, 2);
    // Half of a hemisphere's area lies below the parallel of 30 degrees.
    const t = Math.asin(mollweide(0, 30).y);
    expect((2 * t + Math.sin(2 * t)) / Math.PI).toBeCloseTo(0.5, 9);
  });

  it('shows planned and observed tiles once each', () => {
    const tile = { exptime: 900, firstNight: '20200101', lastNight: '20200101', program: 'dark' };
    const tiles = skyTiles(
      {
        list: null,
        planned: [
          { tileid: 1, ra: 10, dec: 5, program: 'dark' },
          { tileid: 2, ra: 20, dec: 5, program: 'bright' },
        ],
        observed: [
          { ...tile, tileid: 2, ra: 20.1, dec: 5.1, exposures: 2 },
          { ...tile, tileid: 9, ra: 30, dec: 0, exposures: 1 },
          { ...tile, tileid: 8, ra: null, dec: null, exposures: 1 },
        ],
      },
      null,
    );
    expect(tiles.map(({ tileid, ra }) => [tileid, ra])).toEqual([
      [1, 10],
      [2, 20],
      [9, 30],
    ]);
    expect(tileGroups(tiles)).toEqual([[0], [2], [1], []]);
    const figure = footprintFigure(tiles, 9, null);
    expect(figure.panels[0]?.marks.at(-1)).toMatchObject({ ink: 'strong', x: [mollweide(30, 0).x] });
  });
});

it('folds the conditions by the hour of the night at the observatory', () => {
  // 07:00 UTC is midnight at Kitt Peak.
  expect(hourOfNight(Date.UTC(2026, 10, 22, 7))).toBe(0);
  expect(hourOfNight(Date.UTC(2026, 10, 22, 3, 30))).toBe(-3.5);
  expect(hourOfNight(Date.UTC(2026, 10, 22, 12))).toBe(5);
  const conditions: ConditionsAnswer = {
    ...answer([]).exposures,
    airmass: [1, 2, null],
    seeing: [null, null, null],
    sky: [21, 20, 19],
    exptime: [1, 1, 1],
    run: [1, 2, 3],
    total: 3,
  };
  const figure = conditionsFigure(conditions, 'time', null);
  expect(figure.panels.map(({ title }) => title)).toEqual(['', 'not measured', '']);
  // Brighter is up.
  expect(figure.panels[2]!.y.range[0]).toBeGreaterThan(figure.panels[2]!.y.range[1]);
  expect(figure.panels[0]!.marks.map(({ y }) => y)).toEqual([[1, 2], []]);
});
