import type { CADENCES, ExposureKindName } from '#shared/domain/test-environment.ts';
import type { Program } from '../sky/targets.ts';

export type Cadence = (typeof CADENCES)[number];

/** What is to be observed. */
export type ExposureKind =
  | { readonly flavor: 'bias' }
  | { readonly flavor: 'dark' | 'arc' | 'flat'; readonly exptime: number }
  | { readonly flavor: 'science'; readonly program: Program; readonly exptime: number };

/** Seconds between the end of an exposure and the next one's start: readout, slew, fiber positioning. */
export const OVERHEAD = 120;

const BIAS: ExposureKind = { flavor: 'bias' };
const DARK_CURRENT: ExposureKind = { flavor: 'dark', exptime: 300 };
const ARC: ExposureKind = { flavor: 'arc', exptime: 5 };
const FLAT: ExposureKind = { flavor: 'flat', exptime: 60 };
const DARK: ExposureKind = { flavor: 'science', program: 'dark', exptime: 900 };
const GRAY: ExposureKind = { flavor: 'science', program: 'gray', exptime: 600 };
const BRIGHT: ExposureKind = { flavor: 'science', program: 'bright', exptime: 300 };

/** Kinds by name, for those who want one in particular. */
export const EXPOSURE_KINDS: Readonly<Record<ExposureKindName, ExposureKind>> = {
  'science-dark': DARK,
  'science-gray': GRAY,
  'science-bright': BRIGHT,
  arc: ARC,
  flat: FLAT,
  bias: BIAS,
  dark: DARK_CURRENT,
};

/** A real night: calibrations in the afternoon, then dark, gray and bright time as the moon rises, calibrations at dawn. */
const AFTERNOON: readonly ExposureKind[] = [BIAS, BIAS, BIAS, DARK_CURRENT, ARC, ARC, FLAT, FLAT];
const NIGHT: readonly ExposureKind[] = [DARK, DARK, DARK, DARK, DARK, DARK, GRAY, GRAY, GRAY, BRIGHT, BRIGHT, BRIGHT];

/** When nights are short: one bias, then science at once, with calibrations in between. */
const CONDENSED: readonly ExposureKind[] = [
  BIAS,
  DARK,
  DARK,
  ARC,
  DARK,
  FLAT,
  GRAY,
  BRIGHT,
  BRIGHT,
  DARK_CURRENT,
  DARK,
  GRAY,
];

/** What the night's exposure of that number (from 0) is. */
export function scheduledKind(sequence: number, cadence: Cadence): ExposureKind {
  if (cadence !== 'real-time') return CONDENSED[sequence % CONDENSED.length]!;
  const afternoon = AFTERNOON[sequence];
  return afternoon ?? NIGHT[(sequence - AFTERNOON.length) % NIGHT.length]!;
}

/** s */
export function exposureTime(kind: ExposureKind): number {
  return kind.flavor === 'bias' ? 0 : kind.exptime;
}
