import { describe, expect, it } from 'vitest';
import { binEdges, gradient } from '../math/grid.ts';
import { evaluate } from '../psf/legendre-set.ts';
import { unitVectors } from '../test-support/reference.ts';
import { unitTraces } from '../test-support/unit-vectors.ts';
import { outputGrid } from './output-grid.ts';
import { rebinAsOriginal } from './rebin-original.ts';
import { rebin } from './rebin.ts';
import { rowTraces } from './row-traces.ts';

interface Spectrum {
  flux: number[];
  ivar: number[];
}

describe('rebinning', () => {
  const vectors = unitVectors<Spectrum & { wave: number[]; outwave: number[] }, Spectrum>('palib.resample_spec');

  it.each(vectors.map((vector, i) => [i, vector] as const))('as the original: vector %i', (_, { in: given, out }) => {
    const wave = Float64Array.from(given.wave);
    const steps = gradient(wave);
    const counts = Float64Array.from(given.flux, (value, i) => value * steps[i]!);
    const variance = Float64Array.from(given.ivar, (value, i) => steps[i]! ** 2 / value);
    const flux = new Float64Array(given.outwave.length);
    const ivar = new Float64Array(given.outwave.length);
    rebinAsOriginal(outputGrid(Float64Array.from(given.outwave)), wave, counts, variance, 0, flux, ivar, 0);
    out.flux.forEach((value, i) => expect(Math.abs(flux[i]! / value - 1) || 0).toBeLessThan(1e-13));
    out.ivar.forEach((value, i) => expect(Math.abs(ivar[i]! / value - 1)).toBeLessThan(1e-13));
  });

  const wave = Float64Array.from({ length: 80 }, (_, i) => 5000 + 0.55 * i);
  const edges = binEdges(wave);
  const grid = outputGrid(Float64Array.from({ length: 70 }, (_, i) => 4990 + 0.8 * i));

  it('keeps the light and its density, and says where there is none', () => {
    const counts = wave.map((_, i) => 55 * (edges[i + 1]! - edges[i]!));
    const variance = new Float64Array(wave.length).fill(4);
    variance.fill(0, 30, 36);
    const flux = new Float64Array(70);
    const ivar = new Float64Array(70);
    rebin(grid, edges, counts, variance, 0, flux, ivar, 0);
    grid.centers.forEach((center, i) => {
      const inside = center > edges[0]! + 0.4 && center < edges[80]! - 0.4;
      const dark = center > edges[30]! + 0.4 && center < edges[36]! - 0.4;
      if (inside) expect(flux[i]).toBeCloseTo(55, 9);
      if (!inside && (center < edges[0]! - 0.4 || center > edges[80]! + 0.4))
        expect([flux[i], ivar[i]]).toEqual([0, 0]);
      if (inside && dark) expect(ivar[i]).toBe(0);
    });
    expect(ivar.filter((value) => value > 0).length).toBeGreaterThan(45);
  });
});

describe('traces along CCD rows', () => {
  it('solve y(λ) = row, and go on straight beyond the domain', () => {
    const traces = unitTraces();
    const rows = rowTraces(traces, 4, 80);
    for (let f = 0; f < 4; f++) {
      for (let row = 0; row < 80; row++) {
        const at = rows.wave[f * 80 + row]!;
        if (at > traces.wavemax) continue;
        expect(evaluate(traces.y, f, at)).toBeCloseTo(row, 3);
        expect(rows.x[f * 80 + row]).toBeCloseTo(evaluate(traces.x, f, at), 3);
      }
      const steps = gradient(rows.wave.subarray(f * 80, (f + 1) * 80)).slice(66, 78);
      expect(Math.max(...steps) - Math.min(...steps)).toBeLessThan(1e-9);
    }
  });

  it('refuses a trace that turns back', () => {
    const traces = unitTraces();
    const y = { ...traces.y, coef: traces.y.coef.map((value, i) => (i % traces.y.ncoef === 1 ? -value : value)) };
    expect(() => rowTraces({ ...traces, y }, 4, 60)).toThrow('does not rise with λ');
  });
});
