import Type, { type Static } from 'typebox';
import { CameraSchema } from './camera.ts';

const Nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

/**
 * What the DOS tells about an exposure: the metadata of the raw file's global header (or of the opsDB row).
 * Absent values are null, never a made-up default.
 */
export const ExposureMetadataSchema = Type.Object({
  /** EXPID */
  expid: Type.Integer({ minimum: 0, maximum: 99_999_999 }),
  /** NIGHT, YYYYMMDD of the local evening */
  night: Type.String({ pattern: '^[0-9]{8}$' }),
  /** FLAVOR, lower case: science, arc, flat, bias, dark, zero … */
  flavor: Type.String(),
  /** PROGRAM, lower case: dark, gray, bright, arc, flat … */
  program: Nullable(Type.String()),
  /** EXPTIME, s */
  exptime: Nullable(Type.Number()),
  airmass: Nullable(Type.Number()),
  /** SEEING or ETCSEENG or PMSEEING, arcsec */
  seeing: Nullable(Type.Number()),
  tileid: Nullable(Type.Integer()),
  /** MJD-OBS, start of the exposure, d */
  mjdObs: Nullable(Type.Number()),
  /** DATE-OBS, ISO 8601 UTC */
  dateObs: Nullable(Type.String()),
  /** TELRA / SKYRA, deg */
  ra: Nullable(Type.Number()),
  /** TELDEC / SKYDEC, deg */
  dec: Nullable(Type.Number()),
  /** OBSTYPE */
  obstype: Nullable(Type.String()),
  /** Every other global header card, name → value. */
  header: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number(), Type.Boolean(), Type.Null()])),
});
export type ExposureMetadata = Static<typeof ExposureMetadataSchema>;

/**
 * Where an exposure stands in QLF.
 * `registered`: known, not for processing (its flavor is not processed) · `waiting`: for processing ·
 * `processing` · `processed`: every job ended, verdict in its run · `failed`: could not be fetched or split ·
 * `superseded`: passed over for a newer one, kept for catching up.
 */
export const EXPOSURE_STATES = ['registered', 'waiting', 'processing', 'processed', 'failed', 'superseded'] as const;
export const ExposureStateSchema = Type.Enum(EXPOSURE_STATES);
export type ExposureState = (typeof EXPOSURE_STATES)[number];

/** What the exposure-time calculator says that an exposure, and its tile's visit up to it, is worth. */
export const EffectiveTimeSchema = Type.Object({
  /** s */
  seconds: Type.Number(),
  /** s, asked for of the visit: all exposures of the tile in that night that were asked for so; null where nobody said. */
  requested: Nullable(Type.Number()),
  /** s, of the visit's exposures before this one that QLF knows, and how many they are. */
  before: Type.Number(),
  exposuresBefore: Type.Integer(),
});

export const ExposureSchema = Type.Interface([ExposureMetadataSchema], {
  state: ExposureStateSchema,
  /** Why it is in this state, in words for the observer; empty where the state says all. */
  reason: Type.String(),
  /** Cameras that the DOS or the settings say should be present. */
  camerasExpected: Type.Array(CameraSchema),
  /** When QLF registered it, ms since the epoch. */
  registeredAt: Type.Number(),
  /** The newest run's id, null when never processed. */
  lastRunId: Nullable(Type.Integer()),
  /** Absent where nobody said it. */
  effective: Type.Optional(EffectiveTimeSchema),
});
export type Exposure = Static<typeof ExposureSchema>;

/** EXPID as in file and folder names: eight digits. */
export function expid8(expid: number): string {
  return String(expid).padStart(8, '0');
}

/** The flavors that are observations of the sky; the original and the telescope use both words. */
export function isScienceFlavor(flavor: string): boolean {
  return flavor === 'science' || flavor === 'object';
}
