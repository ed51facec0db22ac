import { describe, expect, it } from 'vitest';
import type { Json } from '#shared/domain/measurement.ts';
import { unitVectors } from '../test-support/reference.ts';
import type { JobFacts } from '../types.ts';
import { mergeQa, originalJson, type QaRecord } from './merged-qa.ts';

const FACTS = {
  camera: 'r0',
  expid: 1,
  night: '20191115',
  flavor: 'science',
  program: 'dark',
  compatible: true,
} as JobFacts;

function record(
  algorithm: string,
  metric: string,
  metrics: Record<string, Json>,
  params: Record<string, Json> = {},
): QaRecord {
  return { algorithm, qa: { metric, algorithm: metric, run: () => ({ metrics: {} }) }, metrics, params };
}

/** What the vectors' dummy QAs gave, after whichever of the chain's algorithms. */
function dummies(algorithms: readonly string[]): QaRecord[] {
  const named = (pattern: RegExp): string => algorithms.find((name) => pattern.test(name)) ?? 'absent';
  return [
    record('Preproc', 'getbias', { BIAS_AMP: [1, 2, 3, 4] }, { BIAS_AMP_DARK_REF: [1], BIAS_AMP_GRAY_REF: [2] }),
    record('Flexure', 'xyshifts', { XYSHIFTS: [0, 0] }),
    record(named(/Extract/), 'countbins', { NGOODFIB: 500 }),
    record(named(/Extract/), 'xwsigma', { XWSIGMA: [1.1, 1.2], XWSIGMA_STATUS: 'NORMAL' }),
    record(named(/FiberFlat/), 'skypeak', { PEAKCOUNT: 75, NSKY_FIB: 3 }),
    record(named(/FiberFlat/), 'skycont', { SKYCONT: 190 }),
    record(named(/SkySub/), 'snr', { FIDSNR_TGT: [1, 1], EXPTIME: 900 }),
    record('ApplyFluxCalibration', 'integ', { DELTAMAG_TGT: [0, 0] }),
  ].filter(({ algorithm }) => algorithms.includes(algorithm));
}

describe('the merged QA document', () => {
  it('has the shape of the original for both chains', () => {
    const vectors = unitVectors<string[], { GENERAL_INFO: Record<string, Json> }>('merger (dummy metrics)');
    expect(vectors).toHaveLength(2);
    for (const { in: algorithms, out } of vectors) {
      expect(mergeQa(FACTS, out.GENERAL_INFO, dummies(algorithms), algorithms)).toEqual(out);
    }
  });

  it('by default keeps what the original drops, and the references of its own program only', () => {
    const algorithms = ['Initialize', 'Preproc', 'BoxcarExtract', 'ApplyFiberFlat_QL', 'SkySub_QL'];
    const merged = mergeQa({ ...FACTS, compatible: false }, {}, dummies(algorithms), algorithms);
    expect(merged['TASKS']).toEqual({
      CHECK_CCDs: {
        METRICS: { BIAS_AMP: [1, 2, 3, 4], XWSIGMA: [1.1, 1.2], XWSIGMA_STATUS: 'NORMAL' },
        PARAMS: { BIAS_AMP_DARK_REF: [1] },
      },
      CHECK_FIBERS: { METRICS: { NGOODFIB: 500 }, PARAMS: {} },
      CHECK_SPECTRA: {
        METRICS: { PEAKCOUNT: 75, NSKY_FIB: 3, SKYCONT: 190, FIDSNR_TGT: [1, 1], EXPTIME: 900 },
        PARAMS: {},
      },
    });
  });

  it('is written with its keys sorted and four blanks, as Python does', () => {
    expect(originalJson({ b: [1], a: { d: null, c: 'x' } })).toBe(
      '{\n    "a": {\n        "c": "x",\n        "d": null\n    },\n    "b": [\n        1\n    ]\n}',
    );
  });
});
