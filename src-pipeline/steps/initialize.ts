import { isScienceFlavor } from '#shared/domain/exposure.ts';
import { TARGET_BITS } from '#shared/domain/target-class.ts';
import { need, type FiberMap, type JobFacts, type QaValue, type RawCamera, type StepDefinition } from '../types.ts';

/** Magnitude of a fiber without flux. */
const NO_FLUX_MAG = 30;

const STAR_BITS = [TARGET_BITS.STD_FAINT, TARGET_BITS.STD_WD, TARGET_BITS.STD_BRIGHT] as const;

/** FIBER numbers (0 … 4999) of the fibers with any of some DESI_TARGET bits. */
function fibersWith({ fiber, desiTarget }: FiberMap, bits: readonly bigint[]): number[] {
  const wanted = bits.reduce((mask, bit) => mask | (1n << bit), 0n);
  return Array.from(fiber).filter((_, i) => (desiTarget[i]! & wanted) !== 0n);
}

/** mag = 22.5 − 2.5 log₁₀(flux in nanomaggies); 30 without flux. */
const magnitudes = (flux: Float64Array): number[] =>
  Array.from(flux, (value) => (value > 0 ? 22.5 - 2.5 * Math.log10(value) : NO_FLUX_MAG));

const degrees = (values: Float64Array): number[] => Array.from(values, (value) => Math.round(value * 1e5) / 1e5);

/**
 * GENERAL_INFO of the merged QA file: the exposure, and for science its targets: FIBER_MAGS (g, r, z), RA and DEC in degrees to
 * five decimals, FIBER numbers by class.
 */
export function generalInfo(
  facts: JobFacts,
  raw: RawCamera,
  fibermap: FiberMap | undefined,
  now: Date,
): Record<string, QaValue> {
  const info: Record<string, QaValue> = {
    PROGRAM: (facts.program ?? facts.flavor).toUpperCase(),
    EXPTIME: facts.exptime,
    QLrun_datime_UTC: now.toISOString().replace('Z', '+00:00'),
    FITS_DESISPEC_VERSION: raw.header.text('DEPVER07') ?? null,
    PROC_DESISPEC_VERSION: null,
    PROC_QuickLook_VERSION: null,
  };
  if (facts.flavor === 'arc') {
    info['B_PEAKS'] = [...facts.peaks.b];
    info['R_PEAKS'] = [...facts.peaks.r];
    info['Z_PEAKS'] = [...facts.peaks.z];
  }
  if (!isScienceFlavor(facts.flavor)) return info;
  info['AIRMASS'] = facts.airmass;
  info['SEEING'] = facts.seeing;
  if (!fibermap) return info;
  const sky = fibersWith(fibermap, [TARGET_BITS.SKY]);
  return {
    ...info,
    FIBER_MAGS: [magnitudes(fibermap.fluxG), magnitudes(fibermap.fluxR), magnitudes(fibermap.fluxZ)],
    RA: degrees(fibermap.ra),
    DEC: degrees(fibermap.dec),
    ELG_FIBERID: fibersWith(fibermap, [TARGET_BITS.ELG]),
    LRG_FIBERID: fibersWith(fibermap, [TARGET_BITS.LRG]),
    QSO_FIBERID: fibersWith(fibermap, [TARGET_BITS.QSO]),
    SKY_FIBERID: sky,
    NSKY_FIB: sky.length,
    STAR_FIBERID: fibersWith(fibermap, STAR_BITS),
  };
}

export const INITIALIZE: StepDefinition = {
  algorithm: 'Initialize',
  step: 'initialize',
  onFailure: 'continue',
  run(products, context) {
    return { generalInfo: generalInfo(context, need(products, 'raw'), products.fibermap, new Date()) };
  },
};
