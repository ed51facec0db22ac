import type { JudgedElement, JudgedKey } from '../domain/measurement.ts';
import { listed } from '../words.ts';
import { findKey } from './catalogue.ts';
import type { Excess } from './excess.ts';

/** The side on which a value lies outside its limits; undefined where that cannot be told. */
export type Side = Excess['side'] | undefined;

/** What being high or low means, in the observer's words. */
const MEANING: Readonly<Record<string, (side: Side) => string>> = {
  NOISE_AMP: (side) => (side === 'low' ? 'noise too low' : 'noise high'),
  BIAS_AMP: (side) => `bias ${side ?? 'off'}`,
  LITFRAC_AMP: (side) => (side === 'low' ? 'too few lit pixels' : 'too many lit pixels'),
  XWSIGMA: (side) => (side === 'low' ? 'lines too narrow' : 'lines too wide'),
  NGOODFIB: (side) => (side === 'high' ? 'more good fibers than expected' : 'fibers lost'),
  XYSHIFTS: () => 'traces shifted',
  CHECKFLAT: (side) => `fiber flat ${side ?? 'off'}`,
  CHECKARC: () => 'too few fibers fitted',
  PEAKCOUNT: (side) => `sky lines ${side === 'low' ? 'faint' : 'bright'}`,
  SKYCONT: (side) => `sky continuum ${side ?? 'off'}`,
  DELTAMAG_TGT: (side) => (side === 'low' ? 'targets too bright' : 'targets too faint'),
  FIDSNR_TGT: (side) => `S/N ${side ?? 'off'}`,
  // A magnitude: low is bright.
  SKYRBAND: (side) => (side === 'low' ? 'sky bright' : 'sky faint'),
  CHECKHDUS: () => 'file has wrong HDUs',
  EXPNUM: () => 'file of another exposure',
};

/** What a METRICS key outside its limits means: 'noise high', 'targets too faint'. */
export function meaning(key: string, side: Side): string {
  const known = MEANING[key];
  if (known) return known(side);
  const name = findKey(key)?.label ?? key;
  return side ? `${name} ${side}` : `${name} off`;
}

/** Which elements are off: 'amplifier C ', 'ELG and QSO '; nothing when it is all of them. */
export function placeOf(key: JudgedKey, elements: readonly JudgedElement[]): string {
  const named = elements.map(({ label }) => label).filter((label) => label !== '');
  if (named.length === 0) return '';
  const all = named.length > 1 && named.length === key.elements.length;
  if (findKey(key.key)?.elements !== 'amplifier') return all ? '' : `${listed(named)} `;
  if (all) return 'all amplifiers ';
  return `${named.length === 1 ? 'amplifier' : 'amplifiers'} ${listed(named)} `;
}
