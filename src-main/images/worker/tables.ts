import type { FitsCard, FitsHdu, FitsTablePage } from '#shared/domain/image.ts';
import type { Card } from '#shared/fits/card.ts';
import { isCompressedImage } from '#shared/fits/compressed-image.ts';
import { axesOf, type ByteSource, type Hdu } from '#shared/fits/hdu.ts';
import { latin1 } from '#shared/fits/header.ts';
import type { PixelArray } from '#shared/fits/image.ts';
import { BinaryTable, type TableColumn } from '#shared/fits/table.ts';
import { imageAxes, isImage } from './image-store.ts';
import { TaskError } from './task-error.ts';

/** Elements of one cell that are written out. */
const MAX_ELEMENTS = 8;
/** Largest heap that is read for the cells of a page. */
const MAX_HEAP = 2 ** 27;

/** What the viewer tells of an HDU. */
export function describeHdu(hdu: Hdu): FitsHdu {
  const { index, kind, name, header, headerOffset, dataLength, fault } = hdu;
  let axes: number[] = [];
  try {
    axes = isImage(hdu) ? imageAxes(header) : tableAxes(hdu);
  } catch {
    // Its fault says what is wrong with it.
  }
  return {
    index,
    kind,
    name,
    compressed: isCompressedImage(header),
    axes,
    bitpix: header.number(isCompressedImage(header) ? 'ZBITPIX' : 'BITPIX') ?? null,
    cards: header.cards.length,
    offset: headerOffset,
    dataBytes: dataLength,
    fault: fault?.message ?? '',
  };
}

function tableAxes({ kind, header }: Hdu): number[] {
  const axes = axesOf(header);
  return kind === 'bintable' || kind === 'table' ? [header.number('TFIELDS') ?? 0, axes[1] ?? 0] : axes;
}

export function describeCard(card: Card): FitsCard {
  const { keyword } = card;
  if (card.kind === 'commentary') return { keyword, value: card.text, type: 'commentary', comment: '' };
  const { value, comment } = card;
  if (value === null) return { keyword, value: '', type: 'undefined', comment };
  if (typeof value === 'string') return { keyword, value, type: 'text', comment };
  if (typeof value === 'boolean') return { keyword, value: value ? 'T' : 'F', type: 'logical', comment };
  if (typeof value === 'object') return { keyword, value: `(${value.re}, ${value.im})`, type: 'complex', comment };
  return { keyword, value: String(value), type: 'number', comment };
}

export interface TableRequest {
  offset: number;
  limit: number;
  firstColumn: number;
  columns: number;
}

/** Some rows and columns of a table as text. @throws TaskError where the HDU is no table; FitsError where it is damaged */
export async function tablePage(source: ByteSource, hdu: Hdu, request: TableRequest): Promise<FitsTablePage> {
  if (hdu.fault) throw hdu.fault;
  if (hdu.kind === 'bintable') return binaryPage(source, hdu, request);
  if (hdu.kind === 'table') return asciiPage(source, hdu, request);
  throw new TaskError('conflict', `HDU ${hdu.index} is no table`);
}

async function binaryPage(source: ByteSource, hdu: Hdu, request: TableRequest): Promise<FitsTablePage> {
  const { header, dataOffset, dataLength } = hdu;
  const [rowLength = 0, rows = 0] = axesOf(header);
  const offset = Math.min(request.offset, rows);
  const limit = Math.min(request.limit, rows - offset);
  const heapOffset = header.number('THEAP') ?? rowLength * rows;
  const heapLength = Math.max(0, dataLength - heapOffset);
  const withHeap = heapLength > 0 && heapLength <= MAX_HEAP;
  // The page's rows and the heap make a table of their own.
  const cells = await source.read(dataOffset + offset * rowLength, limit * rowLength);
  const heap = withHeap ? await source.read(dataOffset + heapOffset, heapLength) : new Uint8Array(0);
  const data = new Uint8Array(cells.length + heap.length);
  data.set(cells);
  data.set(heap, cells.length);
  const small = header.clone().set('NAXIS2', limit).set('PCOUNT', heap.length).set('THEAP', cells.length);
  const table = new BinaryTable(small, data);
  const columns = table.columns.slice(request.firstColumn, request.firstColumn + request.columns);
  const texts = columns.map((column) =>
    column.form.descriptor && !withHeap
      ? new Array<string>(limit).fill(heapLength > MAX_HEAP ? 'too large to show' : '')
      : columnTexts(table, column, limit),
  );
  return {
    rows,
    offset,
    columns: columns.map((column, i) => ({
      name: column.name,
      form: (header.text(`TFORM${request.firstColumn + i + 1}`) ?? '').trim(),
      unit: column.unit ?? '',
    })),
    cells: Array.from({ length: limit }, (_, row) => texts.map((column) => column[row] ?? '')),
  };
}

