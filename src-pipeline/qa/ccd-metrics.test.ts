import { beforeAll, describe, expect, it } from 'vitest';
import { armOf, parseCamera } from '#shared/domain/camera.ts';
import { readRawCamera } from '../inputs/raw-camera.ts';
import { recordToJson } from '../job/qa-value.ts';
import { SILENT_LOG } from '../log.ts';
import { preprocess } from '../steps/preproc.ts';
import { referenceJob, referenceJson, type ReferenceJob } from '../test-support/reference.ts';
import type { QaDefinition } from '../types.ts';
import { COUNTPIX } from './countpix.ts';
import { GETBIAS } from './getbias.ts';
import { GETRMS, overscanScatter } from './getrms.ts';
import { XWSIGMA } from './xwsigma.ts';

interface Metrics {
  METRICS: Record<string, unknown>;
  PARAMS: Record<string, never>;
}
interface Reference {
  steps: { PA: string; QAs: Record<string, Metrics> }[];
  extra: Record<string, Metrics>;
}

const SCIENCE = [
  'ql-b0-101',
  'ql-r0-101',
  'ql-z0-101',
  'ql-b1-101',
  'ql-r1-101',
  'ql-z1-101',
  'ql-r0-102',
  'qlcalib-r0-102',
  'ql-r0-110',
  'qp-b0-101',
  'qp-r0-101',
  'qp-z0-101',
  'qp-b1-101',
  'qp-r1-101',
  'qp-z1-101',
  'qp-r0-110',
];
const BIAS = ['bias-b0-103', 'bias-r0-103'];

async function jobOf(name: string, compatible: boolean): Promise<ReferenceJob> {
  if (!name.startsWith('bias')) return referenceJob(name, compatible);
  const camera = parseCamera(name.slice(5, 7))!;
  const raw = await readRawCamera('e2e/data/desispec-reference/raw/20191115/00000103/desi-00000103.fits.fz', camera);
  const calibration = { values: {}, bias: null, dark: null, pixflat: null, mask: null };
  const options = { arm: armOf(camera), exptime: 0, cosmics: true, compatible };
  const { facts } = referenceJob('ql-r0-101', compatible);
  return {
    facts: { ...facts, camera, arm: armOf(camera), expid: 103, flavor: 'bias', exptime: 0 },
    products: { raw, image: preprocess(raw, calibration, options, SILENT_LOG) },
  };
}

function measure({ facts, products }: ReferenceJob, qa: QaDefinition, params: Record<string, never>) {
  return recordToJson(qa.run(products, { ...facts, params, log: SILENT_LOG }).metrics);
}

function numbers(value: unknown): (number | null)[] {
  return [value].flat(3) as (number | null)[];
}

/** Largest relative difference; nulls must be where they are expected. */
function worst(found: unknown, expected: unknown): number {
  const [a, b] = [numbers(found), numbers(expected)];
  expect(a).toHaveLength(b.length);
  return Math.max(
    ...a.map((value, i) => {
      const other = b[i] ?? null;
      if (value === null || other === null) return value === other ? 0 : Infinity;
      return value === other ? 0 : Math.abs(value - other) / Math.max(Math.abs(other), 1e-12);
    }),
  );
}

describe.each([...SCIENCE, ...BIAS])('CCD metrics of %s, compatible', (name) => {
  let job: ReferenceJob;
  let reference: Record<string, Metrics>;
  beforeAll(async () => {
    job = await jobOf(name, true);
    reference = referenceJson<Reference>(`metrics/${name}.json`).steps.find(({ PA }) => PA === 'Preproc')!.QAs;
  });
  const both = (qa: QaDefinition): [Record<string, unknown>, Record<string, unknown>] => {
    const { METRICS, PARAMS } = reference[qa.algorithm]!;
    return [measure(job, qa, PARAMS), METRICS];
  };

  it('BIAS_AMP within 1e-6 ADU', () => {
    const [found, expected] = both(GETBIAS);
    numbers(found['BIAS_AMP']).forEach((value, i) => {
      expect(Math.abs(value! - numbers(expected['BIAS_AMP'])[i]!)).toBeLessThan(1e-6);
    });
  });

  it.each(['NOISE_AMP', 'NOISE_OVERSCAN_AMP', 'DIFF1SIG', 'DIFF2SIG', 'BIAS_PATNOISE'])(
    '%s within 1e-6 relative',
    (key) => {
      const [found, expected] = both(GETRMS);
      expect(worst(found[key], expected[key])).toBeLessThan(1e-6);
    },
  );

  it('DATA5SIG exactly', () => {
    const [found, expected] = both(GETRMS);
    expect(found['DATA5SIG']).toBe(expected['DATA5SIG']);
  });

  it('LITFRAC_AMP exactly', () => {
    const [found, expected] = both(COUNTPIX);
    expect(found['LITFRAC_AMP']).toEqual(expected['LITFRAC_AMP']);
  });

  if (BIAS.includes(name)) return;

  it('XWSIGMA and XWSIGMA_AMP within 1e-3 relative', () => {
    const [found, expected] = both(XWSIGMA);
    expect(worst(found['XWSIGMA'], expected['XWSIGMA'])).toBeLessThan(1e-3);
    expect(worst(found['XWSIGMA_AMP'], expected['XWSIGMA_AMP'])).toBeLessThan(1e-3);
  });

  it('XWSIGMA_FIB within 1e-3 relative for 95 % of the fibers', () => {
    const [found, expected] = both(XWSIGMA);
    const [a, b] = [numbers(found['XWSIGMA_FIB']), numbers(expected['XWSIGMA_FIB'])];
    expect(a).toHaveLength(b.length);
    const close = a.filter((value, i) => Math.abs(value! / b[i]! - 1) < 1e-3).length;
    expect(close / a.length).toBeGreaterThan(0.95);
  });
});

