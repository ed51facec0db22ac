import Type, { type Static } from 'typebox';
import { CAMERAS } from './camera.ts';
import { ExposureSchema } from './exposure.ts';
import { RunSchema } from './run.ts';

const Nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const Count = Type.Integer({ minimum: 0 });

/**
 * Exit statuses of the command line; they never change their meaning. `failed`: what was asked was tried and did not come about,
 * or `doctor` found a fault · `usage`: the command line itself is wrong, nothing was tried · `no-engine`: only a running engine can
 * do it, and none runs · `not-found`: no such exposure, camera, night or file · `refused`: it would do harm as things are ·
 * `engine-silent`: an engine is there and does not answer.
 */
export const EXIT_STATUS = {
  ok: 0,
  failed: 1,
  usage: 2,
  'no-engine': 3,
  'not-found': 4,
  refused: 5,
  'engine-silent': 6,
} as const;
export type CommandOutcome = keyof typeof EXIT_STATUS;

const { expid, night, flavor, program, exptime, state, reason } = ExposureSchema.properties;

/** What `qlf status --json` has as its value. Times are ms since the epoch. */
export const StatusSchema = Type.Object({
  /** Null: no engine runs, all of this is what the database says. */
  engine: Nullable(
    Type.Object({
      version: Type.String(),
      pid: Type.Integer(),
      activity: Type.Enum(['off', 'idle', 'running']),
      mode: Type.Enum(['auto', 'manual']),
      since: Type.Number(),
      parallel: Type.Integer(),
      ingestUrl: Type.String(),
      warnings: Type.Array(Type.String()),
    }),
  ),
  data: Type.String(),
  connections: Type.Array(
    Type.Object({
      name: Type.String(),
      adapter: Type.String(),
      state: Type.Enum(['ok', 'lost', 'idle']),
      since: Type.Number(),
      error: Type.String(),
    }),
  ),
  disk: Nullable(Type.Object({ totalBytes: Type.Number(), freeBytes: Type.Number() })),
  /** The running run, else the newest. */
  run: Nullable(
    Type.Object({
      ...Type.Pick(RunSchema, ['id', 'expid', 'night', 'state', 'stage', 'reason', 'startedAt', 'endedAt']).properties,
      /** By their state. */
      jobs: Type.Record(Type.String(), Count),
    }),
  ),
  alarms: Type.Array(
    Type.Object({
      id: Type.Integer(),
      severity: Type.Enum(['alarm', 'fault', 'warning']),
      state: Type.String(),
      title: Type.String(),
      expid: Nullable(Type.Integer()),
    }),
  ),
  /** Newest first, at most ten. */
  exposures: Type.Array(Type.Object({ expid, night, flavor, program, exptime, state, reason })),
});
export type Status = Static<typeof StatusSchema>;

/** What `process` and `retry` have as their value; `run` is null where nobody waited for it. */
export const ProcessedSchema = Type.Object({
  expid: Type.Integer(),
  camera: Nullable(Type.Enum([...CAMERAS])),
  run: Nullable(
    Type.Object({
      id: Type.Integer(),
      state: Type.String(),
      reason: Type.String(),
      done: Count,
      failed: Type.Array(Type.Object({ camera: Type.String(), reason: Type.String() })),
    }),
  ),
});
export type Processed = Static<typeof ProcessedSchema>;

/** What `doctor` looked at. `unchecked`: it could not be looked at from here, which is said. */
export const FindingSchema = Type.Object({
  check: Type.String(),
  outcome: Type.Enum(['good', 'warning', 'fault', 'unchecked']),
  /** What was found, in words. */
  found: Type.String(),
  /** How to mend it; empty where nothing needs it. */
  mend: Type.String(),
});
export type Finding = Static<typeof FindingSchema>;

export const DoctorReportSchema = Type.Object({
  healthy: Type.Boolean(),
  data: Type.String(),
  source: Nullable(Type.String()),
  findings: Type.Array(FindingSchema),
});
export type DoctorReport = Static<typeof DoctorReportSchema>;

/** One thing of a file of the original: what became of it. */
export const TakenLineSchema = Type.Object({
  /** From 1; 0: of the whole file. */
  line: Count,
  /** What stands there. */
  key: Type.String(),
  outcome: Type.Enum(['taken', 'kept', 'not taken']),
  words: Type.String(),
});
export type TakenLine = Static<typeof TakenLineSchema>;

/** What `config import` and `config export` have as their value. */
export const ExchangedConfigurationSchema = Type.Object({
  format: Type.Enum(['qlf.cfg', 'qlconfig']),
  file: Nullable(Type.String()),
  /** The new version of the QL configuration; null where none was saved. */
  version: Nullable(Type.Integer()),
  lines: Type.Array(TakenLineSchema),
  /** The text that was exported; absent of an import. */
  text: Type.Optional(Type.String()),
});
export type ExchangedConfiguration = Static<typeof ExchangedConfigurationSchema>;
