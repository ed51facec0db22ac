import Type from 'typebox';
import {
  type EngineLogFile,
  type LogFindAnswer,
  LogFindSchema,
  type LogPageAnswer,
  LogPageSchema,
} from '../domain/log.ts';
import { type Run, RunSchema } from '../domain/run.ts';

/** Log files: read by pages, searched, followed. */
export const LOGS_CONTRACT = {
  /** The engine's own logs, newest first. */
  'log.files': {
    request: Type.Object({}, { additionalProperties: false }),
    response: Type.Unsafe<EngineLogFile[]>(Type.Array(Type.Object({}))),
  },
  'log.page': { request: LogPageSchema, response: Type.Unsafe<LogPageAnswer>(Type.Object({})) },
  'log.find': { request: LogFindSchema, response: Type.Unsafe<LogFindAnswer>(Type.Object({})) },
  /** Runs of an exposure, or of all, newest first. */
  'log.runs': {
    request: Type.Object(
      {
        expid: Type.Union([Type.Integer({ minimum: 0, maximum: 99_999_999 }), Type.Null()]),
        limit: Type.Integer({ minimum: 1, maximum: 100 }),
        offset: Type.Integer({ minimum: 0 }),
      },
      { additionalProperties: false },
    ),
    response: Type.Unsafe<{ total: number; runs: Run[] }>(
      Type.Object({ total: Type.Integer(), runs: Type.Array(RunSchema) }),
    ),
  },
} as const;