describe.each(['ql-r0-101', 'ql-r0-102', 'bias-b0-103'])('Get_RMS of the raw frame of %s', (name) => {
  it('scatter within 1e-9 relative of the real code, given the raw frame', async () => {
    const { products } = await jobOf(name, true);
    const { METRICS } = referenceJson<Reference>(`metrics/${name}.json`).extra['Get_RMS_on_raw_frame']!;
    const image = products.image!;
    const scatter = overscanScatter(
      products.raw,
      image.amps.map((amp) => amp.biassec),
      1 / (image.exptime || 1),
      [68.2, 95.4],
    );
    expect(worst(scatter.spans, [METRICS['DIFF1SIG'], METRICS['DIFF2SIG']])).toBeLessThan(1e-9);
    const noise = numbers(METRICS['NOISE_OVERSCAN_AMP']) as number[];
    const patterns = scatter.rowMedianStd.map((std, i) => std / noise[i]!);
    expect(worst(patterns, METRICS['BIAS_PATNOISE'])).toBeLessThan(1e-9);
  });
});

interface Truth {
  exposures: Record<
    string,
    {
      cameras: Record<
        string,
        {
          amps: Record<string, { gain: number; rdnoise_e: number; offset_adu: number }>;
          sigma_x: [number, number];
          sigma_y: [number, number];
        }
      >;
    }
  >;
}

describe.each(['ql-b0-101', 'ql-r0-101', 'ql-z0-101', 'ql-z1-101', 'qlcalib-r0-102', 'ql-r0-110'])(
  'CCD metrics of %s by default, against what was simulated',
  (name) => {
    const [, camera, expid] = name.split('-') as [string, string, string];
    const truth = referenceJson<Truth>('truth.json').exposures[expid]!.cameras[camera]!;
    const amps = Object.values(truth.amps);
    let job: ReferenceJob;
    beforeAll(async () => {
      job = await jobOf(name, false);
    });

    it('bias within 0.06 ADU', () => {
      const { BIAS_AMP } = measure(job, GETBIAS, {});
      numbers(BIAS_AMP).forEach((value, i) => expect(Math.abs(value! - amps[i]!.offset_adu)).toBeLessThan(0.06));
    });

    it('read noise within 2 % of the simulated with the rounding to whole ADU', () => {
      const { NOISE_AMP } = measure(job, GETRMS, {});
      numbers(NOISE_AMP).forEach((value, i) => {
        const { rdnoise_e, gain } = amps[i]!;
        expect(Math.abs(value! / Math.sqrt(rdnoise_e ** 2 + gain ** 2 / 12) - 1)).toBeLessThan(0.02);
      });
    });

    it('lit fraction within 0.01 of the original', () => {
      const { METRICS } = referenceJson<Reference>(`metrics/${name}.json`).steps[1]!.QAs['Count_Pixels']!;
      const { LITFRAC_AMP } = measure(job, COUNTPIX, {});
      numbers(LITFRAC_AMP).forEach((value, i) => {
        expect(Math.abs(value! - numbers(METRICS['LITFRAC_AMP'])[i]!)).toBeLessThanOrEqual(0.01);
      });
    });

    it('widths within 2 % across and 3 % along of the simulated, the pixel included (σ² + 1/12)', () => {
      const metrics = measure(job, XWSIGMA, {});
      const mean = ([a, b]: [number, number]): number => Math.sqrt(((a + b) / 2) ** 2 + 1 / 12);
      const [x, w] = numbers(metrics['XWSIGMA']) as [number, number];
      expect(Math.abs(x / mean(truth.sigma_x) - 1)).toBeLessThan(0.02);
      expect(Math.abs(w / mean(truth.sigma_y) - 1)).toBeLessThan(0.03);
    });
  },
);
