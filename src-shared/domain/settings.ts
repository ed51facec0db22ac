import Type, { type Static } from 'typebox';
import { CameraSchema } from './camera.ts';

/** How the engine works; kept in the database, changed at any time, taken at the next exposure. */
export const EngineSettingsSchema = Type.Object(
  {
    /** FLAVORs that are processed; all others are registered only. */
    flavors: Type.Array(Type.String({ pattern: '^[a-z][a-z-]{0,31}$' }), { maxItems: 20 }),
    /** Process superseded exposures when there is nothing newer to do. */
    catchUp: Type.Boolean(),
    /** Jobs at once. */
    parallel: Type.Integer({ minimum: 1, maximum: 30 }),
    /** s after which a job is ended. */
    jobTimeout: Type.Number({ minimum: 1, maximum: 86_400 }),
    /** Cameras that should be in an exposure; `auto`: what the DOS says. */
    camerasExpected: Type.Union([Type.Literal('auto'), Type.Array(CameraSchema, { uniqueItems: true })]),
  },
  { additionalProperties: false },
);
export type EngineSettings = Static<typeof EngineSettingsSchema>;

/** Which nights this computer shows; kept in a file beside the application's own settings, taken at the next start. */
export const FolderSettingsSchema = Type.Object(
  {
    /** Raw tree that QLF reads (NIGHT/EXPID8/desi-EXPID8.fits.fz); null: the DOS test environment. */
    source: Type.Union([Type.String({ minLength: 1 }), Type.Null()]),
    /** QLF's own folder; null: the standard place. */
    data: Type.Union([Type.String({ minLength: 1 }), Type.Null()]),
  },
  { additionalProperties: false },
);
export type FolderSettings = Static<typeof FolderSettingsSchema>;
