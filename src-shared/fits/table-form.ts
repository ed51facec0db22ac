import { FitsError } from './fits-error.ts';

/** Letter of a column's element type, as TFORM writes it. */
export type ElementType = 'L' | 'X' | 'B' | 'I' | 'J' | 'K' | 'A' | 'E' | 'D' | 'C' | 'M';

/** A TFORM: what one row holds in this column. */
export interface ColumnForm {
  /** Elements in a row; for text its length. A variable-length column has its elements in the heap. */
  repeat: number;
  type: ElementType;
  /** Descriptor of a variable-length column: P with 32-bit, Q with 64-bit numbers. */
  descriptor?: 'P' | 'Q';
  /** Bytes in a row. */
  width: number;
}

/** Bytes an element; X (bits) is counted apart. */
export const ELEMENT_BYTES: Record<ElementType, number> = {
  L: 1,
  X: 0,
  B: 1,
  I: 2,
  J: 4,
  K: 8,
  A: 1,
  E: 4,
  D: 8,
  C: 8,
  M: 16,
};

const FORM = /^\s*(\d*)([LXBIJKAEDCMPQ])([LXBIJKAEDCM]?)/;

/** Reads a TFORM such as `3A`, `K`, `6D` or `1PB(802)`. @throws FitsError `bad-header` */
export function parseForm(text: string): ColumnForm {
  const match = FORM.exec(text.toUpperCase());
  if (!match) throw new FitsError('bad-header', `TFORM '${text}' is not a FITS format`);
  const repeat = match[1] === '' ? 1 : Number(match[1]);
  if (!Number.isSafeInteger(repeat)) throw new FitsError('bad-header', `TFORM '${text}': repeat count`);
  const letter = match[2] as ElementType | 'P' | 'Q';
  if (letter === 'P' || letter === 'Q') {
    const type = match[3] as ElementType | '';
    if (type === '' || repeat > 1) throw new FitsError('bad-header', `TFORM '${text}' is not a FITS format`);
    return { repeat, type, descriptor: letter, width: repeat * (letter === 'P' ? 8 : 16) };
  }
  const width = letter === 'X' ? Math.ceil(repeat / 8) : repeat * ELEMENT_BYTES[letter];
  return { repeat, type: letter, width };
}
