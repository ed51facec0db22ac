import { describe, expect, it } from 'vitest';
import { expid8 } from '#shared/domain/exposure.ts';
import { FIXTURE_NOW, exposure, job, measurement, run } from '../testing/fixture.ts';
import { busyScenario } from '../testing/scenario.ts';
import { cameraModel, cameraModels } from './camera-model.ts';
import { diskView } from './disk.ts';
import { factsOf, skyBrightness } from './facts.ts';
import type { Exposure } from '#shared/domain/exposure.ts';
import { gaugeOf, sparkOf } from './gauge.ts';
import { boundsOf, excessOf, rangeWords } from './limits.ts';
import { filterLog } from './log-lines.ts';
import { metricTables, offNormalOnly } from './metric-rows.ts';
import { queueRows } from './queue.ts';
import { jsonText, matrixOf, numbersOf, valueRows } from './values.ts';
import { PETAL_ORDER, WEDGES, petalSummary } from './wedge.ts';

const noisy = measurement('r3', 'getrms', [2.6, 2.7, 4.71, 2.5]);
const noiseKey = noisy.keys[0]!;

describe('limits', () => {
  it('turns deviations into values and finds the one passed', () => {
    expect(boundsOf(noiseKey, noiseKey.elements[2]!)).toEqual({ normal: [1.1, 4.1], warn: [0.6000000000000001, 4.6] });
    expect(excessOf(noiseKey, noiseKey.elements[2]!)).toEqual({ side: 'high', limit: 4.6 });
    expect(excessOf(noiseKey, noiseKey.elements[0]!)).toBeUndefined();
    expect(rangeWords({ normal: [-1.5, 1.5], warn: [-2, 2] }, String)).toBe('\u00b11.5, 2');
    expect(rangeWords({ normal: [-1, 2], warn: null }, String)).toBe('-1 +2');
  });
  it('knows that S/N is judged by reference minus value', () => {
    const key = {
      ...measurement('r3', 'snr', [0.2, 0.8, 0.8, 0.8]).keys[0]!,
      normalRange: [-0.9, 0.3] as [number, number],
    };
    expect(boundsOf(key, key.elements[0]!).normal).toEqual([0.45, 1.65]);
  });
});

describe('gauge and sparkline', () => {
  it('centres on the reference and always holds the value', () => {
    const gauge = gaugeOf(4.71, 2.6, boundsOf(noiseKey, noiseKey.elements[2]!))!;
    expect(gauge.reference).toBe(0.5);
    expect(gauge.warn?.[1]).toBeCloseTo(0.5 + 1 / 3, 6);
    expect(gauge.value).toBeGreaterThan(gauge.warn![1]);
    expect(gaugeOf(500, 2.6, boundsOf(noiseKey, noiseKey.elements[2]!))!.value).toBeLessThan(1);
    expect(gaugeOf(3, null, { normal: null, warn: null })).toBeNull();
    expect(gaugeOf(null, 2.6, { normal: null, warn: null })).toMatchObject({ value: null });
  });
  it('breaks the line where nothing was measured', () => {
    const spark = sparkOf([1, null, 2, 3], [0, 4])!;
    expect(spark.runs.map((points) => points.length)).toEqual([1, 2]);
    expect(spark.last).toEqual([1, 0.75]);
    expect(sparkOf([null, null], null)).toBeNull();
    expect(sparkOf([5, 5], null)?.last).toEqual([1, 0.5]);
  });
});

