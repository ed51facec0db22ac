import { describe, expect, it } from 'vitest';
import { fuzz } from '../fuzz/run-fuzz.ts';
import { TARGETS } from '../fuzz/targets.ts';

/** Inputs of one of a hundred shares; the long form is `npm run soak -- fuzz`. */
const A_SHARE = 100;
const SEED = Number(process.env['QLF_FUZZ_SEED'] ?? 20_191_115);

describe(`bad inputs of seed ${String(SEED)} are read or refused with a code, never a crash or a hang`, () => {
  it.each(Object.entries(TARGETS))(
    '%s',
    async (name, { share }) => {
      const count = share * A_SHARE;
      const { outcomes, findings } = await fuzz(name, SEED, count);
      expect(findings).toEqual([]);
      expect(Object.values(outcomes).reduce((sum, times) => sum + times, 0)).toBe(count);
    },
    // Each input has two minutes of its own before it counts as a hang.
    600_000,
  );
});
