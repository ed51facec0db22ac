import Type, { type TSchema } from 'typebox';
import { CameraSchema } from '../domain/camera.ts';
import {
  FileHandleSchema,
  ImageHandleSchema,
  ImageSourceSchema,
  MAX_LEVEL,
  REDUCTIONS,
  type FiberTraces,
  type FitsCard,
  type FitsDescription,
  type FitsFile,
  type FitsTablePage,
  type ImageInfo,
  type ImageStatistics,
  type ImageTile,
} from '../domain/image.ts';

const request = <P extends Record<string, TSchema>>(properties: P) =>
  Type.Object(properties, { additionalProperties: false });
const answer = <T>() => Type.Unsafe<T>(Type.Object({}));
const Coordinate = Type.Integer({ minimum: 0, maximum: 1_000_000 });
/** Whoever asks; what still waits for a view can be called off together. */
const view = Type.Integer({ minimum: 0, maximum: 2 ** 31 });
const Hdu = Type.Integer({ minimum: 0, maximum: 100_000 });

/** Most bytes of a file that one call gives. */
export const MAX_BYTES = 262_144;
/** Most rows and columns of a table page. */
export const MAX_TABLE_ROWS = 200;
export const MAX_TABLE_COLUMNS = 64;

/** Images of the CCDs, and FITS files. Pixels are counted from 0; arrays come as ArrayBuffers. */
export const IMAGE_CONTRACT = {
  'image.open': { request: request({ source: ImageSourceSchema, view }), response: answer<ImageInfo>() },
  'image.tile': {
    request: request({
      image: ImageHandleSchema,
      view,
      level: Type.Integer({ minimum: 0, maximum: MAX_LEVEL }),
      column: Coordinate,
      row: Coordinate,
      reduction: Type.Enum(REDUCTIONS),
    }),
    response: answer<ImageTile>(),
  },
  'image.statistics': { request: request({ image: ImageHandleSchema, view }), response: answer<ImageStatistics>() },
  /** The exact value of one stored pixel; integers beyond 2^53 as text, undefined ones null. */
  'image.value': {
    request: request({ image: ImageHandleSchema, view, x: Coordinate, y: Coordinate }),
    response: Type.Object({ value: Type.Union([Type.Number(), Type.String(), Type.Null()]) }),
  },
  /** The row y and the column x, Float64. */
  'image.profiles': {
    request: request({ image: ImageHandleSchema, view, x: Coordinate, y: Coordinate }),
    response: answer<{ row: ArrayBuffer; column: ArrayBuffer }>(),
  },
  /** Null traces where nothing says where the fibers are; `reason` says why. */
  'image.traces': {
    request: request({ runId: Type.Integer({ minimum: 1 }), camera: CameraSchema, view }),
    response: answer<{ traces: FiberTraces | null; reason: string }>(),
  },
  /** Calls off what waits for a view. */
  'image.cancel': { request: request({ view }), response: Type.Object({}) },

  /** Asks the person for a file; null where none is chosen. */
  'fits.choose': { request: request({}), response: answer<FitsFile | null>() },
  'fits.describe': { request: request({ file: FileHandleSchema }), response: answer<FitsDescription>() },
  'fits.cards': {
    request: request({
      file: FileHandleSchema,
      hdu: Hdu,
      offset: Coordinate,
      limit: Type.Integer({ minimum: 1, maximum: 2000 }),
    }),
    response: answer<{ total: number; cards: FitsCard[] }>(),
  },
  'fits.table': {
    request: request({
      file: FileHandleSchema,
      hdu: Hdu,
      offset: Type.Integer({ minimum: 0 }),
      limit: Type.Integer({ minimum: 1, maximum: MAX_TABLE_ROWS }),
      firstColumn: Type.Integer({ minimum: 0, maximum: 999 }),
      columns: Type.Integer({ minimum: 1, maximum: MAX_TABLE_COLUMNS }),
    }),
    response: answer<FitsTablePage>(),
  },
  /** Bytes of the file as they are; fewer at its end. */
  'fits.bytes': {
    request: request({
      file: FileHandleSchema,
      offset: Type.Integer({ minimum: 0 }),
      length: Type.Integer({ minimum: 1, maximum: MAX_BYTES }),
    }),
    response: answer<{ data: ArrayBuffer }>(),
  },
} as const;
