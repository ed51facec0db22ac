import Type, { type Static } from 'typebox';
import { CameraSchema } from './camera.ts';

/** Faults that the DOS test environment can inject, by name. */
export const FAULTS = [
  'missing-camera',
  'dead-amplifier',
  'noisy-amplifier',
  'bias-jump',
  'saturated',
  'defocus',
  'shifted-traces',
  'bright-sky',
  'cloud',
  'dead-fibers',
  'truncated-file',
  'wrong-expid',
] as const;
export type FaultName = (typeof FAULTS)[number];

export const FaultSchema = Type.Object({
  name: Type.Enum(FAULTS),
  /** Which camera; absent: every camera, or the whole exposure where the fault has no camera. */
  camera: Type.Optional(CameraSchema),
  /** Which amplifier, for faults of one; default C. */
  amplifier: Type.Optional(Type.Enum(['A', 'B', 'C', 'D'])),
});
export type Fault = Static<typeof FaultSchema>;

export const CADENCES = ['real-time', 'accelerated', 'manual'] as const;

/** What the emulated night does; changes apply from its next exposure. */
export const TestEnvironmentSettingsSchema = Type.Object({
  seed: Type.Integer({ minimum: 0 }),
  /** compact: 640×1600, 50 fibers a camera · full: the real sizes */
  size: Type.Enum(['compact', 'full']),
  cadence: Type.Enum(CADENCES),
  /** s between exposures when accelerated */
  acceleratedPeriod: Type.Number({ minimum: 1 }),
  faults: Type.Array(FaultSchema),
});
export type TestEnvironmentSettings = Static<typeof TestEnvironmentSettingsSchema>;