/** Columns are read by name; one without a name, or with that of another, only where it can be told apart. */
function columnTexts(table: BinaryTable, column: TableColumn, rows: number): string[] {
  if (column.name === '' || table.column(column.name) !== column)
    return new Array<string>(rows).fill('its name is empty or not its own');
  const { form } = column;
  if (form.type === 'A' && !form.descriptor) return table.strings(column.name);
  if (form.type === 'A') return table.arrays(column.name).map((bytes) => latin1(bytes as Uint8Array, 0, bytes.length));
  return table.arrays(column.name).map((cell) => cellText(cell, column));
}

function cellText(cell: PixelArray, { form, nullValue, scale, zero }: TableColumn): string {
  const nothing = nullValue === undefined ? undefined : nullValue * scale + zero;
  const element = (value: number | bigint): string => {
    if (form.type === 'L') return value ? 'T' : 'F';
    if (form.type === 'X') return Number(value).toString(2).padStart(8, '0');
    if (nothing !== undefined && Number(value) === nothing) return 'undefined';
    return cell instanceof Float32Array ? singleText(Number(value)) : String(value);
  };
  const shown = Array.from(cell.subarray(0, MAX_ELEMENTS) as Float64Array, element);
  const pairs =
    form.type === 'C' || form.type === 'M'
      ? shown.flatMap((re, i) => (i % 2 === 0 ? [`${re}+${shown[i + 1] ?? ''}i`] : []))
      : shown;
  const more = cell.length > MAX_ELEMENTS ? [`… ${cell.length} in all`] : [];
  return [...pairs, ...more].join(' ');
}

/** The shortest decimal that is the same in single precision. */
function singleText(value: number): string {
  for (let digits = 6; digits < 9; digits++) {
    const text = Number(value.toPrecision(digits));
    if (Math.fround(text) === value) return String(text);
  }
  return String(value);
}

async function asciiPage(
  source: ByteSource,
  { header, dataOffset }: Hdu,
  request: TableRequest,
): Promise<FitsTablePage> {
  const [rowLength = 0, rows = 0] = axesOf(header);
  const offset = Math.min(request.offset, rows);
  const limit = Math.min(request.limit, rows - offset);
  const bytes = await source.read(dataOffset + offset * rowLength, limit * rowLength);
  const fields = Array.from({ length: header.number('TFIELDS') ?? 0 }, (_, i) => {
    const form = (header.text(`TFORM${i + 1}`) ?? '').trim();
    return {
      name: header.text(`TTYPE${i + 1}`) ?? '',
      form,
      unit: header.text(`TUNIT${i + 1}`) ?? '',
      start: (header.number(`TBCOL${i + 1}`) ?? 1) - 1,
      width: Number(/^[AIFED](\d+)/.exec(form)?.[1] ?? 1),
    };
  }).slice(request.firstColumn, request.firstColumn + request.columns);
  return {
    rows,
    offset,
    columns: fields.map(({ name, form, unit }) => ({ name, form, unit })),
    cells: Array.from({ length: limit }, (_, row) =>
      fields.map(({ start, width }) => {
        const at = row * rowLength + start;
        return latin1(bytes, at, Math.min(at + width, (row + 1) * rowLength)).trim();
      }),
    ),
  };
}
