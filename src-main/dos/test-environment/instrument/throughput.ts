import type { Arm, CameraName } from '#shared/domain/camera.ts';
import { Random } from '../random.ts';
import type { CameraDesign, InstrumentSize } from './camera-design.ts';

/** Airmass and seeing (arcsec) for which the average calibration holds. */
export const PIVOT_AIRMASS = 1;
export const PIVOT_SEEING = 1.1;

/** Light lost per arcsec of seeing at the fiber's face, magnitudes. */
export const SEEING_TERM = 0.3;

/** Electrons per s and Angstrom for a flux of 10⁻¹⁷ erg/s/cm²/Å at the pivot conditions and unit fiber flat. */
export function averageCalibration(arm: Arm, wave: number): number {
  if (arm === 'b') return 0.01 + 0.032 * smooth((wave - 3560) / 2180);
  if (arm === 'r') return 0.04 + 0.04 * smooth((wave - 5620) / 2130);
  const t = (wave - 7410) / 2430;
  return 0.075 + 0.036 * t - 0.018 * t * t;
}

/** Atmospheric extinction, magnitudes per airmass: Rayleigh scattering and a grey part. */
export function extinction(wave: number): number {
  return 0.0085 / (wave / 10_000) ** 4 + 0.055;
}

/** The quotient of electrons / Å / s and flux in given conditions; the formula that flux calibration undoes. */
export function calibrationAt(arm: Arm, wave: number, airmass: number, seeing: number): number {
  const dimming = (seeing - PIVOT_SEEING) * SEEING_TERM + (airmass - PIVOT_AIRMASS) * extinction(wave);
  return averageCalibration(arm, wave) * 10 ** (-0.4 * dimming);
}

/**
 * Throughput of each fiber over the wavelengths, mean 1 over fibers and wavelengths: FIBERFLAT of the camera.
 * @returns flat(fiber, wave)
 */
export interface FiberFlat {
  /** Level of each fiber, mean exactly 1. */
  readonly level: Float64Array;
  readonly at: (fiber: number, wave: number) => number;
}

export function fiberFlatOf(design: CameraDesign, camera: CameraName): FiberFlat {
  const { fibers, waveMin, waveMax } = design;
  const level = fiberLevels(fibers, camera[1] ?? '0', design.size);
  const random = new Random('instrument', 'flat', design.size, camera);
  const phase = Float64Array.from({ length: fibers }, () => random.between(0, 2 * Math.PI));
  const tilt = Float64Array.from({ length: fibers }, () => 0.015 * random.between(-1, 1));
  const at = (fiber: number, wave: number): number => {
    const u = (2 * (wave - waveMin)) / (waveMax - waveMin) - 1;
    return level[fiber]! * (1 + tilt[fiber]! * u + 0.01 * Math.sin(3 * u + phase[fiber]!));
  };
  return { level, at };
}

/** A fiber's level belongs to the fiber, so it is the same in the three arms of a spectrograph. */
function fiberLevels(fibers: number, spectrograph: string, size: InstrumentSize): Float64Array {
  const random = new Random('instrument', 'fibers', size, spectrograph);
  const level = Float64Array.from({ length: fibers }, () => 1 + 0.05 * Math.max(-2, Math.min(2, random.normal())));
  const mean = level.reduce((sum, value) => sum + value, 0) / fibers;
  return level.map((value) => value / mean);
}

/** 0 … 1 with flat ends. */
function smooth(t: number): number {
  const c = Math.max(0, Math.min(1, t));
  return c * c * (3 - 2 * c);
}
