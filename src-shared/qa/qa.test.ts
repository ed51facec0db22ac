import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Json } from '../domain/measurement.ts';
import { elementLabels, findKey, findMetric, METRIC_NAMES, METRICS } from './catalogue.ts';
import { judgeMeasurement } from './judge.ts';
import { judgeKey, parseStatus, wireStatus, worstStatus, type Range } from './status.ts';

const REFERENCE = fileURLToPath(new URL('../../e2e/data/desispec-reference/', import.meta.url));
const read = (path: string): unknown => JSON.parse(readFileSync(REFERENCE + path, 'utf8'));

interface Decision {
  in: { key: string; value: number | number[]; ref: number[]; normal: Range; warn: Range };
  out: string;
}
const decisions = (read('units.json') as { 'qas.status': Decision[] })['qas.status'];
const limitsOf = ({ in: { key, value, ref, normal, warn } }: Decision) => ({
  key,
  values: Array.isArray(value) ? value : [value],
  references: ref,
  normal,
  warn,
});

describe('status rule', () => {
  it('makes all 29 decisions of the original in its compatibility mode', () => {
    expect(decisions).toHaveLength(29);
    for (const decision of decisions) {
      const { status } = judgeKey(limitsOf(decision), 'desispec-0.31');
      expect(wireStatus(status), JSON.stringify(decision.in)).toBe(decision.out);
    }
  });

  it('keeps identities by default and differs from the original only where sorting hid a bad element', () => {
    const different = decisions.filter((d) => wireStatus(judgeKey(limitsOf(d)).status) !== d.out);
    expect(different.map((d) => d.in.value)).toEqual([
      [1010, 900, 1000, 1000],
      [3.1, 1.1],
    ]);
    expect(different.map((d) => judgeKey(limitsOf(d)))).toEqual([
      { status: 'alarm', elements: ['normal', 'alarm', 'alarm', 'normal'] },
      { status: 'alarm', elements: ['alarm', 'warning'] },
    ]);
  });

  const normal: Range = [-1, 1];
  const warn: Range = [-2, 2];

  it('never calls absent data normal', () => {
    for (const compatibility of ['none', 'desispec-0.31'] as const) {
      const judge = (values: (number | null)[], references: (number | null)[]) =>
        judgeKey({ key: 'BIAS_AMP', values, references, normal, warn }, compatibility).status;
      expect(judge([], [])).toBe('unknown');
      expect(judge([0, 0], [0])).toBe('unknown');
      expect(judge([0, null], [0, 0])).toBe('unknown');
      expect(judge([NaN, 0], [0, 0])).toBe('unknown');
      expect(judge([Infinity], [0])).toBe('unknown');
      expect(judge([0, 0], [0, null])).toBe('unknown');
    }
    expect(judgeKey({ key: 'BIAS_AMP', values: [null, 5], references: [0, 0], normal, warn })).toEqual({
      status: 'alarm',
      elements: ['unknown', 'alarm'],
    });
  });

  it('forgives one failed fit of FIDSNR_TGT, shown as unknown, and no second', () => {
    const judge = (values: (number | null)[]) =>
      judgeKey({ key: 'FIDSNR_TGT', values, references: values.map(() => 0.5), normal, warn });
    expect(judge([0, 0.5, 0.5])).toEqual({ status: 'normal', elements: ['unknown', 'normal', 'normal'] });
    expect(judge([0, 0, 0.5])).toEqual({ status: 'alarm', elements: ['alarm', 'alarm', 'normal'] });
    expect(judge([0]).status).toBe('unknown');
    expect(judge([null, 0.5]).status).toBe('unknown');
    expect(judge([2.4, 0.5]).elements).toEqual(['warning', 'normal']);
  });

  it('ranks statuses and reads them in any case', () => {
    expect(worstStatus(['normal', 'unknown'])).toBe('unknown');
    expect(worstStatus(['unknown', 'warning', 'normal'])).toBe('warning');
    expect(worstStatus(['warning', 'alarm'])).toBe('alarm');
    expect(worstStatus([])).toBe('unknown');
    expect(['Normal', ' WARN ', 'warning', 'ALARM', 'unknown', 'GOOD', 7, undefined].map(parseStatus)).toEqual([
      'normal',
      'warning',
      'warning',
      'alarm',
      'unknown',
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe('catalogue', () => {
  it('finds a metric by short name, class name, key and other spellings in any case', () => {
    const spellings: Record<string, string> = {
      SNR: 'snr',
      skyRband: 'skyrband',
      trace: 'xyshifts',
      Count_Pixels: 'countpix',
      checkfibflat: 'checkflat',
      checkres: 'checkarc',
      checkHDUs: 'checkhdus',
      CountSpectralBins: 'countbins',
      NOISE_AMP: 'getrms',
      ' Get_RMS ': 'getrms',
    };
    for (const [spelling, name] of Object.entries(spellings)) expect(findMetric(spelling)?.name).toBe(name);
    for (const name of ['', 'something', '__proto__', 'constructor']) expect(findMetric(name)).toBeUndefined();
  });

  it('has each name once and no spelling that means two metrics', () => {
    expect(METRICS.map((m) => m.name)).toEqual([...METRIC_NAMES]);
    for (const metric of METRICS) {
      const spellings = [metric.name, metric.className, ...metric.aliases, ...metric.keys.map((k) => k.key)];
      for (const spelling of spellings) expect(findMetric(spelling), spelling).toBe(metric);
    }
  });

  it('names the numbers of a key', () => {
    expect(elementLabels('amplifier', 4, null)).toEqual(['A', 'B', 'C', 'D']);
    expect(elementLabels('target', 3, 'BRIGHT')).toEqual(['BGS', 'MWS', 'STAR']);
    expect(elementLabels('target', 3, 'dark')).toEqual(['1', '2', '3']);
    expect(elementLabels('scalar', 1, null)).toEqual(['']);
    expect(elementLabels('target', 2, '__proto__')).toEqual(['1', '2']);
  });
});

interface ReferenceRun {
  steps: { QAs: Record<string, { METRICS?: Record<string, Json>; PARAMS?: Record<string, Json> }> }[];
  expid: number;
}
const CONTEXT: Record<number, { flavor: string; program: string | null }> = {
  101: { flavor: 'science', program: 'dark' },
  102: { flavor: 'science', program: 'bright' },
  103: { flavor: 'bias', program: null },
  110: { flavor: 'science', program: 'dark' },
};

describe('judge', () => {
  it('agrees with every status that the original wrote for the reference exposures, without being told', () => {
    let compared = 0;
    for (const file of readdirSync(`${REFERENCE}metrics`)) {
      const { expid, steps } = read(`metrics/${file}`) as ReferenceRun;
      const context = CONTEXT[expid] ?? { flavor: '', program: null };
      for (const [name, { METRICS: metrics, PARAMS: params }] of steps.flatMap((s) => Object.entries(s.QAs))) {
        if (!metrics || !params) continue;
        const [, expected] = Object.entries(metrics).find(([k]) => k.endsWith('_STATUS')) ?? [];
        const silent = Object.fromEntries(Object.entries(metrics).filter(([k]) => !k.endsWith('_STATUS')));
        const judged = judgeMeasurement(name, { METRICS: silent, PARAMS: params }, context);
        expect(wireStatus(judged.status), `${file} ${name}`).toBe(expected);
        expect(judged.keys).toHaveLength(1);
        expect(judged.keys[0]?.elements.length, `${file} ${name}`).toBeGreaterThan(0);
        compared += 1;
      }
    }
    expect(compared).toBeGreaterThan(120);
  });

  const ranges = { NOISE_AMP_NORMAL_RANGE: [-1.5, 1.5], NOISE_AMP_WARN_RANGE: [-2, 2] };
  const dark = { flavor: 'science', program: 'dark' };

  it('names the amplifier that is wrong, with its reference', () => {
    const value = {
      METRICS: { NOISE_AMP: [2.6, 2.7, 4.71, 2.5], NOISE_AMP_STATUS: 'NORMAL' },
      PARAMS: { ...ranges, NOISE_AMP_DARK_REF: [2.6, 2.6, 2.6, 2.6], NOISE_AMP_BRIGHT_REF: [9, 9, 9, 9] },
    };
    const { status, keys } = judgeMeasurement('getrms', value, dark);
    expect(status).toBe('alarm');
    expect(keys[0]?.elements[2]).toEqual({ label: 'C', value: 4.71, reference: 2.6, status: 'alarm' });
    expect(keys[0]?.normalRange).toEqual([-1.5, 1.5]);
  });

  it('believes the sender where limits are missing and where it is worse, else itself', () => {
    const METRICS = { NOISE_AMP: [2.6, 2.6, 2.6, 2.6] };
    const PARAMS = { ...ranges, NOISE_AMP_REF: [2.6, 2.6, 2.6, 2.6] };
    const bias = { flavor: 'bias', program: null };
    const status = (sender: string, params: Json) =>
      judgeMeasurement('getrms', { METRICS: { ...METRICS, NOISE_AMP_STATUS: sender }, PARAMS: params }, bias).status;
    expect(status('WARNING', {})).toBe('warning');
    expect(status('nonsense', {})).toBe('unknown');
    expect(status('ALARM', PARAMS)).toBe('alarm');
    expect(status('UNKNOWN', PARAMS)).toBe('normal');
  });

  it('takes program and flavor from the value when the exposure is not known, or the only references there are', () => {
    const METRICS = { SKYCONT: 190 };
    const PARAMS = { SKYCONT_NORMAL_RANGE: [-75, 75], SKYCONT_WARN_RANGE: [-100, 100] };
    const references = { SKYCONT_DARK_REF: [190], SKYCONT_BRIGHT_REF: [500] };
    const unknown = { flavor: 'unknown', program: null };
    const status = (value: Json) => judgeMeasurement('skycont', value, unknown).status;
    expect(status({ METRICS, PARAMS: { ...PARAMS, SKYCONT_DARK_REF: [190] } })).toBe('normal');
    expect(status({ METRICS, PARAMS: { ...PARAMS, ...references } })).toBe('unknown');
    expect(status({ METRICS, PARAMS: { ...PARAMS, ...references }, FLAVOR: 'science', PROGRAM: 'DARK' })).toBe(
      'normal',
    );
    expect(status({ METRICS, PARAMS: { ...PARAMS, ...references }, PROGRAM: 'bright' })).toBe('alarm');
  });

  it('matches references to the classes that are there', () => {
    const value = {
      METRICS: { FIDSNR_TGT: [0.55, 0.85], OBJLIST: ['ELG', 'STAR'] },
      PARAMS: {
        FIDSNR_TGT_NORMAL_RANGE: [-0.1, 0.1],
        FIDSNR_TGT_WARN_RANGE: [-0.2, 0.2],
        FIDSNR_TGT_DARK_REF: [0.55, 0.35, 0.75, 0.85],
      },
    };
    const { status, keys } = judgeMeasurement('SNR', value, dark);
    expect(status).toBe('normal');
    expect(keys[0]?.elements.map((e) => [e.label, e.reference])).toEqual([
      ['ELG', 0.55],
      ['STAR', 0.85],
    ]);
  });

  it('reads keys of older pipelines', () => {
    expect(
      judgeMeasurement('xwsigma', { METRICS: { XSIGMA_MED: 1.1, WSIGMA_MED: 2.1 } }, dark).keys[0]?.elements,
    ).toMatchObject([
      { label: 'x', value: 1.1 },
      { label: 'w', value: 2.1 },
    ]);
    expect(judgeMeasurement('checkHDUs', { METRICS: { HDU_STATUS: 'ALARM', EXPNUM_STATUS: 'NORMAL' } }, dark)).toEqual({
      status: 'alarm',
      keys: [
        { key: 'CHECKHDUS', normalRange: null, warnRange: null, elements: [], status: 'alarm' },
        { key: 'EXPNUM', normalRange: null, warnRange: null, elements: [], status: 'normal' },
      ],
    });
  });

  it('answers unknown for any other JSON and lets an unknown metric speak for itself', () => {
    const values: Json[] = [null, 3, 'x', true, [], [1], {}, { METRICS: 3 }, { METRICS: {}, PARAMS: [] }];
    for (const value of values) expect(judgeMeasurement('snr', value, dark)).toEqual({ status: 'unknown', keys: [] });
    expect(judgeMeasurement('mine', { DEPTH_STATUS: 'warning' }, dark).status).toBe('warning');
    const own = {
      METRICS: { DEPTH: 4 },
      PARAMS: { DEPTH_REF: 1, DEPTH_NORMAL_RANGE: [-1, 1], DEPTH_WARN_RANGE: [-2, 2] },
    };
    expect(judgeMeasurement('mine', own, { flavor: 'arc', program: null }).keys[0]?.status).toBe('alarm');
    const hostile = JSON.parse('{"METRICS":{"__proto__":[1],"__proto___STATUS":"ALARM"}}') as Json;
    expect(judgeMeasurement('mine', hostile, dark).status).toBe('alarm');
    expect(judgeMeasurement('mine', { METRICS: { constructor_STATUS: 'ALARM' } }, dark).status).toBe('alarm');
  });

  it('keeps the summary small however large the value', () => {
    const many = Object.fromEntries(
      Array.from({ length: 500 }, (_, i) => [`K${i}_STATUS`, i === 499 ? 'ALARM' : 'NORMAL']),
    );
    const judged = judgeMeasurement('mine', { METRICS: many }, dark);
    expect(judged.status).toBe('alarm');
    expect(judged.keys.length).toBeLessThan(50);
    expect(judged.keys[0]).toMatchObject({ key: 'K499', status: 'alarm' });
    const long = { METRICS: { NOISE_AMP: Array.from({ length: 500 }, () => 1), NOISE_AMP_STATUS: 'NORMAL' } };
    expect(judgeMeasurement('getrms', long, dark).keys[0]).toMatchObject({ elements: [], status: 'normal' });
  });

  it('knows each judged key', () => {
    for (const metric of METRICS) for (const k of metric.keys) expect(findKey(k.key)).toBe(k);
  });
});
