import { FitsError } from './fits-error.ts';
import { axesOf, bitpixOf } from './hdu.ts';
import { type Header, latin1 } from './header.ts';
import { decodeStored, type PixelArray, pixelsAsFloat64, scaleImage } from './image.ts';
import { type ColumnForm, ELEMENT_BYTES, parseForm } from './table-form.ts';

export interface TableColumn {
  /** TTYPE; empty when the column has no name. */
  name: string;
  form: ColumnForm;
  /** Byte offset in a row. */
  offset: number;
  unit: string | undefined;
  /** physical = zero + scale × stored. */
  scale: number;
  zero: number;
  /** Stored integer that means "undefined". */
  nullValue: number | undefined;
}

/** A binary table in memory: columns are decoded when asked for. */
export class BinaryTable {
  readonly rows: number;
  readonly columns: readonly TableColumn[];
  private readonly rowLength: number;
  private readonly data: Uint8Array;
  private readonly heap: Uint8Array;

  /**
   * @param data the HDU's data with the heap, at least as long as the header says
   * @throws FitsError `bad-header`, `truncated`
   */
  constructor(header: Header, data: Uint8Array) {
    const [rowLength, rows] = axesOf(header);
    if (rowLength === undefined || rows === undefined || bitpixOf(header) !== 8) {
      throw new FitsError('bad-header', 'a binary table has two axes of bytes');
    }
    if (rowLength * rows > data.length) {
      throw new FitsError('truncated', `the table needs ${rowLength * rows} bytes, there are ${data.length}`);
    }
    this.rows = rows;
    this.rowLength = rowLength;
    this.columns = columnsOf(header, rowLength);
    this.data = data;
    this.heap = data.subarray(heapStart(header, rowLength * rows, data.length));
  }

  has(name: string): boolean {
    return this.find(name) !== undefined;
  }

  /** @throws FitsError `bad-data` when there is no column of that name (any case) */
  column(name: string): TableColumn {
    const column = this.find(name);
    if (column) return column;
    throw new FitsError('bad-data', `the table has no column ${name}`);
  }

  /**
   * All elements of a numeric column, row after row (rows × repeat), in physical values and their own width:
   * I → Int16Array (Uint16Array when TZERO is 32768), J → Int32Array, K → BigInt64Array, E, D; B, L and X as bytes
   * (L: 1 true, 0 false or undefined). Complex columns give pairs. Scaled columns give floating point.
   */
  values(name: string): PixelArray {
    const column = this.column(name);
    const { form } = column;
    if (form.descriptor)
      throw new FitsError('unsupported', `column ${name} has variable length: read it with arrays()`);
    return decodeElements(column, this.gather(column), elementCount(form, this.rows));
  }

  /** As `values`, but as double precision, undefined integers (TNULL) as NaN. */
  numbers(name: string): Float64Array {
    const column = this.column(name);
    const pixels = this.values(name);
    const blank = column.nullValue === undefined ? undefined : column.nullValue * column.scale + column.zero;
    return pixelsAsFloat64({ axes: [pixels.length], pixels, ...(blank === undefined ? {} : { blank }) });
  }

  /** An integer column at full 64-bit precision (TARGETID, DESI_TARGET). */
  bigints(name: string): BigInt64Array {
    const pixels = this.values(name);
    if (pixels instanceof BigInt64Array) return pixels;
    if (pixels instanceof Float32Array || pixels instanceof Float64Array) {
      throw new FitsError('bad-data', `column ${name} does not hold integers`);
    }
    return BigInt64Array.from(pixels as Int32Array, (value) => BigInt(value));
  }

  /** A text column, a string a row, without trailing blanks. */
  strings(name: string): string[] {
    const column = this.column(name);
    if (column.form.type !== 'A') throw new FitsError('bad-data', `column ${name} does not hold text`);
    if (column.form.descriptor) return this.arrays(name).map((bytes) => textOf(bytes as Uint8Array));
    const { width } = column.form;
    return Array.from({ length: this.rows }, (_, row) => {
      const at = row * this.rowLength + column.offset;
      return textOf(this.data.subarray(at, at + width));
    });
  }

  /** A column as one array a row: for variable-length columns, and for vectors where rows are wanted apart. */
  arrays(name: string): PixelArray[] {
    const column = this.column(name);
    if (!column.form.descriptor) {
      const all = this.values(name);
      const each = this.rows === 0 ? 0 : all.length / this.rows;
      return Array.from({ length: this.rows }, (_, row) => all.slice(row * each, (row + 1) * each));
    }
    return Array.from({ length: this.rows }, (_, row) => {
      const { bytes, count } = this.heapBytes(column, row);
      return decodeElements(column, bytes, count);
    });
  }