describe('the table of metrics', () => {
  it('shows the bad amplifier below the worst, and the others together', () => {
    const [ccd] = metricTables(cameraModel('r3', job('r3'), [noisy], 'waiting'));
    expect(ccd?.rows.map(({ label, value, status }) => `${label} ${value} ${status}`)).toEqual([
      'Noise, worst amp 4.71 alarm',
      'Amplifier C 4.71 alarm',
      'Amplifiers A, B, D 2.70 normal',
    ]);
    expect(ccd?.summary).toBe('1 alarm');
  });
  it('shows no r-band sky of cameras that do not see the r band', () => {
    const rows = (camera: 'b3' | 'r3') =>
      metricTables(cameraModel(camera, job(camera), [measurement(camera, 'skyrband', [0])], 'waiting')).length;
    expect([rows('b3'), rows('r3')]).toEqual([0, 1]);
  });
  it('keeps places for what is still to be posted, and shows unknown metrics', () => {
    const running = job('b3', { state: 'running', endedAt: null });
    const tables = metricTables(
      cameraModel('b3', running, [measurement('b3', 'guider', [1], { keys: [] })], 'waiting'),
    );
    expect(tables.map(({ title }) => title)).toEqual(['CCD', 'Fibers', 'Spectra', 'Other']);
    expect(tables[0]?.rows.every(({ status }) => status === 'waiting')).toBe(true);
    expect(tables[3]?.rows[0]?.label).toBe('guider');
    expect(metricTables(cameraModel('b3', job('b3'), [], 'waiting'))).toEqual([]);
  });
  it('can be reduced to what is off normal', () => {
    const model = cameraModel('r3', job('r3'), [noisy, measurement('r3', 'countbins', [499])], 'waiting');
    expect(offNormalOnly(metricTables(model)).map(({ group }) => group)).toEqual(['ccd']);
  });
});

describe('posted values', () => {
  it('reads arrays only where all of it are numbers', () => {
    expect(numbersOf([1, null, 2])).toEqual([1, null, 2]);
    expect(numbersOf([1, 'x'])).toBeUndefined();
    expect(matrixOf([[1], [2, 3]])).toEqual([[1], [2, 3]]);
    expect(matrixOf([1, 2])).toBeUndefined();
  });
  it('lists every entry, whatever was posted', () => {
    const value = { METRICS: { A: [1, 2], B: Array.from({ length: 20 }, () => 1) }, PARAMS: { C: 'x' } };
    expect(valueRows(value).map(({ name, text }) => `${name} ${text}`)).toEqual(['A 1, 2', 'B 20 values', 'C x']);
    expect(valueRows('free text')).toEqual([{ name: 'value', text: 'free text', part: 'metrics' }]);
    expect(jsonText({ A: [1, 2.5, null] })).toBe('{\n  "A": [1, 2.5, null]\n}');
  });
});

describe('facts', () => {
  it('gives what is known and leaves the rest empty', () => {
    const facts = factsOf(exposure(1, { tileid: null, dateObs: '2026-11-22T08:26:21.3' }), 20.94);
    const text = (name: string) => facts.find((fact) => fact.name === name)?.text;
    expect([text('Tile'), text('Sky, r'), text('Shutter opened'), text('Exposure time')]).toEqual([
      null,
      '20.9',
      '08:26:21',
      '900.1',
    ]);
    expect(text('Pointing')).toBe('8h\u200938m, \u22122\u00b0\u200924\u2032');
  });
  it('adds up what the visit of the tile is worth, and says nothing where nobody said it', () => {
    const effective = (about: Partial<Exposure>) =>
      factsOf(exposure(1, { tileid: 5821, ...about }), null).find(({ name }) => name.endsWith('ffective time'));
    expect(effective({})).toEqual({ name: 'Tile effective time', text: null, unit: '' });
    expect(
      effective({ tileid: -1, effective: { seconds: 281.4, requested: null, before: 0, exposuresBefore: 0 } }),
    ).toEqual({
      ...{ name: 'Effective time', text: '281', unit: 's' },
      from: 'By the exposure-time calculator: 281 s in this exposure',
    });
    expect(effective({ effective: { seconds: 281.4, requested: 1000, before: 460.6, exposuresBefore: 2 } })).toEqual({
      ...{ name: 'Tile effective time', text: '742', unit: 'of 1000 s', share: { before: 0.4606, all: 0.742 } },
      from: 'By the exposure-time calculator: 281 s in this exposure, and 461 s in 2 exposures before, of 1000 s asked for of this visit of the tile',
    });
    const over = effective({ effective: { seconds: 900, requested: 1000, before: 400, exposuresBefore: 1 } });
    expect(over).toMatchObject({ text: '1300', share: { before: 0.4, all: 1 } });
  });
  it('takes the sky from r cameras that measured one', () => {
    const sky = (camera: 'r0' | 'r1' | 'b0', value: number) => measurement(camera, 'skyrband', [value]);
    expect(skyBrightness([sky('r0', 20.8), sky('r1', 21), sky('b0', 19)])).toBeCloseTo(20.9, 6);
    expect(skyBrightness([sky('r0', 0)])).toBeNull();
  });
});

