import Type from 'typebox';
import { type FootprintAnswer, TileListSchema, type TileExposure } from '../domain/footprint.ts';
import { type TelemetryAnswer, TelemetryQuerySchema } from '../domain/telemetry.ts';
import {
  type ConditionsAnswer,
  ExposureFilterSchema,
  type RegressionAnswer,
  RegressionQuerySchema,
  type TrendAnswer,
  type TrendCatalogue,
  TrendQuerySchema,
} from '../domain/trend.ts';

const None = Type.Object({}, { additionalProperties: false });
const Anything = Type.Object({});

/** Trends, observing conditions and the survey's footprint. */
export const TRENDS_CONTRACT = {
  'trend.catalogue': { request: None, response: Type.Unsafe<TrendCatalogue>(Anything) },
  'trend.lines': { request: TrendQuerySchema, response: Type.Unsafe<TrendAnswer>(Anything) },
  'trend.regression': { request: RegressionQuerySchema, response: Type.Unsafe<RegressionAnswer>(Anything) },
  'trend.conditions': { request: ExposureFilterSchema, response: Type.Unsafe<ConditionsAnswer>(Anything) },
  'trend.telemetry': { request: TelemetryQuerySchema, response: Type.Unsafe<TelemetryAnswer>(Anything) },
  'footprint.get': { request: ExposureFilterSchema, response: Type.Unsafe<FootprintAnswer>(Anything) },
  'footprint.exposures': {
    request: Type.Object({ tileid: Type.Integer({ minimum: 0 }) }, { additionalProperties: false }),
    response: Type.Unsafe<TileExposure[]>(Type.Array(Anything)),
  },
  /** Takes the place of the list before. */
  'footprint.import': { request: TileListSchema, response: Type.Object({}) },
} as const;
