import { describe, expect, it } from 'vitest';
import { lineWidths } from '../arc/line-widths.ts';
import { originalLineWidths } from '../arc/original-line-widths.ts';
import { erf } from '../math/erf.ts';
import { evaluate } from '../psf/legendre-set.ts';
import { checkFlat } from '../qa/checkflat.ts';
import { checkResolution } from '../qa/checkarc.ts';
import type { QFrame, TraceSet } from '../types.ts';
import { computeFiberFlat } from './fiberflat-compute.ts';

const FIBERS = 6;
const ROWS = 1200;
/** Å a row */
const STEP = 0.6;
const FIRST = 6000;
const waveOf = (row: number): number => FIRST + STEP * row;

function frame(fluxOf: (f: number, row: number) => number, ivar = 1): QFrame {
  const at = <T>(value: (f: number, row: number) => T): T[] =>
    Array.from({ length: FIBERS * ROWS }, (_, i) => value(Math.floor(i / ROWS), i % ROWS));
  return {
    nspec: FIBERS,
    nrow: ROWS,
    wavestep: 0.8,
    boxWidth: 7,
    wave: Float64Array.from(at((_, row) => waveOf(row))),
    flux: Float64Array.from(at(fluxOf)),
    ivar: new Float64Array(FIBERS * ROWS).fill(ivar),
    unit: 'electron/Angstrom',
  };
}

describe('widths of arc lines', () => {
  const domain = { wavemin: FIRST, wavemax: waveOf(ROWS - 1) };
  const series = (ncoef: number, coef: number[]) => ({
    ...domain,
    ncoef,
    coef: Float64Array.from(Array.from({ length: FIBERS }, () => coef).flat()),
  });
  const half = (ROWS - 1) / 2;
  const traces: TraceSet = {
    nspec: FIBERS,
    ...domain,
    npixY: ROWS,
    x: series(2, [100, 1]),
    y: series(2, [half, half]),
    xsig: null,
    ysig: null,
  };
  const lines = [6050.3, 6127.1, 6201.9, 6288.8, 6350.2, 6433.7, 6512.2, 6590.9, 6648.4];
  const sigmaAt = (f: number, wave: number): number => 1.1 + 0.02 * f + 0.0002 * (wave - 6300);
  const arc = frame((f, row) => {
    if (f === 3) return 0;
    let sum = 0.01;
    for (const line of lines) {
      const distance = (waveOf(row) - line) / STEP;
      const sigma = sigmaAt(f, line) * Math.SQRT2;
      sum += 5000 * (erf((distance + 0.5) / sigma) - erf((distance - 0.5) / sigma));
    }
    return sum;
  });

  it.each([
    ['by default', lineWidths],
    ['compatible', originalLineWidths],
  ])('are measured %s; a dead fiber has none', (_, fit) => {
    const ysig = fit(arc, traces, lines, 5);
    for (const f of [0, 1, 2, 4, 5]) {
      for (const wave of [6100, 6300, 6600])
        expect(Math.abs(evaluate(ysig, f, wave) - sigmaAt(f, wave))).toBeLessThan(0.01);
    }
    const { good, ngood } = checkResolution(ysig, false);
    expect(ngood).toBe(5);
    expect(good[3]).toBe(0);
  });

  it('that are odd in one fiber are counted', () => {
    const coef = Float64Array.from({ length: 60 }, (_, i) =>
      i % 3 === 0 ? 1.1 + 0.001 * Math.sin(i) : 0.01 * Math.cos(i),
    );
    coef[30] = 2;
    expect(checkResolution({ ...domain, ncoef: 3, coef }, false).odd[0]).toBe(1);
  });
});

describe('fiber flats', () => {
  const throughput = [1, 0.9, 1.1, 0, 1.05, 0.95];
  const shape = (f: number, row: number): number => throughput[f]! * (1 + 0.03 * Math.sin(row / 200 + f));
  const noise = (i: number): number => Math.sin(12.9898 * i) * 3;

  it.each([false, true])('are the fibers over what all see, compatible: %s', (compatible) => {
    const lamp = frame((f, row) => (1000 + row) * shape(f, row) + noise(f * ROWS + row), 1 / 9);
    lamp.flux[1 * ROWS + 600] = 50_000;
    const flat = computeFiberFlat(lamp, compatible);
    const { means } = checkFlat(flat, false);
    for (const f of [0, 1, 2, 4, 5]) {
      const expected = throughput[f]! * (means[0]! / throughput[0]!);
      expect(Math.abs(means[f]! / expected - 1)).toBeLessThan(0.02);
    }
    // The outlier is neither in the flat nor counted.
    expect(flat.ivar[1 * ROWS + 600]).toBe(0);
    expect(Math.abs(flat.flat[1 * ROWS + 600]! / flat.flat[1 * ROWS + 590]! - 1)).toBeLessThan(0.02);
  });

  it('of fibers without light are 1, and not counted', () => {
    const lamp = frame((f, row) => (f === 3 ? 0 : 1000 * shape(f, row)), 1);
    lamp.ivar.fill(0, 3 * ROWS, 4 * ROWS);
    const flat = computeFiberFlat(lamp, false);
    expect(flat.flat[3 * ROWS + 5]).toBe(1);
    expect(flat.mask[3 * ROWS + 5]).toBe(1);
    expect(checkFlat(flat, false).means[3]).toBeNaN();
    expect(checkFlat(flat, true).means[3]).toBe(1);
  });
});
