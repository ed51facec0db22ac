import Type, { type Static } from 'typebox';
import type { Arm, CameraName, Spectrograph } from './camera.ts';
import { CLASS_MASK, TARGET_CLASSES } from './target-class.ts';

/** Fibers of one spectrograph; spectrograph s has the fibers 500 s … 500 s + 499. */
export const FIBERS_EACH = 500;
/** Fibers of the instrument, numbered 0 … 4999. */
export const FIBERS = 5000;

export const FiberSchema = Type.Integer({ minimum: 0, maximum: FIBERS - 1 });
export type FiberSchema = Static<typeof FiberSchema>;

export function spectrographOfFiber(fiber: number): Spectrograph {
  return Math.floor(fiber / FIBERS_EACH) as Spectrograph;
}

export function cameraOfFiber(arm: Arm, fiber: number): CameraName {
  return `${arm}${spectrographOfFiber(fiber)}`;
}

/** What a fiber was put on: a class of targets, `SKY`, `TGT` for other targets, `ARC` and `FLT` under lamps, `NON` for nothing. */
export const FIBER_CLASSES = [...TARGET_CLASSES, 'SKY', 'TGT', 'ARC', 'FLT', 'NON'] as const;
export type FiberClass = (typeof FIBER_CLASSES)[number];

/** The class of one row of a fibermap; the original's order decides where a target is of several. */
export function fiberClass(objtype: string, desiTarget: bigint): FiberClass {
  const type = objtype.trim().toUpperCase();
  if (type === 'SKY' || type === 'NON' || type === 'ARC' || type === 'FLT') return type;
  // Standard stars of a bright program are Milky Way targets too; they serve as standards.
  if ((desiTarget & CLASS_MASK.STAR) !== 0n) return 'STAR';
  const found = TARGET_CLASSES.find((name) => (desiTarget & CLASS_MASK[name]) !== 0n);
  if (found) return found;
  const old = TARGET_CLASSES.find((name) => name === type);
  return old ?? (type === 'STD' ? 'STAR' : 'TGT');
}

/** Where each of the 5000 fibers stood and on what; index = fiber number, NaN where the file does not say. */
export interface Fibermap {
  /** File name, for the observer. */
  file: string;
  /** mm on the focal plane */
  x: Float32Array;
  y: Float32Array;
  /** Of the target, degrees. */
  ra: Float64Array;
  dec: Float64Array;
  /** DECam magnitudes of the target by arm: g for b, r for r, z for z. */
  magnitude: Readonly<Record<Arm, Float32Array>>;
  /** Index in FIBER_CLASSES. */
  classes: Uint8Array;
  /** TARGETID, decimal; empty where there is none. */
  targets: readonly string[];
  /** FIBERSTATUS; 0 good. */
  status: Int32Array;
  /** False where all fibers have the same place, as under lamps. */
  placed: boolean;
}

/** The spectrum of one fiber in one arm, as the pipeline's product for the screens has it. */
export interface ArmSpectrum {
  arm: Arm;
  camera: CameraName;
  /** BUNIT of the product; empty without data. */
  unit: string;
  /** Å, the middle of each bin */
  wavelength: Float64Array;
  flux: Float32Array;
  /** 1 σ; NaN without data. Empty for a median, which has none. */
  error: Float32Array;
  /** Spectra that the median is of; 1 for one fiber. */
  fibers: number;
  /** Why there is none, for the observer; empty where there is. */
  missing: string;
}
