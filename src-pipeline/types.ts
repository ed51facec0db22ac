/**
 * Data types of the pipeline and the interfaces that a step and a QA fulfil.
 *
 * A new QA metric is one file in `qa/` that exports a {@link QaDefinition}, and its line in `qa/registry.ts`;
 * a new step is one file in `steps/` that exports a {@link StepDefinition}, and its line in `steps/registry.ts`.
 * The science of each is an exported pure function with typed arguments; the definition only picks its inputs from
 * {@link Products}.
 */
import type { Arm, CameraName, Spectrograph } from '#shared/domain/camera.ts';
import type { AmpId, Section } from '#shared/fits/ccd-sections.ts';
import type { Header } from '#shared/fits/header.ts';
import type { LegendreSet } from '#shared/fits/legendre-set.ts';
import type { Json } from '#shared/domain/measurement.ts';
import type { Step } from '#shared/domain/step.ts';
import type { BufferSource } from './buffers.ts';
import type { ImageKernel } from './kernel/image-memory.ts';
import type { PipelineLog } from './log.ts';

export type FloatArray = Float32Array | Float64Array;

export type { AmpId, LegendreSet, Section };

/** One camera as read out: raw ADU of the whole readout (prescan, data, overscan). */
export interface RawCamera {
  nx: number;
  ny: number;
  /** ADU, row after row (index y·nx + x); BZERO applied. */
  pix: Uint16Array | Int32Array | Float32Array | Float64Array;
  /** Camera header, with the exposure's global keywords where the camera's own has none (INHERIT). */
  header: Header;
}

/** What preprocessing found out about one amplifier. */
export interface AmpFacts {
  id: AmpId;
  /** Where its pixels are in the trimmed image. */
  ccdsec: Section;
  /** In the raw image. */
  datasec: Section;
  biassec: Section;
  /** electrons per ADU that were applied */
  gain: number;
  /** Nominal read noise of the header (RDNOISEx), electrons; null when the header has none. */
  rdnoise: number | null;
  /** Read noise measured in the overscan (OBSRDNx), electrons. */
  obsrdn: number;
  /** Overscan level that was subtracted (OVERSCNx), ADU; the mean over rows where it was per row. */
  overscan: number;
}

/** Bits of {@link Image.mask}. */
export const CCD_MASK = {
  BAD: 1,
  HOT: 2,
  DEAD: 4,
  SATURATED: 8,
  COSMIC: 16,
  PIXFLATZERO: 32,
  PIXFLATLOW: 64,
} as const;

/** A preprocessed CCD image: trimmed, in electrons, index y·nx + x; y is the wavelength direction. */
export interface Image {
  nx: number;
  ny: number;
  /** electrons; masked pixels are 0, as in the original */
  pix: Float32Array;
  /**
   * Inverse variance, electrons⁻². As in the original it is not 0 where masked: a pixel counts only where its mask is 0
   * (desispec's own boxcar forgets that, see its steps).
   */
  ivar: Float32Array;
  /** {@link CCD_MASK} bits; 0 is good */
  mask: Uint8Array;
  /** Fast loops over these arrays, where there are any. */
  kernel?: ImageKernel | null;
  /** In the order of their ids. */
  amps: readonly AmpFacts[];
  /** The raw header, with OVERSCNx and OBSRDNx and GAINx added. */
  header: Header;
  /** EXPTIME, s; 0 for biases. */
  exptime: number;
}

/** Images and values of the calibration index for preprocessing; null images are not applied. */
export interface CcdCalibration {
  /** Entry of the index: GAINx, SATURLEVx, OVERSCANx, CROSSTALKxy, DARKTRAILAMPx … */
  values: Readonly<Record<string, string | number>>;
  /** ADU, size of the raw image */
  bias: FloatArray | null;
  /** ADU/s, size of the trimmed image */
  dark: FloatArray | null;
  /** relative, size of the trimmed image */
  pixflat: FloatArray | null;
  /** {@link CCD_MASK} bits, size of the trimmed image */
  mask: Uint8Array | null;
}

/**
 * Traces of the fibers on the CCD: Legendre series in u = 2(λ−wavemin)/(wavemax−wavemin)−1, λ in Å; 0 is the centre of
 * the first pixel. Coefficients fiber after fiber: coefficient j of fiber f is at f·n + j.
 */
export interface TraceSet {
  nspec: number;
  wavemin: number;
  wavemax: number;
  npixY: number;
  x: LegendreSet;
  y: LegendreSet;
  /** Gaussian sigma in pixels, where the file has them. */
  xsig: LegendreSet | null;
  ysig: LegendreSet | null;
}

/** Spectra on one common wavelength grid, [nspec, nwave] row after row. */
export interface Frame {
  nspec: number;
  nwave: number;
  /** Width of the box the light was summed in, pixels. */
  boxWidth: number;
  /** Å, nwave values */
  wave: Float64Array;
  flux: Float64Array;
  ivar: Float64Array;
  /** electrons/Å, or 1e-17 erg/s/cm²/Å after flux calibration */
  unit: string;
}

/** Spectra with a wavelength grid per fiber, one sample a CCD row: all arrays [nspec, nrow]. */
export interface QFrame {
  nspec: number;
  nrow: number;
  /** Å, the configured step of the output grid (header WAVESTEP): only countbins' threshold uses it */
  wavestep: number;
  /** Width of the box the light was summed in, pixels. */
  boxWidth: number;
  wave: Float64Array;
  flux: Float64Array;
  ivar: Float64Array;
  unit: string;
}