  /**
   * The bytes of a variable-length cell in the heap, without copying.
   * @throws FitsError `bad-data` when its descriptor points outside the heap
   */
  heapBytes(column: TableColumn, row: number): { bytes: Uint8Array; count: number } {
    const { form } = column;
    if (form.repeat === 0) return { bytes: this.heap.subarray(0, 0), count: 0 };
    const view = new DataView(
      this.data.buffer,
      this.data.byteOffset + row * this.rowLength + column.offset,
      form.width,
    );
    const wide = form.descriptor === 'Q';
    const elements = wide ? Number(view.getBigInt64(0)) : view.getInt32(0);
    const offset = wide ? Number(view.getBigInt64(8)) : view.getInt32(4);
    const length = form.type === 'X' ? Math.ceil(elements / 8) : elements * ELEMENT_BYTES[form.type];
    if (elements < 0 || offset < 0 || (elements > 0 && offset + length > this.heap.length)) {
      throw new FitsError('bad-data', `column ${column.name}, row ${row + 1}: its data lie outside the heap`);
    }
    return {
      bytes: elements === 0 ? this.heap.subarray(0, 0) : this.heap.subarray(offset, offset + length),
      count: elementCount({ ...form, repeat: elements }, 1),
    };
  }

  private find(name: string): TableColumn | undefined {
    const wanted = name.trim().toUpperCase();
    return this.columns.find((column) => column.name.toUpperCase() === wanted);
  }

  /** The column's bytes of all rows, packed. */
  private gather(column: TableColumn): Uint8Array {
    const { width } = column.form;
    if (width === this.rowLength) return this.data.subarray(0, width * this.rows);
    const packed = new Uint8Array(width * this.rows);
    for (let row = 0, from = column.offset, to = 0; row < this.rows; row++, from += this.rowLength) {
      for (let i = 0; i < width; i++) packed[to++] = this.data[from + i]!;
    }
    return packed;
  }
}

function columnsOf(header: Header, rowLength: number): TableColumn[] {
  const count = header.requireNumber('TFIELDS');
  if (!Number.isInteger(count) || count < 0 || count > 999) throw new FitsError('bad-header', `TFIELDS = ${count}`);
  let offset = 0;
  const columns = Array.from({ length: count }, (_, i) => {
    const n = i + 1;
    const form = parseForm(header.requireText(`TFORM${n}`));
    const column: TableColumn = {
      name: header.text(`TTYPE${n}`) ?? '',
      form,
      offset,
      unit: header.text(`TUNIT${n}`),
      scale: header.number(`TSCAL${n}`) ?? 1,
      zero: header.number(`TZERO${n}`) ?? 0,
      nullValue: header.number(`TNULL${n}`),
    };
    offset += form.width;
    return column;
  });
  if (offset > rowLength) {
    throw new FitsError('bad-header', `the columns take ${offset} bytes, a row has ${rowLength}`);
  }
  return columns;
}

function heapStart(header: Header, tableLength: number, dataLength: number): number {
  const start = header.number('THEAP') ?? tableLength;
  if (!Number.isInteger(start) || start < tableLength || start > dataLength) {
    throw new FitsError('bad-header', `THEAP = ${start} lies outside the data`);
  }
  return start;
}

/** Elements that decode from `rows` cells of this form: bytes for bits and text, pairs for complex numbers. */
function elementCount(form: ColumnForm, rows: number): number {
  if (form.type === 'X') return Math.ceil(form.repeat / 8) * rows;
  return form.repeat * rows * (form.type === 'C' || form.type === 'M' ? 2 : 1);
}

function decodeElements(column: TableColumn, bytes: Uint8Array, count: number): PixelArray {
  const { type } = column.form;
  if (type === 'L') return Uint8Array.from(bytes.subarray(0, count)).map((letter) => (letter === 0x54 ? 1 : 0));
  const stored = decodeStored(bytes, BITPIX[type], count);
  if (type === 'A' || type === 'X') return stored;
  return scaleImage([count], stored, { scale: column.scale, zero: column.zero, blank: column.nullValue }).pixels;
}

const BITPIX = { X: 8, B: 8, A: 8, I: 16, J: 32, K: 64, E: -32, D: -64, C: -32, M: -64 } as const;

/** Text ends at a NUL; trailing blanks do not count. */
function textOf(bytes: Uint8Array): string {
  const nul = bytes.indexOf(0);
  return latin1(bytes, 0, nul < 0 ? bytes.length : nul).trimEnd();
}
