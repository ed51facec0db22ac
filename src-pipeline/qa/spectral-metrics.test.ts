import { beforeAll, describe, expect, it } from 'vitest';
import { SILENT_LOG } from '../log.ts';
import { referenceJob, referenceJson } from '../test-support/reference.ts';
import { type ChainStep, runReferenceChain } from '../test-support/reference-chain.ts';
import type { QaValue } from '../types.ts';
import { INTEG } from './integ.ts';

/** How near a number must come to the original's. */
interface Tolerance {
  relative?: number;
  absolute?: number;
}

/**
 * Tolerances of the reference's README ("exact"; 1e-6 relative where a metric has no row). Magnitudes of the fibermap are
 * single precision there, rounded by numpy's own log10, which differs from the nearest value by one unit for one
 * fiber in twenty-five: 1.9e-6 magnitudes, which DELTAMAG, SNR_MAG_TGT and SNR_RESID inherit.
 */
const TOLERANCES: Readonly<Record<string, Tolerance>> = {
  XYSHIFTS: { relative: 1e-6 },
  NGOODFIB: { absolute: 0 },
  GOOD_FIBERS: { absolute: 0 },
  TOTCOUNT_FIB: { relative: 1e-6 },
  SKYFIBERID: { absolute: 0 },
  SKYCONT: { relative: 1e-6 },
  SKYCONT_FIBER: { relative: 1e-6 },
  FIBERID: { absolute: 0 },
  PEAKCOUNT: { relative: 1e-6 },
  PEAKCOUNT_NOISE: { relative: 1e-6 },
  PEAKCOUNT_FIB: { relative: 1e-6 },
  NSKY_FIB: { absolute: 0 },
  NFIBNOTGT: { absolute: 0 },
  SPEC_MAGS: { absolute: 1e-6 },
  DELTAMAG: { absolute: 1e-6 + 1.91e-6 },
  STD_FIBERID: { absolute: 0 },
  DELTAMAG_TGT: { absolute: 1e-6 + 1.91e-6 },
  SKYRBAND: { relative: 1e-6 },
  SKYRBAND_FIB: { relative: 1e-6 },
  MEDIAN_SNR: { absolute: 1e-6 },
  EXPTIME: { absolute: 0 },
  NUM_NEGATIVE_SNR: { absolute: 0 },
  SNR_MAG_TGT: { absolute: 1.91e-6 },
  FITCOEFF_TGT: { absolute: 1e-9 },
  SNR_RESID: { absolute: 1e-6 + 1.91e-6 },
  FIDSNR_TGT: { absolute: 1e-6 },
  RA: { absolute: 0 },
  DEC: { absolute: 0 },
  ELG_FIBERID: { absolute: 0 },
  LRG_FIBERID: { absolute: 0 },
  QSO_FIBERID: { absolute: 0 },
  BGS_FIBERID: { absolute: 0 },
  MWS_FIBERID: { absolute: 0 },
  STAR_FIBERID: { absolute: 0 },
};

interface ReferenceRun {
  steps: { PA: string; QAs: Record<string, { METRICS?: Record<string, unknown>; error?: string }> }[];
}

const RUNS = ['b0-101', 'r0-101', 'z0-101', 'b1-101', 'r1-101', 'z1-101'];
const NAMES = [...RUNS.map((run) => `ql-${run}`), 'ql-r0-102', 'qlcalib-r0-102', ...RUNS.map((run) => `qp-${run}`)];
const FULL_SIZE = ['ql-r0-110', 'qp-r0-110'];

/** The metrics of a reference run: QA, key and value; without statuses, which the engine decides. */
function expectations(name: string): [qa: string, key: string, value: unknown][] {
  const { steps } = referenceJson<ReferenceRun>(`metrics/${name}.json`);
  return steps
    .filter(({ PA }) => PA !== 'Preproc' && PA !== 'Initialize')
    .flatMap(({ QAs }) => Object.entries(QAs))
    .flatMap(([qa, { METRICS }]) =>
      Object.entries(METRICS ?? {})
        .filter(([key]) => !key.endsWith('_STATUS') && key !== 'ORACLE_FALLBACK')
        .map(([key, value]): [string, string, unknown] => [qa, key, value]),
    );
}

/** The same structure with arrays of one kind, NaN as null. */
function plain(value: QaValue): unknown {
  if (typeof value === 'number') return Number.isNaN(value) ? null : value;
  if (ArrayBuffer.isView(value) || Array.isArray(value)) return Array.from(value as ArrayLike<QaValue>, plain);
  return value;
}

