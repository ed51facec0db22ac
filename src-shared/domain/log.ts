import Type, { type Static } from 'typebox';
import type { LogLevel, LogLine } from '../state/control-room.ts';
import { CameraSchema, type CameraName } from './camera.ts';

/**
 * Which log: the engine's own of a night (with the lines of the DOS monitor, or of one of the two), or that of a camera in a
 * run.
 */
export const LogTargetSchema = Type.Union([
  Type.Object(
    {
      kind: Type.Literal('engine'),
      /** One of those that `log.files` lists. */
      file: Type.String({ pattern: '^engine(-[0-9]{8})?\\.log$' }),
      source: Type.Enum(['all', 'engine', 'monitor']),
    },
    { additionalProperties: false },
  ),
  Type.Object(
    { kind: Type.Literal('job'), runId: Type.Integer({ minimum: 1 }), camera: CameraSchema },
    { additionalProperties: false },
  ),
]);
export type LogTarget = Static<typeof LogTargetSchema>;

/** Lowest level that is shown. */
export const LOG_FLOORS = ['all', 'warning', 'error'] as const;
export type LogFileFloor = (typeof LOG_FLOORS)[number];
const FloorSchema = Type.Enum(LOG_FLOORS);

/** A page of the lines at or above a level. */
export const LogPageSchema = Type.Object(
  {
    target: LogTargetSchema,
    floor: FloorSchema,
    offset: Type.Integer({ minimum: 0 }),
    limit: Type.Integer({ minimum: 0, maximum: 1000 }),
  },
  { additionalProperties: false },
);
export type LogPage = Static<typeof LogPageSchema>;

/** The next (previous) line among those at or above a level that has a text, or is itself at or above a level; round the end. */
export const LogFindSchema = Type.Object(
  {
    target: LogTargetSchema,
    floor: FloorSchema,
    what: Type.Union([
      Type.Object(
        { kind: Type.Literal('text'), text: Type.String({ minLength: 1, maxLength: 200 }) },
        { additionalProperties: false },
      ),
      Type.Object(
        { kind: Type.Literal('level'), level: Type.Enum(['warning', 'error']) },
        { additionalProperties: false },
      ),
    ]),
    /** Row to go on from; −1: from the beginning. */
    from: Type.Integer({ minimum: -1 }),
    direction: Type.Enum(['next', 'previous']),
  },
  { additionalProperties: false },
);
export type LogFind = Static<typeof LogFindSchema>;

/** A line of a log file. */
export interface FileLine {
  /** Place in the file, from 1. */
  number: number;
  level: LogLevel;
  text: string;
  /** Of the engine's own log only. */
  at?: number;
  source?: LogLine['source'];
  expid?: number | null;
  camera?: CameraName | null;
  run?: number;
}

/** How far a file has been looked through; what is not `complete` goes on with the next question. */
export interface LogProgress {
  bytes: number;
  read: number;
  complete: boolean;
}

export interface LogPageAnswer extends LogProgress {
  /** Rows at or above the level, so far. */
  total: number;
  warnings: number;
  errors: number;
  offset: number;
  lines: FileLine[];
}

export interface LogFindAnswer extends LogProgress {
  /** Matches so far. */
  count: number;
  /** Row of the match, null: none yet; and which of them it is, from 1. */
  row: number | null;
  place: number;
}

export interface EngineLogFile {
  name: string;
  bytes: number;
  modifiedAt: number;
  /** It is being written. */
  current: boolean;
}
