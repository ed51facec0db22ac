import Type, { type Static } from 'typebox';
import { AlarmSchema, ALARM_EVENT_KINDS } from './alarm.ts';
import { CameraSchema } from './camera.ts';
import { EXPOSURE_STATES, ExposureMetadataSchema } from './exposure.ts';
import { JudgedKeySchema, QA_STATUSES } from './measurement.ts';
import { NightSchema } from './night.ts';
import { LOST_CAUSES } from './lost-time.ts';
import { FiberSchema } from './notes.ts';
import { JOB_STATES, RUN_STATES, STAGES, StageTimeSchema, StepTimeSchema } from './run.ts';
import { STEPS } from './step.ts';
import { STORAGE_KINDS } from './storage.ts';

const Nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const Strict = { additionalProperties: false };
const Id = Type.Integer({ minimum: 1 });
const Expid = Type.Integer({ minimum: 0, maximum: 99_999_999 });
const At = Type.Number();
const Words = Type.String({ maxLength: 100_000 });

/** Version of the form below; a reader takes those it knows. */
export const NIGHT_FILE_VERSION = 1;
/** With an ending of its own, so that desktops know what opens it. */
export const NIGHT_MANIFEST = 'night.qlfnight';
export const NIGHT_DATA = 'data.jsonl';

/** `files/EXPID8/run-ID/NAME`: what a run has made. None of these patterns can lead anywhere else. */
const PRODUCT = /^files\/(\d{8})\/run-(\d{1,15})\/([A-Za-z0-9][A-Za-z0-9._-]{0,199})$/;
/** `beside/EXPID8/NAME`: the small files that come with a raw file, without which screens are blank. */
const BESIDE = /^beside\/(\d{8})\/((?:fibermap|telemetry|etc)-[A-Za-z0-9._-]{1,100})$/;
/** `logs/NAME`: what the engine and the monitor wrote in the night. */
const LOG = /^logs\/(engine-(\d{8})(?:\.\d{1,4})?\.log)$/;

/** A file of an exported night, by its name in the folder. */
export type NightFile =
  | { kind: 'product'; expid: number; run: number; file: string }
  | { kind: 'beside'; expid: number; file: string }
  | { kind: 'log'; night: string; file: string };

/** What a name in the folder stands for; null: nothing that belongs there. */
export function nightFile(name: string): NightFile | null {
  const [, expid, run, file] = PRODUCT.exec(name) ?? [];
  if (file !== undefined) return { kind: 'product', expid: Number(expid), run: Number(run), file };
  const [, of, beside] = BESIDE.exec(name) ?? [];
  if (beside !== undefined) return { kind: 'beside', expid: Number(of), file: beside };
  const [, log, night] = LOG.exec(name) ?? [];
  return log !== undefined && night !== undefined ? { kind: 'log', night, file: log } : null;
}

/** What is in an exported night's folder; written last, so that one without it is not whole. */
export const NightManifestSchema = Type.Object(
  {
    format: Type.Literal('qlf-night'),
    version: Type.Integer({ minimum: 1 }),
    night: NightSchema,
    origin: Type.Enum(['emulated', 'real']),
    writtenAt: At,
    files: Type.Array(
      Type.Object(
        {
          name: Type.String({ maxLength: 300 }),
          bytes: Type.Integer({ minimum: 0 }),
          sha256: Type.String({ pattern: '^[0-9a-f]{64}$' }),
        },
        Strict,
      ),
      { maxItems: 200_000 },
    ),
  },
  Strict,
);
export type NightManifest = Static<typeof NightManifestSchema>;

