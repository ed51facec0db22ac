import { FitsError } from './fits-error.ts';
import type { Header } from './header.ts';
import { decodeImage, decodeStored, type Image, type PixelArray, scaleImage, scalingOf } from './image.ts';
import { unquantize } from './quantize.ts';
import { createRiceDecoder, type RiceDecoder } from './rice-decoder.ts';
import type { BytesPerPixel, RicePixels } from './rice.ts';
import { BinaryTable, type TableColumn } from './table.ts';
import { type CompressedLayout, forEachTileRow, layoutOf, tileLength, tileOffset } from './tiles.ts';

/** Expands gzip bytes; must fail rather than give more than `maxLength` bytes. */
export type Gunzip = (bytes: Uint8Array, maxLength: number) => Uint8Array;

/** True when this binary table holds a tile-compressed image. */
export function isCompressedImage(header: Header): boolean {
  return header.boolean('ZIMAGE') === true;
}

/**
 * The image of an HDU, plain or tile-compressed, in physical values (see decodeImage).
 * @param data the HDU's data with the heap
 * @param gunzip needed for GZIP_1, GZIP_2 and for tiles that the compressor gave up on
 * @throws FitsError
 */
export function readImage(header: Header, data: Uint8Array, gunzip?: Gunzip): Image {
  return isCompressedImage(header) ? decodeCompressedImage(header, data, gunzip) : decodeImage(header, data);
}

function decodeCompressedImage(header: Header, data: Uint8Array, gunzip: Gunzip | undefined): Image {
  const layout = layoutOf(header);
  const table = new BinaryTable(header, data);
  if (table.rows !== layout.grid.total) {
    throw new FitsError('bad-header', `the image has ${layout.grid.total} tiles, the table ${table.rows} rows`);
  }
  if ((layout.pixels * Math.abs(layout.bitpix)) / 8 > MAX_EXPANSION * data.length) {
    throw new FitsError('bad-data', `${layout.pixels} pixels cannot come from ${data.length} bytes`);
  }
  const tiles = new TileReader(header, layout, table, gunzip);
  const scaling = scalingOf(header);
  if (layout.bitpix === 16 && scaling.zero === 32768 && scaling.scale === 1 && scaling.blank === undefined) {
    const pixels = new Uint16Array(layout.pixels);
    tiles.readAll(pixels, 0x8000);
    return { axes: layout.grid.axes, pixels };
  }
  const stored = storedArray(layout.bitpix, layout.pixels);
  tiles.readAll(stored, 0);
  const blank = header.number('ZBLANK') ?? scaling.blank;
  return scaleImage(layout.grid.axes, stored, { ...scaling, blank });
}

/** gzip packs into no less than a 1032nd, RICE into no less than a 205th; double precision doubles it. */
const MAX_EXPANSION = 2100;

function storedArray(bitpix: CompressedLayout['bitpix'], length: number): PixelArray {
  switch (bitpix) {
    case 8:
      return new Uint8Array(length);
    case 16:
      return new Int16Array(length);
    case 32:
      return new Int32Array(length);
    case 64:
      return new BigInt64Array(length);
    case -32:
      return new Float32Array(length);
    case -64:
      return new Float64Array(length);
  }
}

/** Decodes the tiles of one image, by the method of its header and by the fallback columns. */
class TileReader {
  private readonly layout: CompressedLayout;
  private readonly table: BinaryTable;
  private readonly gunzip: Gunzip | undefined;
  private readonly decodeRice: RiceDecoder = createRiceDecoder();
  private readonly compressed: TableColumn | undefined;
  private readonly gzipped: TableColumn | undefined;
  private readonly plain: TableColumn | undefined;
  private readonly quantization:
    { scale: Float64Array; zero: Float64Array; blank: Float64Array | undefined } | undefined;

