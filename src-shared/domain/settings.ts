import Type, { type Static } from 'typebox';
import { CameraSchema } from './camera.ts';

/** One argument, passed as it is: there is never a shell. */
const ArgumentSchema = Type.String({ minLength: 1, maxLength: 4096, pattern: '^[^\\u0000]*$' });

/**
 * Which pipeline the jobs run. `built-in`: ql-pipeline · `desi_quicklook`, `desi_qproc`: the original's programs, with
 * their own configuration, folders and results · `command`: any program that does what ql-pipeline does.
 */
export const PipelineSettingSchema = Type.Union([
  Type.Object({ kind: Type.Literal('built-in') }, { additionalProperties: false }),
  Type.Object(
    {
      kind: Type.Enum(['desi_quicklook', 'desi_qproc', 'command']),
      /**
       * The program and its arguments, one an element. For the two of the original the arguments that stand before
       * those which QLF adds (a wrapper, `--loglvl`). `{camera}` and the other placeholders are filled in, each inside
       * its own argument.
       */
      argv: Type.Array(ArgumentSchema, { minItems: 1, maxItems: 100 }),
      /** Added to the minimal environment and to what QLF sets. */
      env: Type.Record(
        Type.String({ pattern: '^[A-Za-z_][A-Za-z0-9_]*$' }),
        Type.String({ maxLength: 4096, pattern: '^[^\\u0000]*$' }),
        { additionalProperties: false },
      ),
    },
    { additionalProperties: false },
  ),
]);
export type PipelineSetting = Static<typeof PipelineSettingSchema>;
export type ExternalPipeline = Exclude<PipelineSetting, { kind: 'built-in' }>;

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
    /** s of silence after which the built-in pipeline is taken for dead; other programs say themselves whether they beat. */
    heartbeat: Type.Number({ minimum: 10, maximum: 3600 }),
    /** s between questions to the DOS; its hints come at once. */
    dosPeriod: Type.Number({ minimum: 0.5, maximum: 600 }),
    /** Port that pipelines post to, 0: any; a taken one means the next free one. */
    ingestPort: Type.Integer({ minimum: 0, maximum: 65_535 }),
    /** Cameras that should be in an exposure; `auto`: what the DOS says. */
    camerasExpected: Type.Union([Type.Literal('auto'), Type.Array(CameraSchema, { uniqueItems: true })]),
    pipeline: PipelineSettingSchema,
    /** Bytes/s that a transfer from a data host may take of the link; null: all it can. */
    transferRate: Type.Union([Type.Number({ minimum: 1024 }), Type.Null()]),
    /** s without any byte after which a data host's link is given up and tried again. */
    transferStall: Type.Integer({ minimum: 5, maximum: 600 }),
    /** Attempts in all where the file itself is the trouble: changed, cut off, other than its checksum. */
    transferAttempts: Type.Integer({ minimum: 1, maximum: 20 }),
    /** min that a lost link is waited for. */
    transferWait: Type.Integer({ minimum: 1, maximum: 1440 }),
  },
  { additionalProperties: false },
);
export type EngineSettings = Static<typeof EngineSettingsSchema>;

/** Which nights this computer shows; kept in a file beside the application's own settings, taken at once. */
export const FolderSettingsSchema = Type.Object(
  {
    /** Raw tree that QLF reads (NIGHT/EXPID8/desi-EXPID8.fits.fz), or another `Source`; null: the DOS test environment. */
    source: Type.Union([Type.String({ minLength: 1, maxLength: 8192 }), Type.Null()]),
    /** QLF's own folder; null: the standard place. */
    data: Type.Union([Type.String({ minLength: 1 }), Type.Null()]),
  },
  { additionalProperties: false },
);
export type FolderSettings = Static<typeof FolderSettingsSchema>;
