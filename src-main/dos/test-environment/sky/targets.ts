import type { Spectrograph } from '#shared/domain/camera.ts';
import { Random } from '../random.ts';
import { BANDS, type Band, fluxInBand, nanomaggies } from './photometry.ts';
import { makeTemplate, type TargetClass, type TemplateSpectrum } from './templates.ts';

/** Science programs, by the moon. */
export const PROGRAMS = ['dark', 'gray', 'bright'] as const;
export type Program = (typeof PROGRAMS)[number];

export interface Target {
  readonly kind: TargetClass | 'SKY';
  /** True for standard stars. */
  readonly standard: boolean;
  /** Total fluxes, nanomaggies. */
  readonly flux: Readonly<Record<Band, number>>;
  /** What arrives above the atmosphere, 10⁻¹⁷ erg/s/cm²/Å on the template grid; null for blank sky. */
  readonly spectrum: TemplateSpectrum | null;
  /** Degrees from the tile's centre, eastwards (on the sky) and northwards. */
  readonly offset: readonly [number, number];
}

/** Share of the fibers for each class; what is left over is the first class. */
const MIX: Readonly<Record<Program, readonly (readonly [TargetClass | 'SKY', number])[]>> = {
  dark: [
    ['ELG', 0],
    ['LRG', 0.24],
    ['QSO', 0.16],
    ['STAR', 0.08],
    ['SKY', 0.16],
  ],
  gray: [
    ['ELG', 0],
    ['STAR', 0.08],
    ['SKY', 0.16],
  ],
  bright: [
    ['BGS', 0],
    ['MWS', 0.28],
    ['STAR', 0.08],
    ['SKY', 0.16],
  ],
};

/** r-band magnitudes, brightest and faintest. */
const MAGNITUDES: Readonly<Record<TargetClass, readonly [number, number]>> = {
  ELG: [21, 23],
  LRG: [19.5, 21.5],
  QSO: [19, 22],
  STAR: [17, 20],
  BGS: [16.5, 19.5],
  MWS: [16, 19],
};

/**
 * What the fibers of one spectrograph look at. The classes are dealt out in fixed shares, so that every spectrograph has
 * sky fibers and every class of the program.
 * @param tile seed of the field: the same tile has the same targets
 */
export function drawTargets(
  program: Program,
  tile: readonly (string | number)[],
  spectrograph: Spectrograph,
  fibers: number,
): Target[] {
  const random = new Random('targets', program, ...tile, spectrograph);
  const mix = MIX[program];
  const kinds = mix.flatMap(([kind, share]) => Array.from({ length: Math.round(share * fibers) }, () => kind));
  const filler = mix[0]![0];
  while (kinds.length < fibers) kinds.push(filler);
  const magnitudes = new Map(kinds.map((kind) => [kind, drawMagnitudes(kind, kinds, random)]));
  return random.shuffle(kinds).map((kind, fiber) => {
    const offset = placeOnSky(random, spectrograph, fiber / fibers);
    if (kind === 'SKY') return { kind, standard: false, flux: { g: 0, r: 0, z: 0 }, spectrum: null, offset };
    const template = makeTemplate(kind, random);
    const factor = nanomaggies(magnitudes.get(kind)!.pop()!) / fluxInBand(template, 'r');
    const spectrum = template.map((value) => value * factor);
    const [g, r, z] = BANDS.map((band) => fluxInBand(spectrum, band));
    return { kind, standard: kind === 'STAR', flux: { g: g!, r: r!, z: z! }, spectrum, offset };
  });
}

/** Magnitudes for all targets of a class: one in each of as many equal steps, so that a few span the range too. */
function drawMagnitudes(kind: TargetClass | 'SKY', kinds: readonly string[], random: Random): number[] {
  if (kind === 'SKY') return [];
  const count = kinds.filter((other) => other === kind).length;
  const [brightest, faintest] = MAGNITUDES[kind];
  const step = (faintest - brightest) / count;
  return random.shuffle(Array.from({ length: count }, (_, i) => brightest + step * (i + random.uniform())));
}

/** Each spectrograph has a wedge of the focal plane (36°), within 1.6° of the axis. */
function placeOnSky(random: Random, spectrograph: Spectrograph, order: number): [number, number] {
  const angle = (2 * Math.PI * (spectrograph + 0.05 + 0.9 * random.uniform())) / 10;
  const radius = 1.6 * Math.sqrt(0.02 + 0.96 * (0.8 * order + 0.2 * random.uniform()));
  return [radius * Math.cos(angle), radius * Math.sin(angle)];
}
