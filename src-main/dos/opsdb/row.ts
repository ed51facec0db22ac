import { QlfError } from '#shared/ipc/result.ts';
import { POSIX_PATH } from '../file-names.ts';

/** One row as the server writes it: field of QLF → text. */
export type TextRow = Readonly<Record<string, string | null>>;

const SHA256 = /^[0-9a-f]{64}$/;
/** `2019-11-15 08:41:03.988+00`, with or without fraction and zone. */
const TIMESTAMP = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(?:\.(\d+))?(?:Z|[+-]00(?::?00)?)?$/;

/** Reads the values of one row; what does not fit names the column, so that a wrong mapping is found at once. */
export class Row {
  readonly #row: TextRow;
  readonly #columns: Readonly<Record<string, string | null>>;
  readonly #where: string;

  /**
   * @param columns field → column, as configured
   * @param where what the row is about, e.g. `table exposure, exposure 12`
   */
  constructor(row: TextRow, columns: Readonly<Record<string, string | null>>, where: string) {
    this.#row = row;
    this.#columns = columns;
    this.#where = where;
  }

  /** Trimmed; null where there is nothing but blanks. */
  text(field: string): string | null {
    const text = this.#row[field]?.trim();
    return text === undefined || text === '' ? null : text;
  }

  /** Null where it is absent or not finite. */
  number(field: string): number | null {
    const text = this.text(field);
    if (text === null || /^(?:NaN|[+-]?Infinity)$/i.test(text)) return null;
    const value = Number(text);
    if (!Number.isFinite(value)) throw this.bad(field, 'no number');
    return value;
  }

  integer(field: string): number | null {
    const value = this.number(field);
    if (value !== null && !Number.isSafeInteger(value)) throw this.bad(field, 'no whole number');
    return value;
  }

  /** Bytes of a file. */
  size(field: string): number | null {
    const value = this.integer(field);
    if (value !== null && value < 0) throw this.bad(field, 'no size of a file');
    return value;
  }

  boolean(field: string): boolean {
    return ['t', 'true', '1', 'y', 'yes'].includes((this.text(field) ?? '').toLowerCase());
  }

  /** YYYYMMDD */
  night(field: string): string {
    const digits = (this.text(field) ?? '').replaceAll('-', '');
    if (!/^\d{8}$/.test(digits)) throw this.bad(field, 'no night (YYYYMMDD)');
    return digits;
  }

  /** UTC without zone, as FITS writes it: 2019-11-15T08:41:03.988 */
  time(field: string): string | null {
    const text = this.text(field);
    if (text === null) return null;
    const [, day, time, fraction = ''] = TIMESTAMP.exec(text) ?? [];
    if (day === undefined || time === undefined) throw this.bad(field, 'no time in UTC');
    return `${day}T${time}.${fraction.slice(0, 3).padEnd(3, '0')}`;
  }

  sha256(field: string): string | null {
    const text = this.text(field)?.toLowerCase() ?? null;
    if (text !== null && !SHA256.test(text)) throw this.bad(field, 'no SHA-256 in hexadecimal');
    return text;
  }

  /** The absolute path of a file, exactly as it is stored. */
  path(field: string): string | null {
    const path = this.#row[field] ?? null;
    if (path === null || path === '') return null;
    if (!POSIX_PATH.absolute(path)) throw this.bad(field, 'no plain absolute path of a file');
    return path;
  }

  /** A path that stays below the folder it is put into. */
  relativePath(field: string): string {
    const path = this.#row[field] ?? '';
    if (!POSIX_PATH.relative(path)) throw this.bad(field, 'no plain path below the calibration folder');
    return path;
  }

  /** An object of scalars; what lies deeper is left out. */
  scalars(field: string): Record<string, string | number | boolean | null> {
    const text = this.text(field);
    if (text === null) return {};
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      throw this.bad(field, 'no JSON');
    }
    if (value === null) return {};
    if (typeof value !== 'object' || Array.isArray(value)) throw this.bad(field, 'no JSON object');
    const scalars: Record<string, string | number | boolean | null> = {};
    for (const [key, item] of Object.entries(value)) {
      if (item === null || ['string', 'number', 'boolean'].includes(typeof item))
        Object.defineProperty(scalars, key, { value: item, enumerable: true, configurable: true, writable: true });
    }
    return scalars;
  }

  /** The error that names the field's column and what it holds. */
  bad(field: string, what: string): QlfError {
    const held = this.#row[field] ?? null;
    const shown = held === null ? 'empty' : JSON.stringify(held.length > 60 ? `${held.slice(0, 60)}…` : held);
    return new QlfError(
      'invalid-configuration',
      `column "${this.#columns[field] ?? field}" (mapped to ${field}) of ${this.#where} is ${shown}, which is ${what}. ` +
        'Check the column mapping of the operations database.',
    );
  }
}
