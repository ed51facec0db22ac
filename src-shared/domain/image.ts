import Type, { type Static } from 'typebox';
import { CameraSchema, type CameraName } from './camera.ts';

/** What can be looked at of a camera: as read out, trimmed and in electrons, or the mask of bad pixels. */
export const IMAGE_LAYERS = ['raw', 'preproc', 'mask'] as const;
export type ImageLayer = (typeof IMAGE_LAYERS)[number];

/** How several pixels become one on the screen: their mean, the highest, or all mask bits that any of them has. */
export const REDUCTIONS = ['mean', 'max', 'or'] as const;
export type Reduction = (typeof REDUCTIONS)[number];

/** Name that the engine gave to an opened file; it says nothing of where the file is. */
export const FileHandleSchema = Type.String({ pattern: '^[0-9a-f]{32}$' });
/** Name that the engine gave to an opened image. */
export const ImageHandleSchema = Type.String({ pattern: '^[0-9a-f]{32}$' });

const strict = { additionalProperties: false };

/** Which image: by run, camera and layer, or an HDU (and plane, where it has more than two axes) of an opened file. */
export const ImageSourceSchema = Type.Union([
  Type.Object(
    {
      kind: Type.Literal('run'),
      runId: Type.Integer({ minimum: 1 }),
      camera: CameraSchema,
      layer: Type.Enum(IMAGE_LAYERS),
    },
    strict,
  ),
  Type.Object(
    {
      kind: Type.Literal('file'),
      file: FileHandleSchema,
      hdu: Type.Integer({ minimum: 0, maximum: 100_000 }),
      plane: Type.Integer({ minimum: 0, maximum: 1_000_000 }),
    },
    strict,
  ),
]);
export type ImageSource = Static<typeof ImageSourceSchema>;

/** Half-open pixel rectangle, 0-based: x0 ≤ x < x1, y0 ≤ y < y1. */
export interface PixelArea {
  x0: number;
  x1: number;
  y0: number;
  y1: number;
}

/** An amplifier in an image, in full-size pixels. */
export interface AmplifierArea {
  /** A to D or 1 to 4. */
  id: string;
  /** Where its light is in this image. */
  data: PixelArea;
  /** The same light in the trimmed image. */
  ccd: PixelArea;
  /** Its overscan in this image; null in a trimmed one. */
  bias: PixelArea | null;
}

/** Which file an image was found in. */
export type ImageOrigin = 'camera-file' | 'exposure-file' | 'preproc' | 'preproc-binned' | 'file';

/** An opened image. */
export interface ImageInfo {
  image: string;
  /** Stored pixels along x and y. */
  nx: number;
  ny: number;
  /** Full-size pixels a side of each stored pixel. */
  binning: number;
  /** BUNIT; empty where the file has none. */
  unit: string;
  /** As in the file: uint16, float32 … */
  pixelType: string;
  origin: ImageOrigin;
  /** Name of the file and the HDU. */
  fileName: string;
  hdu: number;
  hduName: string;
  /** Planes of an image of three or more axes; 1 otherwise. */
  planes: number;
  amplifiers: AmplifierArea[];
}

/** A square part of an image at a reduction of 2^level; row after row, undefined pixels NaN. */
export interface ImageTile {
  width: number;
  height: number;
  type: 'u16' | 'f32';
  data: ArrayBuffer;
}

/** Pixels a side of a tile, at any level. */
export const TILE_SIDE = 256;
/** Highest reduction is 2^MAX_LEVEL. */
export const MAX_LEVEL = 10;

/** Percentiles that the statistics hold. */
export const PERCENTILES = [0.1, 0.5, 1, 2, 5, 10, 25, 50, 75, 90, 95, 98, 99, 99.5, 99.9] as const;

/** Numbers of all stored pixels of an image; null where there is no defined one. */
export interface ImageStatistics {
  defined: number;
  undefined: number;
  values: {
    min: number;
    max: number;
    mean: number;
    /** IRAF's zscale range, with the constants of astropy's ZScaleInterval. */
    zscale: [number, number];
    /** At PERCENTILES, of at most 262,144 pixels spread evenly over the image. */
    percentiles: number[];
    /** Of the same pixels, between `low` and `high`. */
    histogram: { low: number; high: number; counts: number[] };
  } | null;
}

/** Where the fibers of a camera lie on its CCD, in full-size pixels of the trimmed image. */
export interface FiberTraces {
  camera: CameraName;
  /** In words: from which file. */
  from: string;
  fibers: number;
  /** CCD rows at which x and the wavelength are given, even steps from the first. */
  firstRow: number;
  rowStep: number;
  rows: number;
  /** Float32, fiber after fiber: x in pixels at each row. */
  x: ArrayBuffer;
  /** Float32, fiber after fiber: wavelength in Å at each row. */
  wave: ArrayBuffer;
}

/** A file that was opened by hand. */
export interface FitsFile {
  file: string;
  name: string;
  bytes: number;
}

export interface FitsHdu {
  index: number;
  kind: 'image' | 'bintable' | 'table' | 'other';
  name: string;
  /** An image that is stored as a compressed table. */
  compressed: boolean;
  /** Axes of the image, or columns and rows of the table. */
  axes: number[];
  bitpix: number | null;
  cards: number;
  offset: number;
  dataBytes: number;
  /** Why it cannot be used; empty where it is whole. */
  fault: string;
}

/** What a FITS file holds, as our own reader sees it. */
export interface FitsDescription extends FitsFile {
  hdus: FitsHdu[];
  /** Bytes after the last HDU that belong to none. */
  trailing: number;
}

export interface FitsCard {
  keyword: string;
  /** As written in a header, without quotes; empty for commentary and undefined values. */
  value: string;
  type: 'text' | 'number' | 'logical' | 'complex' | 'undefined' | 'commentary';
  comment: string;
}

export interface FitsTablePage {
  rows: number;
  offset: number;
  columns: { name: string; form: string; unit: string }[];
  cells: string[][];
}
