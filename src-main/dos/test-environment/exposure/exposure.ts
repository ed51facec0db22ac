import { CAMERAS, type CameraName } from '#shared/domain/camera.ts';
import type { Fault } from '#shared/domain/test-environment.ts';
import type { InstrumentSize } from '../instrument/camera-design.ts';
import { type Conditions, drawConditions, type ExposureIdentity } from './conditions.ts';
import { type ExposureKind, exposureTime } from './schedule.ts';

/** How a raw file is laid out; all of these are found in the survey's archive. */
export interface RawFormat {
  /** `sps`: global keywords in the primary HDU · `spec`: empty primary HDU, global keywords in HDU SPEC, SPECTCONS last */
  readonly layout: 'sps' | 'spec';
  /** Names of the amplifiers in keywords: A to D, or 1 to 4. */
  readonly amplifiers: 'letters' | 'numbers';
  /** RICE-compressed (.fits.fz) or plain (.fits). */
  readonly compressed: boolean;
  /** Cameras that are switched on. */
  readonly cameras: readonly CameraName[];
}

export const DEFAULT_FORMAT: RawFormat = {
  layout: 'sps',
  amplifiers: 'letters',
  compressed: true,
  cameras: CAMERAS,
};

/**
 * An exposure, completely determined: everything that its files hold follows from this value alone. The clock enters only
 * as `startedAt`; two exposures that differ in it differ in DATE-OBS, MJD-OBS and what repeats them, nowhere else.
 */
export interface Exposure {
  readonly identity: ExposureIdentity;
  readonly kind: ExposureKind;
  /** s */
  readonly exptime: number;
  readonly size: InstrumentSize;
  /** Opening of the shutter, ms since the epoch. */
  readonly startedAt: number;
  readonly conditions: Conditions;
  readonly faults: readonly Fault[];
  readonly format: RawFormat;
}

export function makeExposure(
  identity: ExposureIdentity,
  kind: ExposureKind,
  size: InstrumentSize,
  startedAt: number,
  faults: readonly Fault[],
  format: RawFormat,
): Exposure {
  const conditions = drawConditions(identity, kind);
  return { identity, kind, exptime: exposureTime(kind), size, startedAt, conditions, faults, format };
}
