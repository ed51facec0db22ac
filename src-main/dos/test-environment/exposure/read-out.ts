import type { AmplifierProperties, AmplifierSet } from '../instrument/amplifiers.ts';
import type { CcdLayout, Section } from '../instrument/ccd-layout.ts';
import { AMPLIFIERS } from '../instrument/ccd-layout.ts';
import type { Random } from '../random.ts';

/** What the converters can deliver. */
const MAX_ADU = 65_535;

/**
 * Reads the CCD through its four amplifiers: photon noise (normal limit of Poisson's law), read noise, gain, bias, and
 * rounding to unsigned 16 bits. Pixels outside the CCD carry bias and read noise only.
 * @param electrons expected electrons [row][column] on the trimmed CCD
 * @returns raw frame [row][column] in ADU
 */
export function readOut(
  electrons: Float32Array,
  columns: number,
  layout: CcdLayout,
  amplifiers: AmplifierSet,
  random: Random,
): Uint16Array<ArrayBuffer> {
  const { rawColumns, rawRows, sections } = layout;
  const raw = new Uint16Array(rawColumns * rawRows);
  for (const name of AMPLIFIERS) {
    const { ccd, data } = sections[name];
    const amplifier = amplifiers[name];
    // The amplifier's whole quadrant of the frame: left or right of, below or above the middle.
    const x0 = data.x0 < rawColumns / 2 ? 0 : rawColumns / 2;
    const y0 = data.y0 < rawRows / 2 ? 0 : rawRows / 2;
    const quadrant: Section = { x0, x1: x0 + rawColumns / 2, y0, y1: y0 + rawRows / 2 };
    for (let y = quadrant.y0; y < quadrant.y1; y++) {
      const lit = amplifier.alive && y >= data.y0 && y < data.y1;
      const at = y * rawColumns;
      if (!lit) {
        readDark(raw, at + quadrant.x0, at + quadrant.x1, amplifier, random);
        continue;
      }
      readDark(raw, at + quadrant.x0, at + data.x0, amplifier, random);
      const from = (ccd.y0 + y - data.y0) * columns + ccd.x0;
      readLit(raw, at + data.x0, at + data.x1, electrons, from, amplifier, random);
      readDark(raw, at + data.x1, at + quadrant.x1, amplifier, random);
    }
  }
  return raw;
}

function readDark(raw: Uint16Array, start: number, end: number, amplifier: AmplifierProperties, random: Random): void {
  const { offset, readNoise, gain } = amplifier;
  // 0.5 so that cutting off the fraction rounds.
  const level = offset + 0.5;
  const noise = readNoise / gain;
  for (let i = start; i < end; i++) raw[i] = clamp(level + noise * random.normal());
}

function readLit(
  raw: Uint16Array,
  start: number,
  end: number,
  electrons: Float32Array,
  from: number,
  amplifier: AmplifierProperties,
  random: Random,
): void {
  const { offset, readNoise, gain } = amplifier;
  const level = offset + 0.5;
  const perGain = 1 / gain;
  const variance = readNoise * readNoise;
  for (let i = start, j = from; i < end; i++, j++) {
    const signal = electrons[j]!;
    raw[i] = clamp(level + (signal + Math.sqrt(signal + variance) * random.normal()) * perGain);
  }
}

function clamp(adu: number): number {
  return adu < 0 ? 0 : adu > MAX_ADU ? MAX_ADU : adu;
}
