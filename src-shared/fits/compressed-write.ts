import { FitsError } from './fits-error.ts';
import { Header } from './header.ts';
import { bitpixFor, type Image, unsignedZero } from './image.ts';
import { type BytesPerPixel, riceBound, riceEncode, type RicePixels } from './rice.ts';
import { addCards, type HduBlock } from './write.ts';

const BLOCK_SIZE = 32;
const STRUCTURE =
  /^(SIMPLE|XTENSION|BITPIX|NAXIS\d*|EXTEND|PCOUNT|GCOUNT|BSCALE|BZERO|TFIELDS|EXTNAME|CHECKSUM|DATASUM|T(TYPE|FORM)\d+|Z(IMAGE|TENSION|SIMPLE|BITPIX|NAXIS\d*|PCOUNT|GCOUNT|TILE\d+|CMPTYPE|NAME\d+|VAL\d+))$/;

/**
 * An integer image as a RICE_1 tile-compressed image HDU, one row of pixels a tile, with the same bits as fpack.
 * @throws FitsError `unsupported` for pixels of 64 bits or floating point
 */
export function compressedImageHdu(name: string, image: Image, cards: Header = new Header()): HduBlock {
  const { axes } = image;
  const pixels = ricePixels(image);
  const width = pixels.BYTES_PER_ELEMENT as BytesPerPixel;
  const columns = axes[0] ?? 0;
  const rows = columns === 0 ? 0 : pixels.length / columns;
  const { data, longest, heapLength } = compressRows(pixels, columns, rows, width);
  const zero = unsignedZero(pixels);
  const header = new Header()
    .set('XTENSION', 'BINTABLE', 'binary table extension')
    .set('BITPIX', 8, 'array data type')
    .set('NAXIS', 2, 'number of array dimensions')
    .set('NAXIS1', 8, 'width of table in bytes')
    .set('NAXIS2', rows, 'number of rows in table')
    .set('PCOUNT', heapLength, 'bytes in the heap')
    .set('GCOUNT', 1, 'number of groups')
    .set('TFIELDS', 1, 'number of fields in each row')
    .set('TTYPE1', 'COMPRESSED_DATA', 'label for field 1')
    .set('TFORM1', `1PB(${longest})`, 'data format of field: variable length array')
    .set('ZIMAGE', true, 'extension contains compressed image')
    .set('ZTENSION', 'IMAGE', 'image extension')
    .set('ZBITPIX', bitpixFor(pixels), 'data type of original image')
    .set('ZNAXIS', axes.length, 'dimension of original image');
  axes.forEach((axis, i) => header.set(`ZNAXIS${i + 1}`, axis, 'length of original image axis'));
  header.set('ZPCOUNT', 0, 'number of parameters').set('ZGCOUNT', 1, 'number of groups');
  axes.forEach((axis, i) => header.set(`ZTILE${i + 1}`, i === 0 ? axis : 1, 'size of tiles to be compressed'));
  header
    .set('ZCMPTYPE', 'RICE_1', 'compression algorithm')
    .set('ZNAME1', 'BLOCKSIZE', 'compression block size')
    .set('ZVAL1', BLOCK_SIZE, 'pixels per block')
    .set('ZNAME2', 'BYTEPIX', 'bytes per pixel (1, 2, 4, or 8)')
    .set('ZVAL2', width, 'bytes per pixel (1, 2, 4, or 8)');
  if (zero !== 0) header.set('BSCALE', 1).set('BZERO', zero);
  if (image.blank !== undefined) header.set('BLANK', image.blank - zero, 'value of undefined pixels');
  header.set('EXTNAME', name, 'extension name');
  return { header: addCards(header, cards, STRUCTURE), data };
}

function ricePixels(image: Image): RicePixels {
  const { pixels } = image;
  if (
    pixels instanceof Float32Array ||
    pixels instanceof Float64Array ||
    pixels instanceof BigInt64Array ||
    pixels instanceof BigUint64Array
  ) {
    throw new FitsError('unsupported', `RICE_1 takes integers of up to 32 bits, not a ${pixels.constructor.name}`);
  }
  return pixels;
}

/** Table of descriptors, then the heap. */
function compressRows(
  pixels: RicePixels,
  columns: number,
  rows: number,
  width: BytesPerPixel,
): { data: Uint8Array; longest: number; heapLength: number } {
  const table = rows * 8;
  const bytes = new Uint8Array(table + rows * riceBound(columns, width, BLOCK_SIZE));
  const view = new DataView(bytes.buffer);
  const flip = unsignedZero(pixels) === 0 ? 0 : 1 << (width * 8 - 1);
  let at = table;
  let longest = 0;
  for (let row = 0; row < rows; row++) {
    const length = riceEncode(pixels, row * columns, columns, bytes, at, width, BLOCK_SIZE, flip);
    view.setInt32(row * 8, length);
    view.setInt32(row * 8 + 4, at - table);
    at += length;
    longest = Math.max(longest, length);
  }
  return { data: bytes.slice(0, at), longest, heapLength: at - table };
}
