import { FitsError } from './fits-error.ts';
import { Header } from './header.ts';
import { encodeStored, type PixelArray, unsignedZero } from './image.ts';
import { ELEMENT_BYTES, type ElementType, parseForm } from './table-form.ts';
import { addCards, type HduBlock } from './write.ts';

/** A column to be written. */
export interface ColumnContent {
  name: string;
  /** TFORM: `3A`, `K`, `6D`, `L`; `1PJ` or `1QJ` for a variable-length column. */
  form: string;
  /**
   * A string a row for text; true or false for L; otherwise the elements of all rows one after another
   * (rows × repeat). For a variable-length column one array a row. Unsigned typed arrays get their TZERO.
   */
  values:
    readonly string[] | readonly boolean[] | readonly number[] | readonly bigint[] | PixelArray | readonly PixelArray[];
  unit?: string;
  comment?: string;
}

const STRUCTURE =
  /^(XTENSION|BITPIX|NAXIS\d*|PCOUNT|GCOUNT|TFIELDS|THEAP|EXTNAME|CHECKSUM|DATASUM|T(TYPE|FORM|UNIT|SCAL|ZERO)\d+)$/;

/** One column's cells, packed, and what its variable-length cells put into the heap. */
interface PackedColumn {
  width: number;
  cells: Uint8Array;
  rows: number;
  zero: number;
  form: string;
}

/** A binary table HDU. @throws FitsError `bad-data` when lengths or types do not fit the formats */
export function tableHdu(name: string, columns: readonly ColumnContent[], cards: Header = new Header()): HduBlock {
  const heap: Uint8Array[] = [];
  let heapLength = 0;
  const packed = columns.map((column) =>
    packColumn(column, (bytes) => {
      const offset = heapLength;
      heap.push(bytes);
      heapLength += bytes.length;
      return offset;
    }),
  );
  const rows = packed[0]?.rows ?? 0;
  packed.forEach((column, i) => {
    if (column.rows !== rows) {
      throw new FitsError('bad-data', `column ${columns[i]?.name}: ${column.rows} rows, the first column has ${rows}`);
    }
  });
  const rowLength = packed.reduce((sum, column) => sum + column.width, 0);
  const header = new Header()
    .set('XTENSION', 'BINTABLE', 'binary table extension')
    .set('BITPIX', 8, 'array data type')
    .set('NAXIS', 2, 'number of array dimensions')
    .set('NAXIS1', rowLength, 'width of table in bytes')
    .set('NAXIS2', rows, 'number of rows in table')
    .set('PCOUNT', heapLength, 'bytes in the heap')
    .set('GCOUNT', 1, 'number of groups')
    .set('TFIELDS', columns.length, 'number of columns');
  columns.forEach((column, i) => {
    const n = i + 1;
    header.set(`TTYPE${n}`, column.name, column.comment).set(`TFORM${n}`, packed[i]?.form ?? column.form);
    if (column.unit !== undefined) header.set(`TUNIT${n}`, column.unit);
    const zero = packed[i]?.zero ?? 0;
    if (zero !== 0) header.set(`TSCAL${n}`, 1).set(`TZERO${n}`, zero === 2 ** 63 ? 2n ** 63n : zero);
  });
  header.set('EXTNAME', name, 'extension name');
  const data = new Uint8Array(rowLength * rows + heapLength);
  interleave(packed, rows, rowLength, data);
  let at = rowLength * rows;
  for (const bytes of heap) {
    data.set(bytes, at);
    at += bytes.length;
  }
  return { header: addCards(header, cards, STRUCTURE), data };
}

function interleave(columns: readonly PackedColumn[], rows: number, rowLength: number, data: Uint8Array): void {
  let offset = 0;
  for (const { width, cells } of columns) {
    for (let row = 0, to = offset, from = 0; row < rows; row++, to += rowLength) {
      for (let i = 0; i < width; i++) data[to + i] = cells[from++]!;
    }
    offset += width;
  }
}

