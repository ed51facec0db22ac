import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { Json } from '#shared/domain/measurement.ts';
import { findMetric } from '#shared/qa/catalogue.ts';
import { judgeMeasurement } from '#shared/qa/judge.ts';
import { takeMergedQaApart } from './merged-qa.ts';

const root = 'e2e/data/desispec-reference';
const night = '20191115';

type Metrics = Record<string, unknown>;
interface Step {
  PA: string;
  QAs: Record<string, { METRICS: Metrics; PARAMS: Metrics }>;
}

const official = readdirSync(join(root, 'official')).flatMap((file) => {
  const [, chain, camera, expid] = /^(\w+)-mergedQA-(\w\d)-(\d{8})\.json\.gz$/.exec(file) ?? [];
  return chain && camera && expid ? [{ file, chain, camera, expid: Number(expid) }] : [];
});

const read = (file: string): unknown => JSON.parse(gunzipSync(readFileSync(join(root, 'official', file))).toString());

/** METRICS and PARAMS of a measurement. */
const partsOf = (value: Metrics): { METRICS: Metrics; PARAMS: Metrics } => ({
  METRICS: value['METRICS'] as Metrics,
  PARAMS: value['PARAMS'] as Metrics,
});

/** What official merged files hold, by chain; xwsigma failed on cameras of 50 fibers. */
function expectedMetrics(chain: string, expid: number): string[] {
  if (chain === 'bias') return ['countpix', 'getbias', 'getrms'];
  const ccd = ['countbins', 'countpix', 'getbias', 'getrms', ...(expid === 110 ? ['xwsigma'] : [])];
  return chain === 'ql' ? ccd : [...ccd, 'integ', 'skycont', 'skypeak', 'skyrband', 'snr', 'xyshifts'].sort();
}

describe('a merged file of desispec 0.31', () => {
  it('is there in all its kinds', () => {
    expect(new Set(official.map(({ chain }) => chain))).toEqual(new Set(['bias', 'ql', 'qp']));
    expect(official).toHaveLength(6);
  });

  it.each(official)('gives each metric its own values: $file', ({ file, chain, camera, expid }) => {
    const taken = takeMergedQaApart(read(file), { expid, night, camera });
    expect(taken.map(({ metric }) => metric).sort()).toEqual(expectedMetrics(chain, expid));
    const truth = JSON.parse(
      readFileSync(join(root, 'metrics', `${chain}-${camera}-${String(expid)}.json`), 'utf8'),
    ) as {
      steps: Step[];
    };
    const qas = truth.steps.flatMap(({ QAs }) => Object.entries(QAs));
    let compared = 0;
    for (const { metric, value } of taken) {
      const single = qas.find(([className]) => findMetric(className)?.name === metric)?.[1];
      const { METRICS, PARAMS } = partsOf(value);
      for (const [key, kept] of Object.entries(METRICS)) {
        expect(single?.METRICS, `${metric} ${key}`).toHaveProperty(key);
        expect(kept, `${metric} ${key}`).toEqual(single?.METRICS[key]);
        compared += 1;
      }
      // The references of other programs are left out by the original.
      for (const [key, kept] of Object.entries(PARAMS)) expect(kept, `${metric} ${key}`).toEqual(single?.PARAMS[key]);
    }
    expect(compared).toBeGreaterThanOrEqual(chain === 'bias' ? 11 : 14);
  });

  it('loses nothing of its tasks', () => {
    const file = read('qp-mergedQA-r0-00000110.json.gz') as { TASKS: Record<string, { METRICS: Metrics }> };
    const keys = Object.values(file.TASKS).flatMap(({ METRICS }) => Object.keys(METRICS));
    const taken = takeMergedQaApart(file, { expid: 110, night, camera: 'r0' });
    expect(taken.flatMap(({ value }) => Object.keys(partsOf(value).METRICS)).sort()).toEqual(keys.sort());
  });

  it('is judged like single QA files', () => {
    const taken = takeMergedQaApart(read('qp-mergedQA-r0-00000110.json.gz'), { expid: 110, night, camera: 'r0' });
    const statusOf = (metric: string) => {
      const value = taken.find((one) => one.metric === metric)?.value as Json;
      return judgeMeasurement(metric, value, { flavor: null, program: null }).status;
    };
    expect(['getbias', 'skycont', 'snr', 'xyshifts'].map(statusOf)).toEqual(['warning', 'warning', 'normal', 'normal']);
  });

  it('says the same however often it was made', () => {
    const file = read('bias-mergedQA-r0-00000103.json.gz') as { GENERAL_INFO: Metrics };
    const owner = { expid: 103, night, camera: 'r0' };
    const later = { ...file, GENERAL_INFO: { ...file.GENERAL_INFO, QLrun_datime_UTC: '2026-11-23' } };
    expect(takeMergedQaApart(later, owner)).toEqual(takeMergedQaApart(file, owner));
  });
});