/** Where two values differ by more than the tolerance; empty when they agree. */
function difference(found: unknown, expected: unknown, tolerance: Tolerance, at = ''): string {
  if (typeof expected === 'number' && typeof found === 'number') {
    const allowed = Math.max(tolerance.absolute ?? 0, (tolerance.relative ?? 0) * Math.abs(expected));
    return Math.abs(found - expected) <= allowed ? '' : `${at}: ${found} instead of ${expected}`;
  }
  if (Array.isArray(expected) && Array.isArray(found)) {
    if (found.length !== expected.length) return `${at}: ${found.length} values instead of ${expected.length}`;
    for (let i = 0; i < expected.length; i++) {
      const inside = difference(found[i], expected[i], tolerance, `${at}[${i}]`);
      if (inside !== '') return inside;
    }
    return '';
  }
  return Object.is(found, expected) ? '' : `${at}: ${String(found)} instead of ${String(expected)}`;
}

/** Classes whose refined fit the reference itself had to give up (patch 3 of its README). */
function fallbackClasses(name: string): string[] {
  const { steps } = referenceJson<ReferenceRun>(`metrics/${name}.json`);
  const fallback = steps.flatMap(({ QAs }) => QAs['Calculate_SNR']?.METRICS?.['ORACLE_FALLBACK'] ?? []);
  return (fallback as [string, string][]).map(([target]) => target);
}

/** Leaves out what belongs to the classes named. */
function withoutClasses(
  value: unknown,
  key: string,
  metrics: Record<string, unknown>,
  classes: readonly string[],
): unknown {
  const list = metrics['OBJLIST'] as string[];
  if (key === 'FITCOEFF_TGT') return (value as unknown[]).filter((_, i) => !classes.includes(list[i]!));
  const owner = list.flatMap((target) => (metrics[`${target}_FIBERID`] as unknown[]).map(() => target));
  return (value as unknown[]).filter((_, i) => !classes.includes(owner[i]!));
}

const checkRun = (name: string): void => {
  const found: Record<string, Record<string, QaValue>> = {};
  beforeAll(() => {
    for (const { qas } of runReferenceChain(name, true)) {
      for (const [qa, metrics] of Object.entries(qas)) if (typeof metrics !== 'string') found[qa] = metrics;
    }
  }, 300_000);

  it.each(expectations(name))('%s %s', (qa, key, expected) => {
    const metrics = plainAll(found[qa] ?? {});
    let value = metrics[key];
    let reference = expected;
    const classes = key === 'FITCOEFF_TGT' || key === 'SNR_RESID' ? fallbackClasses(name) : [];
    if (classes.length > 0) {
      value = withoutClasses(value, key, metrics, classes);
      reference = withoutClasses(reference, key, metrics, classes);
    }
    expect(difference(value, reference, TOLERANCES[key] ?? {}, key)).toBe('');
  });
};

const plainAll = (metrics: Record<string, QaValue>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(metrics).map(([key, value]) => [key, plain(value)]));

describe.each(NAMES)('%s, compatible: as the original', checkRun);
describe.each(FULL_SIZE)('%s, compatible, full size: as the original', checkRun);

describe('magnitudes after sky subtraction in the founding chain, compatible', () => {
  interface Extra {
    extra: { Integrate_Spec_on_sframe: { METRICS: Record<string, unknown> } };
  }
  it.each(['ql-b0-101', 'ql-r1-101', 'ql-z0-101'])('%s', (name) => {
    const { facts } = referenceJob(name, true);
    const { products } = runReferenceChain(name, true).at(-1)!;
    const metrics = plainAll(INTEG.run(products, { ...facts, params: {}, log: SILENT_LOG }).metrics);
    const { METRICS } = referenceJson<Extra>(`metrics/${name}.json`).extra.Integrate_Spec_on_sframe;
    for (const [key, value] of Object.entries(METRICS)) {
      if (key.endsWith('_STATUS')) continue;
      // What is left of a faint target after the sky has 6e-8 of the sky's rounding in it.
      const tolerance = key.startsWith('SPEC') || key.startsWith('DELTA') ? { absolute: 1e-5 } : {};
      expect(difference(metrics[key], value, tolerance, key)).toBe('');
    }
  });
});

describe('what the original loses', () => {
  it.each(['ql-r0-102', 'qlcalib-r0-102'])('countbins of amplifiers A to D (%s) in compatible mode', (name) => {
    const steps: ChainStep[] = runReferenceChain(name, true);
    expect(steps[0]?.qas['CountSpectralBins']).toContain('RDNOISE1');
  });
});
