import { type Gunzip, isCompressedImage, readImage } from './compressed-image.ts';
import { findHdu, type Hdu, hduData, scanHdusInMemory } from './hdu.ts';
import { pixelsAsFloat64 } from './image.ts';
import { BinaryTable } from './table.ts';

/** A two-dimensional image (one row when the HDU has one axis): index y·nx + x. */
export interface Matrix {
  nx: number;
  ny: number;
  values: Float64Array;
}

/** A FITS file in memory, its HDUs by name. */
export interface FitsContent {
  bytes: Uint8Array;
  hdus: readonly Hdu[];
  /** Expands gzip tiles. */
  gunzip: Gunzip;
}

/** @throws FitsError when it is no FITS file */
export function fitsContentOf(bytes: Uint8Array, gunzip: Gunzip): FitsContent {
  return { bytes, hdus: scanHdusInMemory(bytes).hdus, gunzip };
}

/** The first HDU that has one of these names, the earlier name winning. */
export function hduNamed(content: FitsContent, names: readonly string[]): Hdu | undefined {
  for (const name of names) {
    const hdu = findHdu(content.hdus, name);
    if (hdu !== undefined) return hdu;
  }
  return undefined;
}

/** The HDU of that name. @throws Error when there is none */
export function requireHdu(content: FitsContent, name: string): Hdu {
  const hdu = findHdu(content.hdus, name);
  if (hdu === undefined) throw new Error(`it has no HDU ${name}`);
  return hdu;
}

/** Pixels of an image HDU, plain or tile-compressed. @throws Error when it is no image of one or two axes */
export function matrixOf(content: FitsContent, hdu: Hdu): Matrix {
  if (hdu.kind !== 'image' && !isCompressedImage(hdu.header)) throw new Error(`HDU ${hdu.name} is no image`);
  const image = readImage(hdu.header, hduData(content.bytes, hdu), content.gunzip);
  const [nx, ny = 1, ...more] = image.axes;
  if (nx === undefined || more.length > 0) throw new Error(`HDU ${hdu.name} is no image of one or two axes`);
  return { nx, ny, values: pixelsAsFloat64(image) };
}

/** The binary table of an HDU. @throws Error when it is none */
export function tableOf(content: FitsContent, hdu: Hdu): BinaryTable {
  if (hdu.kind !== 'bintable') throw new Error(`HDU ${hdu.name} is no binary table`);
  return new BinaryTable(hdu.header, hduData(content.bytes, hdu));
}
