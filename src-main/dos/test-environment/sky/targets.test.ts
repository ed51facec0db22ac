import { expect, it } from 'vitest';
import { Random } from '../random.ts';
import { fluxInBand, nanomaggies } from './photometry.ts';
import { drawTargets } from './targets.ts';
import { fluxAt, GRID_LENGTH, makeTemplate, type TemplateSpectrum } from './templates.ts';

it('measures the AB flux of a flat spectrum: one nanomaggie is 3.631×10⁻²⁹ erg/s/cm²/Hz', () => {
  // f_λ = f_ν c / λ², in 10⁻¹⁷ erg/s/cm²/Å
  const grid: TemplateSpectrum = Float64Array.from({ length: GRID_LENGTH }, (_, i) => {
    const wave = 3400 + 2 * i;
    return (3.631e-29 * 2.99792458e18 * 1e17) / wave ** 2;
  });
  for (const band of ['g', 'r', 'z'] as const) expect(fluxInBand(grid, band)).toBeCloseTo(1, 4);
});

it('has the zero point of magnitudes in nanomaggies', () => {
  expect(nanomaggies(22.5)).toBe(1);
  expect(nanomaggies(20)).toBeCloseTo(10, 10);
});

it.each(['ELG', 'LRG', 'QSO', 'STAR', 'BGS', 'MWS'] as const)(
  'makes %s spectra that are positive and finite',
  (kind) => {
    const random = new Random('templates', kind);
    for (let i = 0; i < 20; i++) {
      const spectrum = makeTemplate(kind, random);
      expect(spectrum.every((value) => value > 0 && Number.isFinite(value))).toBe(true);
    }
  },
);

it('gives each class its colours: old galaxies are red, quasars blue', () => {
  const colour = (kind: 'LRG' | 'QSO'): number => {
    const spectrum = makeTemplate(kind, new Random('colours', kind));
    return -2.5 * Math.log10(fluxInBand(spectrum, 'g') / fluxInBand(spectrum, 'r'));
  };
  expect(colour('LRG')).toBeGreaterThan(0.9);
  expect(colour('QSO')).toBeLessThan(0.5);
});

it.each([
  ['dark', { ELG: 18, LRG: 12, QSO: 8, STAR: 4, SKY: 8 }],
  ['gray', { ELG: 38, STAR: 4, SKY: 8 }],
  ['bright', { BGS: 24, MWS: 14, STAR: 4, SKY: 8 }],
] as const)('deals out the %s classes in fixed shares', (program, shares) => {
  const targets = drawTargets(program, [1, 1234], 4, 50);
  const counts: Record<string, number> = {};
  for (const { kind } of targets) counts[kind] = (counts[kind] ?? 0) + 1;
  expect(counts).toEqual(shares);
});

it('gives targets the spectra of their fluxes, and sky fibers none', () => {
  for (const { kind, flux, spectrum } of drawTargets('dark', [1, 1234], 0, 50)) {
    if (kind === 'SKY') {
      expect(spectrum).toBeNull();
      continue;
    }
    expect(fluxInBand(spectrum!, 'r')).toBeCloseTo(flux.r, 8);
    expect(22.5 - 2.5 * Math.log10(flux.r)).toBeLessThan(23.01);
  }
});

it('gives the same tile the same targets, and other spectrographs others', () => {
  const fluxes = (tile: number, spectrograph: 0 | 1): number[] =>
    drawTargets('dark', [1, tile], spectrograph, 50).map(({ flux }) => flux.r);
  expect(fluxes(7, 0)).toEqual(fluxes(7, 0));
  expect(fluxes(7, 0)).not.toEqual(fluxes(7, 1));
  expect(fluxes(7, 0)).not.toEqual(fluxes(8, 0));
});

it('interpolates between grid points and holds its ends', () => {
  const spectrum: TemplateSpectrum = Float64Array.from({ length: GRID_LENGTH }, (_, i) => i);
  expect(fluxAt(spectrum, 3403)).toBe(1.5);
  expect(fluxAt(spectrum, 100)).toBe(0);
  expect(fluxAt(spectrum, 99_999)).toBeCloseTo(GRID_LENGTH - 1, 2);
});
