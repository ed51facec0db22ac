import type { CameraName } from '#shared/domain/camera.ts';
import type { CameraExposure } from './camera-exposure.ts';
import type { Exposure } from './exposure.ts';
import { describeFault, FAULT_SIZES } from './faults.ts';
import { dateObs } from './raw-headers.ts';

/** What was really put into one camera. */
export interface CameraTruth {
  /** By amplifier: gain (electron/ADU), read noise (electrons), bias level (ADU), and whether it lives. */
  readonly amplifiers: CameraExposure['amplifiers'];
  /** Pixels by which the traces lie off the calibration's; pixels of defocus, in quadrature. */
  readonly shift: { readonly x: number; readonly y: number };
  readonly blur: number;
  /** Fibers of this camera, counted from 0, through which no light comes. */
  readonly deadFibers: readonly number[];
  readonly cosmics: number;
}

/** truth.json: what an exposure simulates, for tests that measure it back. No program of QLF reads it. */
export function exposureTruth(
  exposure: Exposure,
  cameras: ReadonlyMap<CameraName, CameraTruth>,
  headerExpid: number,
): Record<string, unknown> {
  const { identity, kind, exptime, size, conditions, faults } = exposure;
  return {
    ...identity,
    dateObs: dateObs(exposure),
    kind,
    exptime,
    size,
    conditions,
    headerExpid,
    faults: faults.map((fault) => ({ ...fault, description: describeFault(fault) })),
    faultSizes: faults.length > 0 ? FAULT_SIZES : {},
    cameras: Object.fromEntries(cameras),
  };
}

export function cameraTruth({ amplifiers, displacement, deadFibers, cosmics }: CameraExposure): CameraTruth {
  return {
    amplifiers,
    shift: { x: displacement.x, y: displacement.y },
    blur: displacement.blur,
    deadFibers,
    cosmics,
  };
}
