import Type, { type Static } from 'typebox';
import { Value } from 'typebox/value';
import { EXPOSURE_KIND_NAMES, PlannedSchema, TestEnvironmentSettingsSchema } from '#shared/domain/test-environment.ts';

/** What the application tells the program. */
const CommandSchema = Type.Union([
  Type.Object({ type: Type.Literal('settings'), settings: TestEnvironmentSettingsSchema }),
  Type.Object({
    type: Type.Literal('expose-now'),
    kind: Type.Union([Type.Enum(EXPOSURE_KIND_NAMES), Type.Null()]),
  }),
  Type.Object({ type: Type.Literal('stop') }),
]);
export type Command = Static<typeof CommandSchema>;

/** What the program tells the application. */
const ReportSchema = Type.Union([
  /** It observes now. */
  Type.Object({ type: Type.Literal('ready') }),
  /** It waits for an exposure's time, has its shutter open, or makes its file. */
  Type.Object({
    type: Type.Literal('observing'),
    activity: Type.Enum(['waiting', 'exposing', 'writing']),
    exposure: PlannedSchema,
  }),
  /** An exposure is complete in its folder. */
  Type.Object({
    type: Type.Literal('exposure'),
    expid: Type.Integer(),
    night: Type.String(),
    folder: Type.String(),
    /** s it took to make */
    seconds: Type.Number(),
  }),
  /** Something prevents it from observing; it tries again. */
  Type.Object({ type: Type.Literal('problem'), message: Type.String() }),
]);
export type Report = Static<typeof ReportSchema>;

/** Undefined for anything that is no command. */
export function asCommand(message: unknown): Command | undefined {
  return Value.Check(CommandSchema, message) ? message : undefined;
}

/** Undefined for anything that is no report. */
export function asReport(message: unknown): Report | undefined {
  return Value.Check(ReportSchema, message) ? message : undefined;
}