  constructor(header: Header, layout: CompressedLayout, table: BinaryTable, gunzip: Gunzip | undefined) {
    this.layout = layout;
    this.table = table;
    this.gunzip = gunzip;
    this.compressed = variableColumn(table, 'COMPRESSED_DATA');
    this.gzipped = variableColumn(table, 'GZIP_COMPRESSED_DATA');
    this.plain = variableColumn(table, 'UNCOMPRESSED_DATA');
    const scale = perTile(header, table, 'ZSCALE');
    const zero = perTile(header, table, 'ZZERO');
    if (layout.bitpix < 0 && scale && zero) {
      this.quantization = { scale, zero, blank: perTile(header, table, 'ZBLANK') };
    }
  }

  /** Fills the whole image. `flip` is XORed into 16-bit pixels. */
  readAll(out: PixelArray, flip: number): void {
    const { grid } = this.layout;
    for (let tile = 0; tile < grid.total; tile++) {
      const length = tileLength(grid, tile);
      if (grid.contiguous) {
        this.readTile(tile, out, tileOffset(grid, tile), length, flip);
        continue;
      }
      const piece = storedArray(this.layout.bitpix, length);
      this.readTile(tile, piece, 0, length, 0);
      forEachTileRow(grid, tile, (offset, width, from) => {
        copyPixels(piece, from, out, offset, width, flip);
      });
    }
  }

  private readTile(tile: number, out: PixelArray, offset: number, length: number, flip: number): void {
    try {
      const packed = this.compressed && this.table.heapBytes(this.compressed, tile);
      if (packed && packed.count > 0) {
        this.expand(packed.bytes, tile, out, offset, length, flip);
        return;
      }
      const zipped = this.gzipped && this.table.heapBytes(this.gzipped, tile);
      if (zipped && zipped.count > 0) {
        this.copyStored(this.inflate(zipped.bytes, length), this.layout.bitpix, out, offset, length, flip);
        return;
      }
      const plain = this.plain && this.table.heapBytes(this.plain, tile);
      if (!plain || plain.count === 0) throw new FitsError('bad-data', 'it holds no data');
      this.copyStored(plain.bytes, this.layout.bitpix, out, offset, length, flip);
    } catch (error) {
      if (!(error instanceof FitsError)) throw error;
      throw new FitsError(error.code, `tile ${tile + 1}: ${error.message}`, { cause: error });
    }
  }

  private expand(bytes: Uint8Array, tile: number, out: PixelArray, offset: number, length: number, flip: number): void {
    const { method, bitpix } = this.layout;
    switch (method) {
      case 'RICE_1':
      case 'RICE_ONE':
        this.expandRice(bytes, tile, out, offset, length, flip);
        return;
      case 'GZIP_1':
        this.placeBytes(this.inflate(bytes, length), tile, out, offset, length, flip);
        return;
      case 'GZIP_2':
        this.placeBytes(unshuffle(this.inflate(bytes, length), length), tile, out, offset, length, flip);
        return;
      case 'NOCOMPRESS':
        this.copyStored(bytes, bitpix, out, offset, length, flip);
        return;
      default:
        throw new FitsError('unsupported', `compression ${method} is not supported`);
    }
  }

  private expandRice(
    bytes: Uint8Array,
    tile: number,
    out: PixelArray,
    offset: number,
    length: number,
    flip: number,
  ): void {
    const { parameters, bitpix } = this.layout;
    const width = parameters.get('BYTEPIX') ?? 4;
    if (width !== 1 && width !== 2 && width !== 4) throw new FitsError('bad-header', `RICE_1 with BYTEPIX ${width}`);
    const blockSize = parameters.get('BLOCKSIZE') ?? 32;
    if (!Number.isInteger(blockSize) || blockSize < 1) throw new FitsError('bad-header', `BLOCKSIZE ${blockSize}`);
    if (width * 8 === bitpix) {
      this.decodeRice(bytes, out as RicePixels, offset, length, width, blockSize, flip);
      return;
    }
    const stored = riceArray(width, length);
    this.decodeRice(bytes, stored, 0, length, width, blockSize, 0);
    this.place(stored, tile, out, offset, flip);
  }

