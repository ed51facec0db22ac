import { describe, expect, it } from 'vitest';
import { fluxRange, ratioOf, smooth, spectrumUnit, valueAt, type Curve } from './spectrum.ts';

const curve = (flux: number[], error: number[] = flux.map(() => 1)): Curve => ({
  arm: 'r',
  wavelength: Float64Array.from(flux, (_, i) => 5600 + 2 * i),
  flux: Float64Array.from(flux),
  error: Float64Array.from(error),
});

describe('smoothing', () => {
  it('weights by inverse variance and says how sure the mean is', () => {
    const { flux, error } = smooth([1, 4, 1], [1, 2, 1], 3);
    // Weights 1, 1/4, 1.
    expect(flux[1]).toBeCloseTo((1 + 4 / 4 + 1) / 2.25, 12);
    expect(error[1]).toBeCloseTo(1 / Math.sqrt(2.25), 12);
    expect(flux[0]).toBeCloseTo((1 + 1) / 1.25, 12);
  });
  it('leaves out what is missing and invents nothing', () => {
    const { flux } = smooth([NaN, NaN, NaN, 2], [NaN, NaN, NaN, 1], 3);
    expect([...flux]).toEqual([NaN, NaN, 2, 2]);
  });
  it('counts all bins the same where there are no errors', () => {
    const { flux, error } = smooth([1, 2, 6], [], 3);
    expect(flux[1]).toBe(3);
    expect(error.every(Number.isNaN)).toBe(true);
  });
  it('of one bin changes nothing', () => {
    expect([...smooth([3, NaN, 5], [1, 1, 2], 1).flux]).toEqual([3, NaN, 5]);
  });
});

describe('ratios', () => {
  it('are taken at the same wavelengths, with both errors', () => {
    const above = curve([2, 4, 6], [0.2, 0.4, 0.6]);
    const below = { ...curve([1, 3], [0.1, 0.3]), wavelength: Float64Array.of(5600, 5604) };
    const [ratio] = ratioOf([above], [below]);
    expect([...ratio!.flux]).toEqual([2, 2, 2]);
    expect(ratio!.error[0]).toBeCloseTo(2 * Math.hypot(0.1, 0.1), 12);
  });
  it('have no value where there is nothing to divide by', () => {
    const [ratio] = ratioOf([curve([1, 1])], [curve([0, NaN])]);
    expect([...ratio!.flux]).toEqual([NaN, NaN]);
    expect(ratioOf([curve([1])], [])).toEqual([]);
  });
});

describe('reading a curve', () => {
  it('is linear between bins, and nothing outside', () => {
    const { wavelength, flux } = curve([1, 3, 7]);
    expect(valueAt(wavelength, flux, 5601)).toBe(2);
    expect(valueAt(wavelength, flux, 5604)).toBe(7);
    expect(valueAt(wavelength, flux, 5604.1)).toBeNaN();
  });
});

describe('the range of the flux', () => {
  it('is not spoiled by noisy bins', () => {
    const flux = Array.from({ length: 200 }, (_, i) => (i < 20 ? 500 * (-1) ** i : 1 + 0.1 * (i % 3)));
    const [low, high] = fluxRange(
      [
        curve(
          flux,
          flux.map((_, i) => (i < 20 ? 300 : 0.1)),
        ),
      ],
      [5600, 7000],
    );
    expect(low).toBeGreaterThan(0.5);
    expect(high).toBeLessThan(2);
  });
  it('is that of the wavelengths in sight', () => {
    const [, high] = fluxRange([curve([1, 1, 1, 90, 90])], [5600, 5604]);
    expect(high).toBeLessThan(2);
  });
});

describe('units', () => {
  it('are those of the file', () => {
    expect(spectrumUnit('1e-17 erg/(s cm2 Angstrom)').quantity).toBe('Flux');
    expect(spectrumUnit('electron/Angstrom')).toEqual({ quantity: 'Counts', unit: 'e\u207b/\u00c5' });
    expect(spectrumUnit('furlong')).toEqual({ quantity: 'Value', unit: 'furlong' });
  });
});
