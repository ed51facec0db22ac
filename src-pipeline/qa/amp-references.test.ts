import { expect, it } from 'vitest';
import type { AmpFacts, AmpId } from '../types.ts';
import { referencesOfAmps } from './amp-references.ts';

const PARAMS = { BIAS_AMP_DARK_REF: [1, 2, 3, 4], BIAS_AMP_NORMAL_RANGE: [-40, 40], CUTPIX: 5 };
const amps = (...ids: AmpId[]): AmpFacts[] => ids.map((id) => ({ id }) as AmpFacts);

it('keeps the references of the two amplifiers that read out, and touches nothing else', () => {
  expect(referencesOfAmps(PARAMS, amps('B', 'C'))).toEqual({ BIAS_AMP_DARK_REF: [2, 3] });
  expect(referencesOfAmps(PARAMS, amps('3', '4'))).toEqual({ BIAS_AMP_DARK_REF: [3, 4] });
  expect(referencesOfAmps(PARAMS, amps('A', 'B', 'C', 'D'))).toEqual({});
});
