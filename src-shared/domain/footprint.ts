import Type, { type Static } from 'typebox';
import type { ExposureState } from './exposure.ts';

/** Most tiles of a list. */
export const MAX_TILES = 50_000;

/** A tile that the survey plans to observe; coordinates of its centre in degrees. */
export const PlannedTileSchema = Type.Object(
  {
    tileid: Type.Integer({ minimum: 0, maximum: 2_147_483_647 }),
    ra: Type.Number({ minimum: 0, exclusiveMaximum: 360 }),
    dec: Type.Number({ minimum: -90, maximum: 90 }),
    /** Lower case; null where the list says none. */
    program: Type.Union([Type.String({ minLength: 1, maxLength: 32 }), Type.Null()]),
  },
  { additionalProperties: false },
);
export type PlannedTile = Static<typeof PlannedTileSchema>;

export const TileListSchema = Type.Object(
  {
    /** Name of the file it came from. */
    name: Type.String({ minLength: 1, maxLength: 300 }),
    tiles: Type.Array(PlannedTileSchema, { minItems: 1, maxItems: MAX_TILES }),
  },
  { additionalProperties: false },
);
export type TileList = Static<typeof TileListSchema>;

/** A tile that science exposures were taken of. */
export interface ObservedTile {
  tileid: number;
  /** Where the telescope pointed, deg; null where no exposure says. */
  ra: number | null;
  dec: number | null;
  program: string | null;
  exposures: number;
  /** Sum of the exposure times, s. */
  exptime: number;
  firstNight: string;
  lastNight: string;
}

export interface FootprintAnswer {
  /** What the planned tiles came from; null without a list. */
  list: { name: string; count: number; importedAt: number } | null;
  planned: PlannedTile[];
  observed: ObservedTile[];
}

/** An exposure of a tile. */
export interface TileExposure {
  expid: number;
  night: string;
  flavor: string;
  program: string | null;
  exptime: number | null;
  airmass: number | null;
  seeing: number | null;
  at: number;
  state: ExposureState;
  runId: number | null;
}
