import type { Exposure } from '#shared/domain/exposure.ts';
import type { MeasurementSummary } from '#shared/domain/measurement.ts';
import { count } from './format.ts';

/** A fact of the exposure; a null text was not given by the telescope. */
export interface Fact {
  name: string;
  text: string | null;
  unit: string;
  /** May give way on a small screen. */
  optional?: boolean;
  /** How much of what was asked for is there, 0 … 1: by earlier exposures, and with this one. */
  share?: { before: number; all: number };
  /** Where it comes from, in words. */
  from?: string;
}

/** Median sky brightness of the r cameras' sky fibers, mag; null before one has been posted. */
export function skyBrightness(measurements: readonly MeasurementSummary[]): number | null {
  const values = measurements
    .filter(({ metric, camera }) => metric === 'skyrband' && camera.startsWith('r'))
    .flatMap(({ keys }) => keys.flatMap(({ elements }) => elements.map(({ value }) => value)))
    .filter((value): value is number => value !== null && value > 0)
    .sort((a, b) => a - b);
  const middle = values.length >> 1;
  if (values.length === 0) return null;
  return values.length % 2 === 1 ? (values[middle] ?? null) : ((values[middle - 1] ?? 0) + (values[middle] ?? 0)) / 2;
}

const number = (value: number | null, digits: number): string | null => (value === null ? null : value.toFixed(digits));

function sexagesimal(value: number, perUnit: number, separators: readonly [string, string]): string {
  const minutes = Math.round(Math.abs(value) * perUnit * 60);
  const sign = value < 0 ? '\u2212' : '';
  return `${sign}${Math.floor(minutes / 60)}${separators[0]}${String(minutes % 60).padStart(2, '0')}${separators[1]}`;
}

function pointing({ ra, dec }: Exposure): string | null {
  if (ra === null || dec === null) return null;
  return `${sexagesimal(ra, 1 / 15, ['h\u2009', 'm'])}, ${sexagesimal(dec, 1, ['\u00b0\u2009', '\u2032'])}`;
}

/** What the tile's visit is worth with this exposure, against what was asked for. */
function effectiveFact({ effective, tileid }: Exposure): Fact {
  const name = tileid === null || tileid < 0 ? 'Effective time' : 'Tile effective time';
  if (!effective) return { name, text: null, unit: '' };
  const { seconds, before, exposuresBefore, requested } = effective;
  const all = seconds + before;
  const earlier =
    exposuresBefore === 0 ? '' : `, and ${before.toFixed(0)} s in ${count(exposuresBefore, 'exposure')} before`;
  return {
    name,
    text: all.toFixed(0),
    unit: requested === null ? 's' : `of ${requested.toFixed(0)} s`,
    from: `By the exposure-time calculator: ${seconds.toFixed(0)} s in this exposure${earlier}${requested === null ? '' : `, of ${requested.toFixed(0)} s asked for of this visit of the tile`}`,
    ...(requested !== null && {
      share: { before: Math.min(1, before / requested), all: Math.min(1, all / requested) },
    }),
  };
}

/** The facts below the verdict, in their fixed order. */
export function factsOf(exposure: Exposure, sky: number | null): Fact[] {
  const start = exposure.dateObs === null ? null : (/T(\d\d:\d\d:\d\d)/.exec(exposure.dateObs)?.[1] ?? null);
  return [
    { name: 'Night', text: exposure.night, unit: '' },
    { name: 'Program', text: exposure.program, unit: '' },
    { name: 'Flavor', text: exposure.flavor, unit: '' },
    { name: 'Tile', text: exposure.tileid === null || exposure.tileid < 0 ? null : String(exposure.tileid), unit: '' },
    { name: 'Exposure time', text: number(exposure.exptime, 1), unit: 's' },
    { name: 'Airmass', text: number(exposure.airmass, 2), unit: '' },
    { name: 'Seeing', text: number(exposure.seeing, 2), unit: 'arcsec' },
    { name: 'Sky, r', text: number(sky, 1), unit: 'mag' },
    effectiveFact(exposure),
    { name: 'Shutter opened', text: start, unit: 'UTC', optional: true },
    { name: 'Pointing', text: pointing(exposure), unit: '', optional: true },
  ];
}
