import { DIAGNOSTICS_STEPS, type DiagnosticsState, type DiagnosticsStep } from '#shared/domain/diagnostics.ts';

const STEP_WORDS: Readonly<Record<DiagnosticsStep, string>> = {
  database: 'Checking the database',
  settings: 'Collecting settings and versions',
  logs: 'Copying the newest logs',
  jobs: 'Copying logs of failed jobs',
  archive: 'Packing',
};

/** What a bundle that is being made does now. */
export function stepWords({ step }: Pick<DiagnosticsState, 'step'>): string {
  return STEP_WORDS[step];
}

/** How far it is, 0 … 1: each step counts the same. */
export function shareDone({ state, step, share }: Pick<DiagnosticsState, 'state' | 'step' | 'share'>): number {
  if (state === 'done') return 1;
  const within = Math.min(1, Math.max(0, share));
  return (DIAGNOSTICS_STEPS.indexOf(step) + within) / DIAGNOSTICS_STEPS.length;
}