describe('queue, disk, log', () => {
  it('says what became of each exposure', () => {
    const { exposures, current } = busyScenario();
    const outcomes = new Map([[6, { status: 'warning' as const, words: '', durationMs: 56_000 }]]);
    const rows = queueRows(exposures, current!.run, 'alarm', outcomes);
    expect(rows.slice(0, 5).map((row) => `${expid8(row.exposure.expid)} ${row.status} ${row.note}`)).toEqual([
      '00298417 alarm processing',
      '00298416 warning 56.0 s',
      '00298415 superseded next to catch up',
      '00298414 superseded then',
      '00298413 unknown ',
    ]);
    expect(rows[0]).toMatchObject({ now: true, processable: false, what: 'dark science' });
    const ended = run({ state: 'done', endedAt: FIXTURE_NOW });
    const [done] = queueRows([exposure(298_417, { lastRunId: 7 })], ended, 'normal', new Map());
    expect(done).toMatchObject({ status: 'normal', note: '54.4 s' });
  });
  it('warns of a disk that fills', () => {
    const disk = (free: number, nightBytes?: number) => {
      const usage = { totalBytes: 100, freeBytes: free, warnAt: 0.8, faultAt: 0.92, checkedAt: 0 };
      return diskView(nightBytes === undefined ? usage : { ...usage, nightBytes });
    };
    expect([39, 19, 7].map((free) => disk(free).status)).toEqual(['normal', 'warning', 'failed']);
    expect(disk(39).percent).toBe(61);
    expect(disk(39).free).toBe('39 B free');
    expect([3.5, 20, 40, 0.01].map((night) => disk(39, night).free.slice(11))).toEqual([
      'about 11 nights',
      'about 1 night',
      'less than a night',
      '1000 nights or more',
    ]);
  });
  it('filters by source, camera and level', () => {
    const { log } = busyScenario();
    expect(filterLog(log, 'engine', 'all')).toHaveLength(3);
    expect(filterLog(log, 'z5', 'all')).toHaveLength(1);
    expect(filterLog(log, 'all', 'warning').map(({ level }) => level)).toEqual(['warning', 'error']);
  });
});

describe('petals', () => {
  it('lie as the original drew them, rings b r z outwards', () => {
    expect(PETAL_ORDER).toEqual([3, 4, 5, 6, 7, 8, 9, 0, 1, 2]);
    expect(WEDGES).toHaveLength(30);
    const radius = (camera: string) => {
      const { x, y } = WEDGES.find((wedge) => wedge.camera === camera)!;
      return Math.hypot(x, y);
    };
    expect(radius('b3')).toBeLessThan(radius('r3'));
    expect(radius('r3')).toBeLessThan(radius('z3'));
  });
  it('say the worst of each group', () => {
    const models = cameraModels(busyScenario().current, null);
    expect(petalSummary(models, 'ccd')).toEqual({
      status: 'alarm',
      camera: 'r3',
      words: 'amplifier C noise 4.71 e\u207b',
    });
    expect(petalSummary(models, 'spectra').status).toBe('failed');
  });
});
