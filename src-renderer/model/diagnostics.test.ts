import { expect, it } from 'vitest';
import { DIAGNOSTICS_STEPS } from '#shared/domain/diagnostics.ts';
import { shareDone, stepWords } from './diagnostics.ts';

it('goes forward through all steps, from nothing to all', () => {
  const shares = DIAGNOSTICS_STEPS.flatMap((step) =>
    [0, 0.5, 1].map((share) => ({ state: 'running', step, share }) as const),
  );
  const done = shares.map(shareDone);
  expect(done[0]).toBe(0);
  expect(done.every((share, i) => i === 0 || share >= (done[i - 1] ?? NaN))).toBe(true);
  expect(done.at(-1)).toBe(1);
  expect(shareDone({ state: 'running', step: 'logs', share: 7 })).toBeCloseTo(0.6);
  expect(shareDone({ state: 'done', step: 'archive', share: 0 })).toBe(1);
  expect(new Set(DIAGNOSTICS_STEPS.map((step) => stepWords({ step }))).size).toBe(DIAGNOSTICS_STEPS.length);
});
