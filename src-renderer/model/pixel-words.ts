import type { ImageInfo } from '#shared/domain/image.ts';
import { amplifierAt, fiberAt, fiberNumber, toCcd, type Traces } from './fiber-finder.ts';

/** What is known of a pixel besides its value. */
export interface PixelFacts {
  /** Full-size pixels that the stored one covers, counted from 0. */
  x: string;
  y: string;
  /** The same in the trimmed image; empty where it is the same, or in the overscan. */
  ccd: string;
  amplifier: string;
  /** Number among all fibers; null where there is none. */
  fiber: number | null;
  /** Å */
  wave: number | null;
}

/** Full-size pixels that a stored one covers: '649', or '1298–1299'. */
export const pixelSpan = (pixel: number, binning: number): string =>
  binning === 1 ? String(pixel) : `${pixel * binning}\u2013${(pixel + 1) * binning - 1}`;

/** Where a stored pixel is: on which amplifier, and on which fiber at which wavelength. */
export function pixelFacts(info: ImageInfo, traces: Traces | null, x: number, y: number): PixelFacts {
  const { binning, amplifiers } = info;
  // The middle of the pixel, in full-size pixels.
  const [middleX, middleY] = [(x + 0.5) * binning, (y + 0.5) * binning];
  const amplifier = amplifierAt(amplifiers, middleX, middleY);
  const ccd = amplifiers.length === 0 && info.origin !== 'preproc-binned' ? null : toCcd(amplifiers, middleX, middleY);
  const found = traces && ccd ? fiberAt(traces, ccd[0], ccd[1]) : null;
  const isSame = ccd?.[0] === middleX && ccd[1] === middleY;
  return {
    x: pixelSpan(x, binning),
    y: pixelSpan(y, binning),
    ccd: ccd && !isSame ? `${Math.floor(ccd[0])}, ${Math.floor(ccd[1])}` : '',
    amplifier: amplifier ? `${amplifier.id}${amplifier.part === 'overscan' ? ', overscan' : ''}` : '',
    fiber: traces && found ? fiberNumber(traces, found.fiber) : null,
    wave: found?.wave ?? null,
  };
}

/** A pixel's value with all its digits: single precision as short as it can be told apart. */
export function pixelValue(value: number | string | null, pixelType: string): string {
  if (value === null) return 'undefined';
  if (typeof value === 'string') return value;
  if (pixelType !== 'float32') return String(value);
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return String(short);
  }
  return String(value);
}

/** Bits of the mask of a preprocessed image, from the lowest. */
const MASK_WORDS = ['bad', 'hot', 'dead', 'saturated', 'cosmic', 'pixel flat zero', 'pixel flat low'] as const;

/** The reasons that a mask value stands for. */
export function maskWords(value: number): string {
  if (value === 0) return 'good';
  const words = MASK_WORDS.filter((_, bit) => (value & (1 << bit)) !== 0);
  const rest = value & ~((1 << MASK_WORDS.length) - 1);
  return [...words, ...(rest === 0 ? [] : [`bits ${rest.toString(2)}`])].join(', ');
}
