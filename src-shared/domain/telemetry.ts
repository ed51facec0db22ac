import Type, { type Static } from 'typebox';
import { ExposureFilterSchema } from './trend.ts';

/** A series by its name, over the exposures of a filter; null: the one that is first by name. */
export const TelemetryQuerySchema = Type.Object(
  {
    filter: ExposureFilterSchema,
    name: Type.Union([Type.String({ minLength: 1, maxLength: 200 }), Type.Null()]),
  },
  { additionalProperties: false },
);
export type TelemetryQuery = Static<typeof TelemetryQuerySchema>;

/** Values of one quantity over the time of an exposure, in ascending order of time. */
export interface Series {
  name: string;
  /** Empty where the quantity has none, or it is not known. */
  unit: string;
  /** ms since the epoch, one a value */
  at: number[];
  values: (number | null)[];
}

/** What sensors and the exposure-time calculator said during exposures. */
export interface TelemetryAnswer {
  /** All series that there are, in the order of their names. */
  names: { name: string; unit: string }[];
  /** The one that is told; null where there is none of that name. */
  name: string | null;
  unit: string;
  /** Oldest first; the newest of the filter where there are too many, without those that have none of it. */
  exposures: { expid: number; night: string; run: number | null; at: number[]; values: (number | null)[] }[];
  /** How many exposures were looked at, and how many the filter has. */
  looked: number;
  total: number;
}
