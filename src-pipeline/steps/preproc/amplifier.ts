import type { Header } from '#shared/fits/header.ts';
import { median } from '../../math/statistics.ts';
import type { AmpFacts, AmpId, CcdCalibration, FloatArray, RawCamera, Section } from '../../types.ts';
import { overscanLevel } from './overscan.ts';
import { heightOf, sectionOf, widthOf } from '#shared/fits/ccd-sections.ts';

/** Where the pixels of one amplifier are and how to make electrons of them. */
export interface AmpReadout {
  id: AmpId;
  ccdsec: Section;
  datasec: Section;
  biassec: Section;
  orsec: Section | null;
  /** electrons per ADU */
  gain: number;
  /** ADU from which on a pixel is saturated */
  saturation: number;
  /** RDNOISEx, electrons; null when the header has none */
  rdnoise: number | null;
}

/** What the original assumes when nobody says where an amplifier saturates, ADU. */
const SATURATION_UNKNOWN = 200_000;

/**
 * Reads what the header and the calibration index say about an amplifier.
 * @throws Error naming the keyword that is missing or makes no sense
 */
export function readAmp(
  id: AmpId,
  raw: RawCamera,
  values: CcdCalibration['values'],
  compatible: boolean,
  warn: (message: string) => void,
): AmpReadout {
  const { header, nx, ny } = raw;
  const section = (prefix: string): Section => {
    const found = sectionOf(
      header,
      `${prefix}${id}`,
      prefix === 'CCDSEC' ? Infinity : nx,
      prefix === 'CCDSEC' ? Infinity : ny,
    );
    if (!found) throw new Error(`the keyword ${prefix}${id} is missing`);
    return found;
  };
  const ccdsec = section('CCDSEC');
  const datasec = section('DATASEC');
  const biassec = section('BIASSEC');
  if (widthOf(ccdsec) !== widthOf(datasec) || heightOf(ccdsec) !== heightOf(datasec)) {
    throw new Error(`DATASEC${id} and CCDSEC${id} differ in size`);
  }
  if (heightOf(biassec) !== heightOf(datasec)) throw new Error(`BIASSEC${id} and DATASEC${id} differ in height`);
  return {
    id,
    ccdsec,
    datasec,
    biassec,
    orsec: sectionOf(header, `ORSEC${id}`, nx, ny) ?? null,
    gain: gainOf(id, header, values, warn),
    saturation: saturationOf(id, raw, values, compatible),
    rdnoise: header.number(`RDNOISE${id}`) ?? null,
  };
}

function gainOf(id: AmpId, header: Header, values: CcdCalibration['values'], warn: (message: string) => void): number {
  const gain = header.number(`GAIN${id}`) ?? numberOf(values[`GAIN${id}`]);
  if (gain === undefined) {
    warn(`Missing keyword GAIN${id} in header and nothing in calib data; using 1.0`);
    return 1;
  }
  return gain;
}

/**
 * SATURLEVx does not fit a FITS keyword, so it is in the calibration index; since 2020 headers have SATULEVx, which the
 * original does not know yet.
 */
function saturationOf(
  id: AmpId,
  { header, pix }: RawCamera,
  values: CcdCalibration['values'],
  compatible: boolean,
): number {
  const stated = header.number(`SATURLEV${id}`) ?? (compatible ? undefined : header.number(`SATULEV${id}`));
  const indexed = stated ?? numberOf(values[`SATURLEV${id}`]);
  if (indexed !== undefined) return indexed;
  // The converter's last count: whatever reaches it is cut off.
  return pix instanceof Uint16Array && !compatible ? 65_535 : SATURATION_UNKNOWN;
}

export function numberOf(value: string | number | undefined): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

/** Pixels of a section as doubles, minus a bias image where there is one. */
export function cutOut(raw: RawCamera, bias: FloatArray | null, section: Section): Float64Array {
  const out = new Float64Array(widthOf(section) * heightOf(section));
  let o = 0;
  for (let y = section.y0; y < section.y1; y++) {
    for (let i = y * raw.nx + section.x0; i < y * raw.nx + section.x1; i++) {
      out[o++] = bias === null ? raw.pix[i]! : raw.pix[i]! - bias[i]!;
    }
  }
  return out;
}

/** Overscan of an amplifier: what to subtract from each data row and the noise of each, ADU. */
export interface AmpOverscan {
  level: Float64Array;
  noise: Float64Array;
  /** Level of the row overscan (ORSECx) over the column overscan, ADU; 0 where there is none. */
  rowLevel: number;
}

/**
 * Overscan of an amplifier: one level for all rows, or one a row.
 * Where the header has ORSECx, each of its rows is first freed of the column overscan of the same row, measured in the
 * corner ORSECx rows × BIASSECx columns; the clipped mean of what remains is one more level to subtract.
 */
export function measureOverscan(
  raw: RawCamera,
  bias: FloatArray | null,
  amp: AmpReadout,
  perRow: boolean,
): AmpOverscan {
  const rows = heightOf(amp.biassec);
  const columns = widthOf(amp.biassec);
  const pixels = cutOut(raw, bias, amp.biassec);
  const level = new Float64Array(rows);
  const noise = new Float64Array(rows);
  if (perRow) {
    for (let row = 0; row < rows; row++) {
      const found = overscanLevel(pixels.subarray(row * columns, (row + 1) * columns));
      level[row] = found.level;
      noise[row] = found.noise;
    }
  } else {
    const found = overscanLevel(pixels);
    level.fill(found.level);
    noise.fill(found.noise);
  }
  return { level, noise, rowLevel: amp.orsec === null ? 0 : rowOverscanLevel(raw, bias, amp.orsec, amp.biassec) };
}

function rowOverscanLevel(raw: RawCamera, bias: FloatArray | null, orsec: Section, biassec: Section): number {
  const pixels = cutOut(raw, bias, orsec);
  const width = widthOf(orsec);
  for (let y = orsec.y0; y < orsec.y1; y++) {
    const corner = cutOut(raw, bias, { x0: biassec.x0, x1: biassec.x1, y0: y, y1: y + 1 });
    const { level } = overscanLevel(corner);
    const start = (y - orsec.y0) * width;
    for (let i = start; i < start + width; i++) pixels[i]! -= level;
  }
  return overscanLevel(pixels).level;
}

/** The numbers of an amplifier that QAs report: medians over its rows, as the original writes them into the header. */
export function ampFacts(amp: AmpReadout, overscan: AmpOverscan): AmpFacts {
  return {
    id: amp.id,
    ccdsec: amp.ccdsec,
    datasec: amp.datasec,
    biassec: amp.biassec,
    gain: amp.gain,
    rdnoise: amp.rdnoise,
    obsrdn: median(overscan.noise) * amp.gain,
    overscan: median(overscan.level),
  };
}
