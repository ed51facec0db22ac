import Type from 'typebox';
import { ARMS, type Arm, type CameraName } from '../domain/camera.ts';
import { ExposureSchema } from '../domain/exposure.ts';
import { FIBER_CLASSES, FiberSchema, type ArmSpectrum, type Fibermap } from '../domain/fiber.ts';
import type { JudgedKey } from '../domain/measurement.ts';
import { FIBER_METRICS, type FiberMetricName } from '../qa/fiber-metrics.ts';

const request = <P extends Record<string, Type.TSchema>>(properties: P) =>
  Type.Object(properties, { additionalProperties: false });
const RunId = Type.Integer({ minimum: 1 });
const Expid = Type.Integer({ minimum: 0, maximum: 99_999_999 });
const MetricName = Type.Enum(FIBER_METRICS);
const answer = <T>() => Type.Unsafe<T>(Type.Object({}));

/** One quantity over all fibers of a run. */
export interface FiberMetricAnswer {
  metric: FiberMetricName;
  /** 5000 values by arm, NaN where there is none. */
  values: Readonly<Record<Arm, Float64Array>>;
  /** Cameras that posted the metric, each with the judged key that belongs to the quantity. */
  posted: readonly { camera: CameraName; key: JudgedKey | null }[];
}

/** Every quantity of one fiber. */
export interface FiberAnswer {
  fiber: number;
  values: readonly { metric: FiberMetricName; arm: Arm; value: number }[];
}

/** A quantity of one fiber in recent exposures, oldest first; null where it has none. */
export type FiberHistory = readonly { expid: number; value: number | null }[];

/** Channels of the fibers and spectra screens. Arrays travel as typed arrays. */
export const FIBERS_CONTRACT = {
  /** An exposure, however old. */
  'exposure.get': { request: request({ expid: Expid }), response: ExposureSchema },
  /** The next older (−1) or newer (1) exposure that has a run; null at the end. */
  'exposure.neighbour': {
    request: request({ expid: Expid, by: Type.Union([Type.Literal(-1), Type.Literal(1)]) }),
    response: Type.Union([ExposureSchema, Type.Null()]),
  },
  /** Null where the exposure has no fibermap file any more, or never had. */
  'fibers.map': { request: request({ runId: RunId }), response: answer<Fibermap | null>() },
  'fibers.metric': { request: request({ runId: RunId, metric: MetricName }), response: answer<FiberMetricAnswer>() },
  'fibers.one': { request: request({ runId: RunId, fiber: FiberSchema }), response: answer<FiberAnswer>() },
  'fibers.history': {
    request: request({
      runId: RunId,
      fiber: FiberSchema,
      arm: Type.Enum(ARMS),
      metric: MetricName,
      limit: Type.Integer({ minimum: 1, maximum: 100 }),
    }),
    response: answer<FiberHistory>(),
  },
  'spectra.fiber': { request: request({ runId: RunId, fiber: FiberSchema }), response: answer<ArmSpectrum[]>() },
  /** Medians over the fibers of a class in the spectrograph of one fiber. */
  'spectra.median': {
    request: request({ runId: RunId, fiber: FiberSchema, of: Type.Enum(FIBER_CLASSES) }),
    response: answer<ArmSpectrum[]>(),
  },
} as const;