describe('older merged files', () => {
  const owner = { expid: 3580, night: '20180901', camera: 'r5' };
  const head = { NIGHT: '20180901', EXPID: '00003580', CAMERA: 'R5', FLAVOR: 'science' };
  const taken = (file: unknown): Record<string, string[]> =>
    Object.fromEntries(
      takeMergedQaApart(file, owner).map(({ metric, value }) => [metric, Object.keys(partsOf(value).METRICS)]),
    );

  it('of 2018: steps by task, with the 2018 names', () => {
    const file = {
      ...head,
      TASKS: {
        CHECK_HDUs: { METRICS: { EXPNUM_STATUS: 'NORMAL', HDU_STATUS: 'NORMAL' }, PARAMS: {} },
        CHECK_CCDs: {
          METRICS: { NOISE_AMP: [1, 1, 1, 1], NOISE_OVER: 1, BIAS: 150, BIAS_ROW: [1], NPIX_AMP: [9], NPIXHI: 3 },
          PARAMS: { CUTLO: 100, NPIX_WARN_RANGE: [0, 500], RMS_NORMAL_RANGE: [-1, 1] },
        },
        CHECK_FIBERS: {
          METRICS: { XWSIGMA: [1, 2], XWSHIFT: [0, 0], TRACE_SHIFTS: [0, 0], NGOODFIB: 499, NBINSLO: [1] },
          PARAMS: { CUTLO: 100, CUTHI: 500, TRACE_WARN_RANGE: [-1, 1] },
        },
        CHECK_SPECTRA: {
          METRICS: { PEAKCOUNT_MED_SKY: 1, SKY_RFLUX_DIFF: [1], FIBER_MAG: [20], DELTAMAG_TGT: [1], FIDSNR: [7] },
          PARAMS: { SNR_FLUXTHRESH: 0.1 },
        },
      },
    };
    expect(taken(file)).toEqual({
      checkhdus: ['EXPNUM_STATUS', 'HDU_STATUS'],
      getrms: ['NOISE_AMP', 'NOISE_OVER'],
      getbias: ['BIAS', 'BIAS_ROW'],
      countpix: ['NPIX_AMP', 'NPIXHI'],
      xwsigma: ['XWSIGMA', 'XWSHIFT'],
      xyshifts: ['TRACE_SHIFTS'],
      countbins: ['NGOODFIB', 'NBINSLO'],
      skypeak: ['PEAKCOUNT_MED_SKY'],
      skyrband: ['SKY_RFLUX_DIFF'],
      integ: ['FIBER_MAG', 'DELTAMAG_TGT'],
      snr: ['FIDSNR'],
    });
    const params = Object.fromEntries(
      takeMergedQaApart(file, owner).map(({ metric, value }) => [metric, Object.keys(partsOf(value).PARAMS)]),
    );
    expect(params).toMatchObject({
      countpix: ['CUTLO', 'NPIX_WARN_RANGE'],
      countbins: ['CUTLO', 'CUTHI'],
      getrms: ['RMS_NORMAL_RANGE'],
      xyshifts: ['TRACE_WARN_RANGE'],
    });
  });

  it('of 2016 and 2017: nights of exposures of cameras of steps, with the first names', () => {
    const step = (name: string, metrics: Metrics) => ({ PIPELINE_STEP: name, METRICS: metrics, PARAMS: {} });
    const camera = (name: string, good: number) => ({
      CAMERA: name,
      PIPELINE_STEPS: [
        step('PREPROC', { RMS: 2, RMS_OVER_AMP: [2, 2, 2, 2], NPIX3SIG: 9, NPIX100_AMP: [1], BIAS_AMP: [1] }),
        step('BOXCAREXTRACT', { XSIGMA_MED: 1.1, WSIGMA_MED: 1.9, NGOODFIBERS: good, NBINS100: [1] }),
        step('APPLYFIBERFLAT_QL', { INTEG_AVG: 3, SUMCOUNT: [1], SUMCOUNT_RMS_SKY: 2, SKYCONT: 100, SKYFIBERID: [3] }),
        step('SKYSUB_QL', { MEDIAN_AMP_SNR: [1], ELG_SNR_MAG: [[1], [2]], STAR_FIBERID: [1], MED_RESID: 0, NREJ: 1 }),
      ],
    });
    const exposure = { EXPID: 3580, FLAVOR: 'science', CAMERAS: [camera('b5', 1), camera('r5', 498)] };
    const file = { NIGHTS: [{ NIGHT: '20180901', EXPOSURES: [exposure] }] };
    expect(taken(file)).toEqual({
      getrms: ['RMS', 'RMS_OVER_AMP'],
      countpix: ['NPIX3SIG', 'NPIX100_AMP'],
      getbias: ['BIAS_AMP'],
      xwsigma: ['XSIGMA_MED', 'WSIGMA_MED'],
      countbins: ['NGOODFIBERS', 'NBINS100'],
      integ: ['INTEG_AVG'],
      skypeak: ['SUMCOUNT', 'SUMCOUNT_RMS_SKY'],
      skycont: ['SKYCONT', 'SKYFIBERID'],
      snr: ['MEDIAN_AMP_SNR', 'ELG_SNR_MAG', 'STAR_FIBERID'],
      skyresid: ['MED_RESID', 'NREJ'],
    });
    const good = takeMergedQaApart(file, owner).find(({ metric }) => metric === 'countbins')?.value;
    expect(good).toMatchObject({ METRICS: { NGOODFIBERS: 498 }, FLAVOR: 'science', CAMERA: 'r5', EXPID: '00003580' });
  });

  it('keep a key that nobody knows, under the name of its task', () => {
    const TASKS = JSON.parse('{"CHECK_CCDs": {"METRICS": {"NEW": 1, "__proto__": 2}}}') as Metrics;
    expect(taken({ ...head, TASKS })).toEqual({ check_ccds: ['NEW', '__proto__'] });
  });
});

describe('what is no merged file of this camera', () => {
  const owner = { expid: 101, night, camera: 'r0' };
  const good = { NIGHT: night, EXPID: 101, CAMERA: 'r0', TASKS: { CHECK_CCDs: { METRICS: { BIAS: 1 } } } };
  it.each([
    ['CAMERA z0', { ...good, CAMERA: 'z0' }],
    ['EXPID 102', { ...good, EXPID: 102 }],
    ['EXPID nothing', { ...good, EXPID: undefined }],
    ['NIGHT 20191116', { ...good, NIGHT: '20191116' }],
    ['no QA result', { ...good, TASKS: {} }],
    ['no QA result', { ...good, TASKS: { CHECK_CCDs: { METRICS: {}, PARAMS: { CUTPIX: 5 } }, X: null } }],
    ['no QA result', { ...good, TASKS: 7 }],
    ['no merged QA of r0', { NIGHTS: [] }],
    ['no merged QA of r0', [good]],
    ['no merged QA of r0', null],
  ])('is refused: %s', (reason, file) => {
    expect(() => takeMergedQaApart(file, owner)).toThrow(reason);
  });
});