const lines = {
  exposure: Type.Object(
    {
      type: Type.Literal('exposure'),
      exposure: ExposureMetadataSchema,
      state: Type.Enum(EXPOSURE_STATES),
      reason: Words,
      camerasExpected: Type.Array(CameraSchema),
      registeredAt: At,
      /** s; left out where nobody said it. */
      effectiveTime: Type.Optional(Nullable(Type.Number())),
      effectiveRequested: Type.Optional(Nullable(Type.Number())),
    },
    Strict,
  ),
  /** Versions that runs of the night were made with or judged by. */
  version: Type.Object(
    {
      type: Type.Literal('version'),
      of: Type.Enum(['configuration', 'limits']),
      id: Id,
      text: Type.String(),
      author: Words,
      reason: Words,
      createdAt: At,
    },
    Strict,
  ),
  run: Type.Object(
    {
      type: Type.Literal('run'),
      /** Where it was; what follows names it so. */
      id: Id,
      expid: Expid,
      kind: Type.Enum(['qlf', 'external']),
      state: Type.Enum(RUN_STATES),
      stage: Type.Enum(STAGES),
      stages: Type.Array(StageTimeSchema),
      reason: Words,
      configurationId: Nullable(Id),
      limitsId: Nullable(Id),
      /** The frozen copy, YAML. */
      configuration: Type.String(),
      startedAt: At,
      endedAt: Nullable(At),
      /** The run that stands for its exposure. */
      isLast: Type.Boolean(),
    },
    Strict,
  ),
  job: Type.Object(
    {
      type: Type.Literal('job'),
      run: Id,
      camera: CameraSchema,
      state: Type.Enum(JOB_STATES),
      steps: Type.Array(StepTimeSchema),
      plan: Type.Array(Type.Enum(STEPS)),
      attempt: Type.Integer({ minimum: 0 }),
      startedAt: Nullable(At),
      endedAt: Nullable(At),
      exitCode: Nullable(Type.Integer()),
      signal: Nullable(Type.String({ maxLength: 40 })),
      reason: Words,
      hasLog: Type.Boolean(),
      /** What the sender said of the job, and what it calls it. */
      postedStatus: Nullable(Type.Integer()),
      postedLabel: Nullable(Words),
    },
    Strict,
  ),
  measurement: Type.Object(
    {
      type: Type.Literal('measurement'),
      run: Id,
      camera: CameraSchema,
      metric: Type.String({ minLength: 1, maxLength: 200 }),
      senderName: Type.String({ maxLength: 200 }),
      revision: Type.Integer({ minimum: 1 }),
      status: Type.Enum(QA_STATUSES),
      keys: Type.Array(JudgedKeySchema),
      digest: Type.String({ pattern: '^([0-9a-f]{2})+$' }),
      nonFinite: Nullable(Type.String()),
      receivedAt: At,
      /** As it was posted: JSON. */
      value: Type.String(),
    },
    Strict,
  ),
  comment: Type.Object(
    {
      type: Type.Literal('comment'),
      expid: Expid,
      camera: Nullable(CameraSchema),
      fiber: Nullable(FiberSchema),
      author: Words,
      text: Words,
      createdAt: At,
      editedAt: Nullable(At),
      editedBy: Nullable(Words),
      deletedAt: Nullable(At),
      deletedBy: Nullable(Words),
      versions: Type.Array(Type.Object({ text: Words, author: Words, until: At }, Strict)),
    },
    Strict,
  ),
  flag: Type.Object(
    {
      type: Type.Literal('flag'),
      expid: Expid,
      flag: Nullable(Type.Enum(['good', 'questionable', 'bad'])),
      author: Words,
      reason: Words,
      at: At,
    },
    Strict,
  ),
  /** Why time was lost after an exposure, null: before the first. */
  'lost-time': Type.Object(
    {
      type: Type.Literal('lost-time'),
      after: Nullable(Expid),
      from: At,
      to: At,
      cause: Nullable(Type.Enum(LOST_CAUSES)),
      words: Words,
      author: Words,
      at: At,
    },
    Strict,
  ),
  /** What happened to an exposure, as the journal has it. */
  event: Type.Object(
    {
      type: Type.Literal('event'),
      at: At,
      kind: Type.String({ maxLength: 200 }),
      expid: Expid,
      camera: Nullable(CameraSchema),
      text: Words,
    },
    Strict,
  ),
  /** What was deleted of an exposure, of a run or (null) of all. */
  cleaned: Type.Object(
    {
      type: Type.Literal('cleaned'),
      at: At,
      expid: Expid,
      run: Nullable(Id),
      kind: Type.Enum(STORAGE_KINDS),
      files: Type.Integer({ minimum: 0 }),
      bytes: Type.Number({ minimum: 0 }),
      why: Words,
      by: Words,
    },
    Strict,
  ),
  note: Type.Object({ type: Type.Literal('note'), author: Words, text: Words, at: At }, Strict),
  alarm: Type.Object(
    {
      type: Type.Literal('alarm'),
      alarm: AlarmSchema,
      events: Type.Array(
        Type.Object(
          { at: At, kind: Type.Enum(ALARM_EVENT_KINDS), by: Words, text: Words, expid: Nullable(Expid) },
          Strict,
        ),
      ),
    },
    Strict,
  ),
};

/** A line of an exported night: exposures before their runs, runs before their jobs, jobs before their measurements. */
export const NightLineSchema = Type.Union([
  lines.exposure,
  lines.version,
  lines.run,
  lines.job,
  lines.measurement,
  lines.comment,
  lines.flag,
  lines.note,
  lines['lost-time'],
  lines.event,
  lines.cleaned,
  lines.alarm,
]);
export type NightLine = Static<typeof NightLineSchema>;