/** The fibermap's rows of this camera's spectrograph, in fiber order; flux in nanomaggies. */
export interface FiberMap {
  n: number;
  /** 0 … 4999 */
  fiber: Int32Array;
  /** TGT, SKY, NON … (older: ELG, STD …), trimmed */
  objtype: readonly string[];
  /** DESI_TARGET bits */
  desiTarget: BigInt64Array;
  fluxG: Float64Array;
  fluxR: Float64Array;
  fluxZ: Float64Array;
  /** TARGET_RA / TARGET_DEC, deg */
  ra: Float64Array;
  dec: Float64Array;
  header: Header;
}

/** A fiber flat as in its file, [nspec, nwave]. */
export interface FiberFlat {
  nspec: number;
  nwave: number;
  wave: Float64Array;
  flat: Float64Array;
  ivar: Float64Array;
  mask: Int32Array;
}

/** Average flux calibration vectors with their seeing and airmass terms (fluxcalib files). */
export interface FluxCalib {
  wave: Float64Array;
  calib: Float64Array;
  aterm: Float64Array;
  sterm: Float64Array;
  /** reference airmass and seeing of the terms */
  pairmass: number;
  pseeing: number;
}

/** What is known when the job starts, the same for every step and QA. */
export interface JobFacts {
  camera: CameraName;
  arm: Arm;
  spectrograph: Spectrograph;
  expid: number;
  night: string;
  /** lower case: science, arc, flat, bias, dark, zero */
  flavor: string;
  /** lower case: dark, gray, bright …; null when the header has none */
  program: string | null;
  /** s, as the header has it */
  exptime: number;
  /** null where neither header nor fibermap has it */
  airmass: number | null;
  seeing: number | null;
  /** Reproduce desispec 0.31.0, its errors included. False: the right formula. */
  compatible: boolean;
  /** Sky line peaks of each arm, Å (Initialize.PEAKS of the configuration). */
  peaks: Readonly<Record<Arm, readonly number[]>>;
}

/**
 * Everything the steps have produced so far. A step returns the parts it made or replaced, and never changes one in
 * place; what is absent has not been made (or the input does not exist).
 */
export interface Products {
  raw: RawCamera;
  calibration?: CcdCalibration;
  /** GENERAL_INFO of the merged QA file. */
  generalInfo?: Record<string, QaValue>;
  fibermap?: FiberMap;
  /** Pixels, after preproc. */
  image?: Image;
  /** From the PSF file, then as corrected by flexure, then with the widths fitted by resolution. */
  traces?: TraceSet;
  /** Shifts measured by flexure: what QA `xyshifts` reports, pixels. */
  shifts?: { dx: number; dy: number };
  /** Spectra as the last step left them: `frame` in the chain of BoxcarExtract, `qframe` in that of Extract_QP. */
  frame?: Frame;
  qframe?: QFrame;
  /** The sky model that was subtracted, on the grid of the spectra it was subtracted from. */
  sky?: Frame | QFrame;
  /** Inputs of later steps; absent when the calibration has none. */
  fiberflat?: FiberFlat;
  fluxcalib?: FluxCalib;
  /** What the flat chain computed. */
  computedFlat?: FiberFlat;
}

export interface StepContext extends JobFacts {
  /** For arrays of the size of an image. */
  buffers: BufferSource;
  /** Options of this algorithm in the configuration, without its QA block. */
  options: Readonly<Record<string, Json>>;
  log: PipelineLog;
}

export interface StepDefinition {
  /** Names of the algorithm in configurations and log lines (the original's). */
  readonly algorithm: string;
  readonly step: Step;
  /** `continue`: later steps can do without it (the calibration's traces serve where flexure failed). */
  readonly onFailure: 'stop' | 'continue';
  /** Pure but for the log. Throws an Error with a clear message when it cannot go on. */
  run(products: Products, context: StepContext): Partial<Products>;
}

export interface QaContext extends JobFacts {
  /** PARAMS of this QA in the configuration. */
  params: Readonly<Record<string, Json>>;
  log: PipelineLog;
}

/** Numbers of a QA. Typed arrays become JSON arrays, NaN and infinities null. */
export type QaValue =
  Json | Float32Array | Float64Array | Int32Array | Uint8Array | QaValue[] | { [key: string]: QaValue };

export interface QaResult {
  metrics: Record<string, QaValue>;
  /** Parameters to add to or put over those of the configuration before the status is decided. */
  params?: Record<string, Json>;
}

export interface QaDefinition {
  /** Canonical short name, under which it is posted: countpix … */
  readonly metric: string;
  /** The original's class name in configurations and log lines: Count_Pixels … */
  readonly algorithm: string;
  /** KEY_STATUS is decided by the engine for every KEY of METRICS that has a KEY_NORMAL_RANGE in PARAMS. */
  run(products: Products, context: QaContext): QaResult;
}

/** A product that a step or QA needs and does not have. */
export class MissingProductError extends Error {
  constructor(what: string) {
    super(`needs ${what}, which is not there`);
    this.name = 'MissingProductError';
  }
}

/** The product of that name; throws {@link MissingProductError} when it has not been made. */
export function need<K extends keyof Products>(products: Products, name: K): NonNullable<Products[K]> {
  const value = products[name];
  if (value === undefined) throw new MissingProductError(name);
  return value;
}
