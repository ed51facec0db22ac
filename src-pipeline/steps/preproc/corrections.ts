import { CCD_MASK, type AmpId, type CcdCalibration, type FloatArray, type Section } from '../../types.ts';
import { numberOf } from './amplifier.ts';
import { heightOf, widthOf } from '#shared/fits/ccd-sections.ts';

interface Pixels {
  nx: number;
  pix: Float32Array;
}

interface Quadrant {
  id: AmpId;
  ccdsec: Section;
}

const isRight = (id: AmpId): boolean => id === 'B' || id === 'D' || id === '2' || id === '4';
const isUpper = (id: AmpId): boolean => id === 'C' || id === 'D' || id === '3' || id === '4';

/**
 * Cross-talk: CROSSTALKxy times the image of amplifier x, mirrored so that both readouts run the same way, is subtracted
 * from that of amplifier y, in place and in the order of the amplifiers.
 * @returns the pairs that were corrected
 */
export function subtractCrosstalk(
  image: Pixels,
  amps: readonly Quadrant[],
  values: CcdCalibration['values'],
): string[] {
  const done: string[] = [];
  for (const from of amps) {
    for (const to of amps) {
      const factor = from === to ? undefined : numberOf(values[`CROSSTALK${from.id}${to.id}`]);
      if (factor === undefined || factor === 0) continue;
      subtractMirrored(image, from, to, factor);
      done.push(`${from.id}${to.id}`);
    }
  }
  return done;
}

function subtractMirrored({ nx, pix }: Pixels, from: Quadrant, to: Quadrant, factor: number): void {
  const width = Math.min(widthOf(from.ccdsec), widthOf(to.ccdsec));
  const height = Math.min(heightOf(from.ccdsec), heightOf(to.ccdsec));
  const flipX = isRight(from.id) !== isRight(to.id);
  const flipY = isUpper(from.id) !== isUpper(to.id);
  for (let y = 0; y < height; y++) {
    const target = (to.ccdsec.y0 + y) * nx + to.ccdsec.x0;
    const sourceY = flipY ? from.ccdsec.y1 - 1 - y : from.ccdsec.y0 + y;
    const source = sourceY * nx + (flipX ? from.ccdsec.x1 - 1 : from.ccdsec.x0);
    const step = flipX ? -1 : 1;
    for (let x = 0; x < width; x++) pix[target + x]! -= factor * pix[source + step * x]!;
  }
}

/**
 * Dark trails that some amplifiers leave behind bright pixels: image[x] += Σ image[x∓k]·a·(k/w)·exp(−k/w) over k from 1 to
 * 5w+1 pixels, along the readout; a = DARKTRAILAMPx, w = DARKTRAILWIDTHx. Right amplifiers read towards the right.
 * @returns the amplifiers that were corrected
 */
export function addDarkTrails(image: Pixels, amps: readonly Quadrant[], values: CcdCalibration['values']): string[] {
  const done: string[] = [];
  for (const { id, ccdsec } of amps) {
    const amplitude = numberOf(values[`DARKTRAILAMP${id}`]);
    const width = numberOf(values[`DARKTRAILWIDTH${id}`]);
    if (amplitude === undefined || width === undefined || !(width > 0)) continue;
    const kernel = Float64Array.from(
      { length: Math.trunc(5 * width + 1) },
      (_, i) => amplitude * ((i + 1) / width) * Math.exp(-(i + 1) / width),
    );
    addTrail(image, ccdsec, kernel, isRight(id));
    done.push(id);
  }
  return done;
}

function addTrail({ nx, pix }: Pixels, section: Section, kernel: Float64Array, right: boolean): void {
  const width = widthOf(section);
  const row = new Float64Array(width);
  for (let y = section.y0; y < section.y1; y++) {
    const start = y * nx + section.x0;
    for (let x = 0; x < width; x++) row[x] = pix[start + x]!;
    for (let x = 0; x < width; x++) {
      let trail = 0;
      const reach = Math.min(kernel.length, right ? width - 1 - x : x);
      for (let k = 1; k <= reach; k++) trail += row[right ? x + k : x - k]! * kernel[k - 1]!;
      pix[start + x] = row[x]! + trail;
    }
  }
}

const ALMOST_ZERO = 0.001;
const LOW = 0.1;

/**
 * Divides by the pixel flat. Where it is almost 0 the pixel stays and is marked PIXFLATZERO, where it is low PIXFLATLOW.
 * The read noise of a pixel grows alike: see inverseVariance.
 */
export function dividePixelFlat(pix: Float32Array, mask: Uint8Array, pixflat: FloatArray): void {
  for (let i = 0; i < pix.length; i++) {
    const flat = pixflat[i]!;
    if (flat > ALMOST_ZERO) pix[i]! /= flat;
    else mask[i]! |= CCD_MASK.PIXFLATZERO;
    if (flat > 0 && flat < LOW) mask[i]! |= CCD_MASK.PIXFLATLOW;
  }
}

/** 1 / (max(pix, 0) + noise²) of one amplifier; noise in electrons a row, over the pixel flat where there is one. */
export function inverseVariance(
  { nx, pix }: Pixels,
  ivar: Float32Array,
  section: Section,
  noise: Float64Array,
  pixflat: FloatArray | null,
): void {
  for (let y = section.y0; y < section.y1; y++) {
    const rowNoise = noise[y - section.y0]!;
    const start = y * nx + section.x0;
    const end = y * nx + section.x1;
    if (pixflat === null) fillRow(pix, ivar, start, end, rowNoise * rowNoise);
    else fillRowWithFlat(pix, ivar, start, end, rowNoise, pixflat);
  }
}

function fillRow(pix: Float32Array, ivar: Float32Array, start: number, end: number, noise2: number): void {
  for (let i = start; i < end; i++) {
    const p = pix[i]!;
    const variance = (p > 0 ? p : 0) + noise2;
    ivar[i] = variance > 0 ? 1 / variance : 0;
  }
}

function fillRowWithFlat(
  pix: Float32Array,
  ivar: Float32Array,
  start: number,
  end: number,
  rowNoise: number,
  pixflat: FloatArray,
): void {
  for (let i = start; i < end; i++) {
    const flat = pixflat[i]!;
    const noise = flat > ALMOST_ZERO ? rowNoise / flat : rowNoise;
    const variance = Math.max(pix[i]!, 0) + noise * noise;
    ivar[i] = variance > 0 ? 1 / variance : 0;
  }
}
