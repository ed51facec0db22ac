import Type, { type Static } from 'typebox';

/** What a bundle is made of, in the order in which it is collected. */
export const DIAGNOSTICS_STEPS = ['database', 'settings', 'logs', 'jobs', 'archive'] as const;
export type DiagnosticsStep = (typeof DIAGNOSTICS_STEPS)[number];

/** How far the making of a diagnostics bundle is. */
export const DiagnosticsStateSchema = Type.Object({
  state: Type.Enum(['idle', 'running', 'done', 'failed', 'cancelled']),
  step: Type.Enum(DIAGNOSTICS_STEPS),
  /** Share of that step, 0 … 1. */
  share: Type.Number(),
  /** Where it lies, and its size; empty and 0 until it is there. */
  file: Type.String(),
  bytes: Type.Integer(),
  error: Type.String(),
});
export type DiagnosticsState = Static<typeof DiagnosticsStateSchema>;