function packColumn(column: ColumnContent, toHeap: (bytes: Uint8Array) => number): PackedColumn {
  const form = parseForm(column.form);
  const { values } = column;
  if (form.descriptor) return packVariable(column, form.descriptor, form.type, toHeap);
  if (form.type === 'A') {
    const cells = new Uint8Array(values.length * form.width);
    values.forEach((value: unknown, row: number) => {
      const text = String(value);
      if (text.length > form.width) {
        throw new FitsError('bad-data', `column ${column.name}: '${text}' is longer than ${form.width}`);
      }
      for (let i = 0; i < text.length; i++) cells[row * form.width + i] = text.charCodeAt(i);
    });
    return { width: form.width, cells, rows: values.length, zero: 0, form: column.form };
  }
  const { bytes, zero } = encodeElements(column.name, form.type, values);
  if (form.width === 0 || bytes.length % form.width !== 0) {
    throw new FitsError(
      'bad-data',
      `column ${column.name}: ${values.length} values do not fill rows of ${column.form}`,
    );
  }
  return { width: form.width, cells: bytes, rows: bytes.length / form.width, zero, form: column.form };
}

function packVariable(
  column: ColumnContent,
  descriptor: 'P' | 'Q',
  type: ElementType,
  toHeap: (bytes: Uint8Array) => number,
): PackedColumn {
  const wide = descriptor === 'Q';
  const width = wide ? 16 : 8;
  const arrays = column.values as readonly PixelArray[];
  const cells = new Uint8Array(arrays.length * width);
  const view = new DataView(cells.buffer);
  let zero: number | undefined;
  let longest = 0;
  arrays.forEach((array, row) => {
    const encoded = encodeElements(column.name, type, array);
    if (zero !== undefined && zero !== encoded.zero) {
      throw new FitsError('bad-data', `column ${column.name}: rows of different types`);
    }
    zero = encoded.zero;
    const count = encoded.bytes.length / ELEMENT_BYTES[type];
    const offset = toHeap(encoded.bytes);
    longest = Math.max(longest, count);
    if (wide) {
      view.setBigInt64(row * width, BigInt(count));
      view.setBigInt64(row * width + 8, BigInt(offset));
    } else {
      if (offset > 0x7fff_ffff) throw new FitsError('too-large', `column ${column.name}: the heap needs format Q`);
      view.setInt32(row * width, count);
      view.setInt32(row * width + 4, offset);
    }
  });
  const form = `1${descriptor}${type}(${longest})`;
  return { width, cells, rows: arrays.length, zero: zero ?? 0, form };
}

/** The typed array that holds a numeric element type; complex numbers are pairs. */
const ARRAYS = {
  X: Uint8Array,
  B: Uint8Array,
  I: Int16Array,
  J: Int32Array,
  K: BigInt64Array,
  E: Float32Array,
  D: Float64Array,
  C: Float32Array,
  M: Float64Array,
} as const;

function encodeElements(
  name: string,
  type: ElementType,
  values: ColumnContent['values'],
): { bytes: Uint8Array; zero: number } {
  if (type === 'L') {
    return { bytes: Uint8Array.from(values as boolean[], (value) => (value ? 0x54 : 0x46)), zero: 0 };
  }
  if (type === 'A') return { bytes: Uint8Array.from(values as Uint8Array), zero: 0 };
  const wanted = ARRAYS[type];
  if (ArrayBuffer.isView(values)) {
    const array = values;
    const isFloat = array instanceof Float32Array || array instanceof Float64Array;
    const wantsFloat = wanted === Float32Array || wanted === Float64Array;
    if (array.BYTES_PER_ELEMENT !== wanted.BYTES_PER_ELEMENT || isFloat !== wantsFloat) {
      throw new FitsError('bad-data', `column ${name}: a ${array.constructor.name} does not fit format ${type}`);
    }
    return { bytes: encodeStored(array), zero: unsignedZero(array) };
  }
  const array =
    wanted === BigInt64Array
      ? BigInt64Array.from(values as (number | bigint)[], (value) => BigInt(value))
      : (wanted as Float64ArrayConstructor).from(values as number[]);
  return { bytes: encodeStored(array), zero: 0 };
}
