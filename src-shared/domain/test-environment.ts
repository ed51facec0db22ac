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

/** Kinds of exposures that may be asked for. */
export const EXPOSURE_KIND_NAMES = [
  'science-dark',
  'science-gray',
  'science-bright',
  'arc',
  'flat',
  'bias',
  'dark',
] as const;
export type ExposureKindName = (typeof EXPOSURE_KIND_NAMES)[number];

/** An exposure that the emulated telescope takes or will take. */
export const PlannedSchema = Type.Object({
  expid: Type.Integer(),
  night: Type.String(),
  flavor: Type.String(),
  program: Type.Union([Type.String(), Type.Null()]),
  /** s */
  exptime: Type.Number(),
  /** When its shutter opens and when its file is due, ms since the epoch; null while it waits to be asked for. */
  begins: Type.Union([Type.Number(), Type.Null()]),
  appears: Type.Union([Type.Number(), Type.Null()]),
});

/** What the emulated telescope does. */
export const TestEnvironmentStateSchema = Type.Object({
  /** `waiting`: for its time, or to be asked · `exposing`: the shutter is open · `writing`: the file is made */
  activity: Type.Enum(['off', 'starting', 'waiting', 'exposing', 'writing', 'trouble']),
  exposure: Type.Union([PlannedSchema, Type.Null()]),
  /** The last that is complete, and how long its file took, s. */
  last: Type.Union([Type.Object({ expid: Type.Integer(), seconds: Type.Number() }), Type.Null()]),
  /** What goes wrong, in words; empty otherwise. */
  problem: Type.String(),
});
export type TestEnvironmentState = Static<typeof TestEnvironmentStateSchema>;

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