  /** Bytes of integers whose width follows from their number, or of floating-point pixels kept as they were. */
  private placeBytes(
    bytes: Uint8Array,
    tile: number,
    out: PixelArray,
    offset: number,
    length: number,
    flip: number,
  ): void {
    const width = bytes.length / length;
    const isFloat = this.layout.bitpix < 0 && !this.quantization;
    const bitpix = isFloat ? this.layout.bitpix : width * 8;
    if (isFloat ? width * -8 !== bitpix : ![1, 2, 4, 8].includes(width)) {
      throw new FitsError('bad-data', `${bytes.length} bytes do not make ${length} pixels`);
    }
    this.place(decodeStored(bytes, bitpix, length), tile, out, offset, flip);
  }

  private copyStored(
    bytes: Uint8Array,
    bitpix: number,
    out: PixelArray,
    offset: number,
    length: number,
    flip: number,
  ): void {
    if (bytes.length !== (length * Math.abs(bitpix)) / 8) {
      throw new FitsError('bad-data', `${bytes.length} bytes do not make ${length} pixels`);
    }
    copyPixels(decodeStored(bytes, bitpix, length), 0, out, offset, length, flip);
  }

  private place(stored: PixelArray, tile: number, out: PixelArray, offset: number, flip: number): void {
    const { quantization, layout } = this;
    if (!quantization) {
      copyPixels(stored, 0, out, offset, stored.length, flip);
      return;
    }
    const target = (out as Float32Array).subarray(offset, offset + stored.length);
    unquantize(Int32Array.from(stored as Int32Array), target, tile, {
      scale: quantization.scale[tile]!,
      zero: quantization.zero[tile]!,
      blank: quantization.blank?.[tile],
      method: layout.quantize,
      seed: layout.ditherSeed,
    });
  }

  private inflate(bytes: Uint8Array, length: number): Uint8Array {
    if (!this.gunzip) throw new FitsError('unsupported', 'gzip tiles, and no gunzip was given');
    try {
      return this.gunzip(bytes, length * 8);
    } catch (error) {
      throw new FitsError('bad-data', 'its gzip data cannot be expanded', { cause: error });
    }
  }
}

function variableColumn(table: BinaryTable, name: string): TableColumn | undefined {
  if (!table.has(name)) return undefined;
  const column = table.column(name);
  if (!column.form.descriptor) throw new FitsError('bad-header', `column ${name} must have variable length`);
  return column;
}

/** A quantization parameter: one a tile in a column, or one for all in a keyword. */
function perTile(header: Header, table: BinaryTable, name: string): Float64Array | undefined {
  if (table.has(name)) {
    const values = table.numbers(name);
    if (values.length !== table.rows) throw new FitsError('bad-header', `column ${name} must hold one value a row`);
    return values;
  }
  const value = header.number(name);
  return value === undefined ? undefined : new Float64Array(table.rows).fill(value);
}

function riceArray(width: BytesPerPixel, length: number): Uint8Array | Int16Array | Int32Array {
  if (width === 1) return new Uint8Array(length);
  return width === 2 ? new Int16Array(length) : new Int32Array(length);
}

/** GZIP_2 stores all first bytes, then all second bytes …. */
function unshuffle(bytes: Uint8Array, length: number): Uint8Array {
  const width = bytes.length / length;
  if (!Number.isInteger(width)) throw new FitsError('bad-data', `${bytes.length} bytes do not make ${length} pixels`);
  const out = new Uint8Array(bytes.length);
  for (let byte = 0, from = 0; byte < width; byte++) {
    for (let i = byte; i < out.length; i += width) out[i] = bytes[from++]!;
  }
  return out;
}

function copyPixels(
  from: PixelArray,
  start: number,
  to: PixelArray,
  offset: number,
  length: number,
  flip: number,
): void {
  if (to instanceof BigInt64Array || to instanceof BigUint64Array) {
    for (let i = 0; i < length; i++) to[offset + i] = BigInt(from[start + i]!);
  } else if (flip === 0) {
    for (let i = 0; i < length; i++) to[offset + i] = Number(from[start + i]!);
  } else {
    for (let i = 0; i < length; i++) to[offset + i] = Number(from[start + i]!) ^ flip;
  }
}
