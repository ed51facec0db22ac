import { describe, expect, it } from 'vitest';
import { unitVectors } from '../test-support/reference.ts';
import { unitTraces } from '../test-support/unit-vectors.ts';
import { evaluate, inverse } from './legendre-set.ts';

interface Input {
  wave: number[];
  y: number[];
}
type Output = Record<'x_vs_wave' | 'y_vs_wave' | 'wave_vs_y', number[][]>;

describe('Legendre series of the traces', () => {
  const { in: given, out } = unitVectors<Input, Output>('xytraceset')[0]!;
  const traces = unitTraces();

  it.each(['x', 'y'] as const)('%s as the original has it', (axis) => {
    out[`${axis}_vs_wave`].forEach((row, f) =>
      row.forEach((value, i) => expect(evaluate(traces[axis], f, given.wave[i]!)).toBeCloseTo(value, 12)),
    );
  });

  it('the wavelength of a CCD row as the original has it', () => {
    const inverted = inverse(traces.y);
    out.wave_vs_y.forEach((row, f) =>
      row.forEach((value, i) => expect(evaluate(inverted, f, given.y[i]!)).toBeCloseTo(value, 9)),
    );
  });

  it('a trace without dispersion cannot be inverted', () => {
    const flat = { ...traces.y, coef: traces.y.coef.map((value, i) => (i % traces.y.ncoef === 0 ? value : 0)) };
    expect(() => inverse(flat)).toThrow('fiber 0 has no dispersion');
  });
});
