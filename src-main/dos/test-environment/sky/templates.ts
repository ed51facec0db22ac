import type { Random } from '../random.ts';

/** Kinds of targets, as the Quick Look tells them apart. */
export type TargetClass = 'ELG' | 'LRG' | 'QSO' | 'STAR' | 'BGS' | 'MWS';

/** The grid on which spectra of targets are made, Angstrom; it covers the three arms and the three filters. */
export const GRID_START = 3400;
export const GRID_STEP = 2;
export const GRID_LENGTH = 3551;

/** A spectrum on the grid; flux per Angstrom in any unit. */
export type TemplateSpectrum = Float64Array<ArrayBuffer>;

/** Rest wavelength (vacuum, Å), strength over the continuum as equivalent width (Å; negative absorbs), width (km/s). */
type Feature = readonly [wave: number, width: number, velocity: number];

const EMISSION: readonly Feature[] = [
  [3728.8, 45, 160],
  [4341.7, 5, 140],
  [4862.7, 12, 140],
  [4960.3, 11, 140],
  [5008.2, 33, 140],
  [6564.6, 55, 140],
  [6585.3, 14, 140],
  [6718.3, 9, 140],
  [6732.7, 7, 140],
];
const OLD_ABSORPTION: readonly Feature[] = [
  [3934.8, -9, 450],
  [3969.6, -8, 450],
  [4305.6, -6, 500],
  [5176.6, -7, 500],
  [5895.6, -4, 450],
];
const BROAD: readonly Feature[] = [
  [1215.7, 80, 5000],
  [1549.1, 40, 5000],
  [1908.7, 25, 6000],
  [2799.1, 35, 4500],
  [4862.7, 45, 4000],
];
const BALMER: readonly Feature[] = [
  [3890.1, -7, 900],
  [3971.2, -9, 900],
  [4102.9, -10, 900],
  [4341.7, -10, 900],
  [4862.7, -9, 900],
  [6564.6, -6, 800],
];
const METALS: readonly Feature[] = [
  [3934.8, -5, 250],
  [5176.6, -2.5, 300],
  [5895.6, -1.2, 200],
  [8544.4, -2.5, 200],
  [8664.5, -2, 200],
];

/** A spectrum of the class: its continuum's shape and its features at a redshift that the class has. */
export function makeTemplate(kind: TargetClass, random: Random): TemplateSpectrum {
  switch (kind) {
    case 'ELG': {
      const spectrum = galaxy(random.between(0.6, 1.6), random.between(-0.6, 0.2), random.between(0.7, 0.9));
      return spectrum(EMISSION, random.between(0.6, 1.5));
    }
    case 'LRG':
      return galaxy(random.between(0.4, 1), 1.2, random.between(0.42, 0.5))(OLD_ABSORPTION, 1);
    case 'BGS': {
      const z = random.between(0.05, 0.4);
      const old = random.uniform() < 0.5;
      return old ? galaxy(z, 1, 0.5)(OLD_ABSORPTION, 1) : galaxy(z, 0.2, 0.7)(EMISSION, random.between(0.1, 0.5));
    }
    case 'QSO': {
      const z = random.between(0.9, 3.2);
      const slope = random.between(-1.9, -1.3);
      const forest = (1 + z) * 1215.7;
      const spectrum = onGrid((wave) => (wave / 6000) ** slope * (wave < forest ? 0.75 : 1));
      return addFeatures(spectrum, BROAD, z, 1);
    }
    case 'STAR': {
      const spectrum = onGrid(blackBody(random.between(5800, 7200)));
      return addFeatures(spectrum, BALMER, random.between(-0.0005, 0.0005), random.between(0.5, 0.9));
    }
    case 'MWS': {
      const spectrum = onGrid(blackBody(random.between(4200, 6600)));
      return addFeatures(spectrum, METALS, random.between(-0.0008, 0.0008), random.between(0.6, 1.4));
    }
  }
}

/** Flux at a wavelength, by linear interpolation. */
export function fluxAt(spectrum: TemplateSpectrum, wave: number): number {
  const place = Math.max(0, Math.min(GRID_LENGTH - 1.001, (wave - GRID_START) / GRID_STEP));
  const i = Math.floor(place);
  return spectrum[i]! + (place - i) * (spectrum[i + 1]! - spectrum[i]!);
}

function onGrid(flux: (wave: number) => number): TemplateSpectrum {
  const spectrum = new Float64Array(GRID_LENGTH);
  for (let i = 0; i < GRID_LENGTH; i++) spectrum[i] = flux(GRID_START + i * GRID_STEP);
  return spectrum;
}

/** A power law with the 4000 Å break at a redshift: `blue` is what is left on its blue side. */
function galaxy(z: number, slope: number, blue: number) {
  const edge = 4000 * (1 + z);
  const spectrum = onGrid((wave) => {
    const step = 1 / (1 + Math.exp(-(wave - edge) / 40));
    return (wave / 7000) ** slope * (blue + (1 - blue) * step);
  });
  return (features: readonly Feature[], strength: number): TemplateSpectrum =>
    addFeatures(spectrum, features, z, strength);
}

function addFeatures(
  spectrum: TemplateSpectrum,
  features: readonly Feature[],
  z: number,
  strength: number,
): TemplateSpectrum {
  for (const [rest, equivalentWidth, velocity] of features) {
    const wave = rest * (1 + z);
    if (wave < GRID_START || wave > GRID_START + (GRID_LENGTH - 2) * GRID_STEP) continue;
    // Not below the grid's resolution, so that interpolation keeps the line's flux.
    const sigma = Math.max(1.5 * GRID_STEP, (wave * velocity) / 299_792.458);
    const peak = (fluxAt(spectrum, wave) * equivalentWidth * strength * (1 + z)) / (sigma * Math.sqrt(2 * Math.PI));
    const first = Math.max(0, Math.ceil((wave - 5 * sigma - GRID_START) / GRID_STEP));
    const last = Math.min(GRID_LENGTH - 1, Math.floor((wave + 5 * sigma - GRID_START) / GRID_STEP));
    for (let i = first; i <= last; i++) {
      const distance = (GRID_START + i * GRID_STEP - wave) / sigma;
      const line = peak * Math.exp(-0.5 * distance * distance);
      spectrum[i] = Math.max(0.05 * spectrum[i]!, spectrum[i]! + line);
    }
  }
  return spectrum;
}

/** Planck's law per wavelength, normalised to 1 at 6000 Å. */
function blackBody(temperature: number): (wave: number) => number {
  const planck = (wave: number): number => wave ** -5 / (Math.exp(1.438777e8 / (wave * temperature)) - 1);
  const reference = planck(6000);
  return (wave) => planck(wave) / reference;
}
