import type { ColorMapName, Transfer } from '../../model/ccd-options.ts';
import { transferred } from '../../model/image-scale.ts';

type Rgb = readonly [number, number, number];

/** Colours at even steps. All but `heat` keep their order in every kind of colour blindness and in grey. */
const STOPS: Readonly<Record<ColorMapName, readonly string[]>> = {
  grey: ['#000000', '#ffffff'],
  cividis: [
    '#00224e',
    '#123570',
    '#3b496c',
    '#575d6d',
    '#707173',
    '#8a8678',
    '#a59c74',
    '#c3b369',
    '#e1cc55',
    '#fee838',
  ],
  viridis: [
    '#440154',
    '#482878',
    '#3e4a89',
    '#31688e',
    '#26828e',
    '#1f9e89',
    '#35b779',
    '#6ece58',
    '#b5de2b',
    '#fde725',
  ],
  magma: ['#000004', '#180f3e', '#451077', '#721f81', '#9f2f7f', '#cd4071', '#f1605d', '#fd9567', '#fec98d', '#fcfdbf'],
  heat: ['#000000', '#7a0000', '#ff4d00', '#ffc800', '#ffffff'],
};

/** The one map of the red theme: no light that would spoil the eyes' adaptation. */
const RED_STOPS = ['#0a0000', '#ff4a30'] as const;

function parse(color: string): Rgb {
  const digits = color.replace('#', '');
  // Style sheets are written as short as can be.
  const value = Number.parseInt(digits.length === 3 ? digits.replace(/./g, '$&$&') : digits, 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

/** Colours from an image's lowest to its highest value, and what stands for pixels without one. */
export interface ColorTable {
  /** Packed as ImageData holds them in memory (red lowest). */
  colors: Uint32Array;
  /** Of undefined pixels. */
  nothing: number;
  /** Beside the image, and where it is still to come. */
  outside: number;
}

/** Colours of a table: fine enough for the steepest curve. */
export const TABLE_SIZE = 16_384;

/** A CSS colour of the form #rrggbb, packed for ImageData. */
export function packed(color: string): number {
  const [r, g, b] = parse(color);
  return ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;
}

/** Colour at a place (0 to 1) of a map. */
export function colorAt(map: ColorMapName, inverse: boolean, red: boolean, place: number): Rgb {
  const stops: readonly string[] = red ? RED_STOPS : STOPS[map];
  const at = Math.min(1, Math.max(0, inverse ? 1 - place : place)) * (stops.length - 1);
  const low = Math.min(stops.length - 2, Math.floor(at));
  const from = parse(stops[low]!);
  const to = parse(stops[low + 1]!);
  const part = (i: 0 | 1 | 2): number => Math.round(from[i] + (at - low) * (to[i] - from[i]));
  return [part(0), part(1), part(2)];
}

/** All colours of a map with its curve, for even steps of the value. */
export function colorTable(
  map: ColorMapName,
  inverse: boolean,
  transfer: Transfer,
  theme: { red: boolean; nothing: string; outside: string },
): ColorTable {
  const colors = new Uint32Array(TABLE_SIZE);
  for (let i = 0; i < TABLE_SIZE; i++) {
    const [r, g, b] = colorAt(map, inverse, theme.red, transferred(transfer, i / (TABLE_SIZE - 1)));
    colors[i] = ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;
  }
  return { colors, nothing: packed(theme.nothing), outside: packed(theme.outside) };
}
