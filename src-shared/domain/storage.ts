import Type, { type Static } from 'typebox';

/**
 * What QLF keeps on the disk, by what it costs to have it again. `raw`: copies of the raw files · `split`: one file a camera ·
 * `preproc`, `spectra`, `products`: what pipelines write · `qa`: the QA files · `logs` · `emulated`: exposures of the test
 * environment · `spool`: documents on their way.
 */
export const STORAGE_KINDS = [
  'raw',
  'split',
  'preproc',
  'spectra',
  'products',
  'qa',
  'logs',
  'emulated',
  'spool',
] as const;
export type StorageKind = (typeof STORAGE_KINDS)[number];

/** Days that a kind is kept after its exposure was last processed; null: for ever, however full the disk is. */
const Days = Type.Union([Type.Integer({ minimum: 1, maximum: 36_500 }), Type.Null()]);
const keepDays = Object.fromEntries(STORAGE_KINDS.map((kind) => [kind, Days])) as Record<StorageKind, typeof Days>;

/** How the disk is kept clean and the database safe; kept in the database, changes hold at once. */
export const StorageSettingsSchema = Type.Object(
  {
    keepDays: Type.Object(keepDays, { additionalProperties: false }),
    /** Days that nothing younger than is deleted, however full the disk is. */
    leastDays: Type.Integer({ minimum: 1, maximum: 365 }),
    /** Clean what is old once a day. */
    daily: Type.Boolean(),
    /** Clean the oldest of what may go when the disk passes its warning limit, until it is below. */
    whenFull: Type.Boolean(),
    /** Copy the database once a day. */
    backupDaily: Type.Boolean(),
    /** How many of these copies are kept. */
    backupKeep: Type.Integer({ minimum: 1, maximum: 365 }),
    /** Where they are written; null: `backups` in the data folder. */
    backupFolder: Type.Union([Type.String({ minLength: 1, maxLength: 4096 }), Type.Null()]),
  },
  { additionalProperties: false },
);
export type StorageSettings = Static<typeof StorageSettingsSchema>;

/** What can be had again goes; what cannot stays until somebody decides. */
export const DEFAULT_STORAGE_SETTINGS: StorageSettings = {
  keepDays: {
    raw: 30,
    split: 14,
    preproc: 90,
    spectra: null,
    products: null,
    qa: null,
    logs: null,
    emulated: null,
    spool: 7,
  },
  leastDays: 2,
  daily: true,
  whenFull: true,
  backupDaily: true,
  backupKeep: 7,
  backupFolder: null,
};

/** Why files of an exposure stay though they are old enough. */
export const KEPT_REASONS = [
  'unprocessed',
  'running',
  'to catch up',
  'requested',
  'commented',
  'flagged',
  'active alarm',
  'on screen',
  'not known',
  'belongs to the source',
  'newest emulated exposure',
  'source does not have it',
] as const;
export type KeptReason = (typeof KEPT_REASONS)[number];

const Amount = { exposures: Type.Integer(), files: Type.Integer(), bytes: Type.Number() };

/** What a cleaning would do, or has done. */
export const CleaningPlanSchema = Type.Object({
  ...Amount,
  kinds: Type.Array(Type.Object({ kind: Type.Enum(STORAGE_KINDS), ...Amount })),
  kept: Type.Array(Type.Object({ reason: Type.Enum(KEPT_REASONS), ...Amount })),
});
export type CleaningPlan = Static<typeof CleaningPlanSchema>;

/** Long work on the storage: one at a time. */
export const StorageWorkSchema = Type.Object({
  kind: Type.Enum(['preview', 'cleaning', 'backup', 'restore', 'export', 'import']),
  state: Type.Enum(['running', 'done', 'failed', 'cancelled']),
  startedAt: Type.Number(),
  /** 0 … 1; null where it cannot be told. */
  share: Type.Union([Type.Number(), Type.Null()]),
  /** What is done now, or what came of it. */
  text: Type.String(),
});
export type StorageWork = Static<typeof StorageWorkSchema>;

/** One deletion; the measurements and everything else in the database stay. */
export const CleanedSchema = Type.Object({
  at: Type.Number(),
  /** Null for what belongs to no exposure. */
  expid: Type.Union([Type.Integer(), Type.Null()]),
  runId: Type.Union([Type.Integer(), Type.Null()]),
  kind: Type.Enum(STORAGE_KINDS),
  files: Type.Integer(),
  bytes: Type.Number(),
  /** `daily`, `disk full`, or `by hand`. */
  why: Type.String(),
  /** Who asked for it; empty where nobody did. */
  by: Type.String(),
});
export type Cleaned = Static<typeof CleanedSchema>;

export const BackupFileSchema = Type.Object({ name: Type.String(), bytes: Type.Number(), at: Type.Number() });
export type BackupFile = Static<typeof BackupFileSchema>;
