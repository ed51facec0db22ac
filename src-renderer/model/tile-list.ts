import { MAX_TILES, type PlannedTile } from '#shared/domain/footprint.ts';
import { hduData, scanHdusInMemory } from '#shared/fits/hdu.ts';
import { BinaryTable } from '#shared/fits/table.ts';
import { QlfError } from '#shared/ipc/result.ts';

export interface BadRow {
  /** From 1, without the heading. */
  row: number;
  why: string;
}

/** What a file of planned tiles has. */
export interface ReadTiles {
  tiles: PlannedTile[];
  /** The first of those that could not be taken. */
  bad: BadRow[];
  badCount: number;
  /** Rows that the file itself marks as not of the survey (IN_DESI 0). */
  outside: number;
}

/** Bad rows that are told one by one. */
const MAX_TOLD = 20;

/** A row's fields as text or number; undefined where the file has no such column. */
interface RawRow {
  tileid: string | number | undefined;
  ra: string | number | undefined;
  dec: string | number | undefined;
  program: string | undefined;
  inSurvey: string | number | undefined;
}

const NAMES: Readonly<Record<keyof RawRow, readonly string[]>> = {
  tileid: ['TILEID', 'TILE_ID', 'TILE'],
  ra: ['RA', 'TILERA', 'RA_DEG'],
  dec: ['DEC', 'TILEDEC', 'DEC_DEG'],
  program: ['PROGRAM', 'FAPRGRM'],
  inSurvey: ['IN_DESI'],
};
const unusable = (why: string): QlfError => new QlfError('bad-request', why);

const NEEDED = ['tileid', 'ra', 'dec'] as const;

/** Which column each field is in. @throws QlfError naming the columns that are missing */
function columnsOf(heading: readonly string[]): Partial<Record<keyof RawRow, number>> {
  const upper = heading.map((name) => name.trim().toUpperCase());
  const found: Partial<Record<keyof RawRow, number>> = {};
  for (const field of Object.keys(NAMES) as (keyof RawRow)[]) {
    const at = upper.findIndex((name) => NAMES[field].includes(name));
    if (at >= 0) found[field] = at;
  }
  const missing = NEEDED.filter((field) => found[field] === undefined).map((field) => NAMES[field][0]);
  if (missing.length > 0)
    throw unusable(
      `no column ${missing.join(', ')} among ${
        upper
          .slice(0, 12)
          .map((name) => name.slice(0, 40))
          .join(', ') || 'no columns'
      }`,
    );
  return found;
}

function numberOf(value: string | number | undefined): number {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN;
}

function falsy(value: string | number | undefined): boolean {
  if (typeof value === 'string') return ['0', 'F', 'FALSE'].includes(value.trim().toUpperCase());
  return value === 0;
}

/** A tile of a row, or why it is none. */
function tileOf({ tileid, ra, dec, program }: RawRow): PlannedTile | string {
  const id = numberOf(tileid);
  const at = { ra: numberOf(ra), dec: numberOf(dec) };
  if (!Number.isInteger(id) || id < 0 || id > 2_147_483_647) return `TILEID ${String(tileid)} is no tile number`;
  if (!(at.ra >= 0 && at.ra <= 360)) return `RA ${String(ra)} is not in degrees from 0 to 360`;
  if (!(at.dec >= -90 && at.dec <= 90)) return `DEC ${String(dec)} is not in degrees from \u221290 to 90`;
  const name = (program ?? '').trim().toLowerCase().slice(0, 32);
  return { tileid: id, ra: at.ra === 360 ? 0 : at.ra, dec: at.dec, program: name === '' ? null : name };
}

function gather(rows: Iterable<RawRow>): ReadTiles {
  const read: ReadTiles = { tiles: [], bad: [], badCount: 0, outside: 0 };
  const seen = new Set<number>();
  const refuse = (row: number, why: string): void => {
    read.badCount += 1;
    if (read.bad.length < MAX_TOLD) read.bad.push({ row, why });
  };
  let number = 0;
  for (const row of rows) {
    number += 1;
    if (falsy(row.inSurvey)) {
      read.outside += 1;
      continue;
    }
    const tile = tileOf(row);
    if (typeof tile === 'string') refuse(number, tile);
    else if (seen.has(tile.tileid)) refuse(number, `tile ${tile.tileid} is there already`);
    else if (read.tiles.length === MAX_TILES) refuse(number, `more than ${MAX_TILES} tiles`);
    else {
      seen.add(tile.tileid);
      read.tiles.push(tile);
    }
  }
  if (read.tiles.length === 0) throw unusable(read.bad[0]?.why ?? 'no row of a tile in it');
  return read;
}

/** Fields of a line; a quoted one may hold the separator and doubled quotes. */
function fieldsOf(line: string, separator: string): string[] {
  if (separator === ' ')
    return line
      .trim()
      .split(/\s+/)
      .map((field) => field.replace(/^"(.*)"$/, '$1'));
  const fields: string[] = [];
  let field = '';
  let quoted = false;
  for (let i = 0; i < line.length; i++) {
    const c = line[i] ?? '';
    if (quoted) {
      if (c !== '"') field += c;
      else if (line[i + 1] === '"') {
        field += c;
        i += 1;
      } else quoted = false;
    } else if (c === '"') quoted = true;
    else if (c === separator) {
      fields.push(field);
      field = '';
    } else field += c;
  }
  return [...fields, field];
}

function readText(text: string): ReadTiles {
  const lines = text.split(/\r\n|\n|\r/).filter((line) => line.trim() !== '' && !line.startsWith('#'));
  const [heading, ...rest] = lines;
  if (heading === undefined) throw unusable('the file is empty');
  const separator = [',', ';', '\t'].find((candidate) => heading.includes(candidate)) ?? ' ';
  const columns = columnsOf(fieldsOf(heading, separator));
  return gather(
    rest.map((line): RawRow => {
      const fields = fieldsOf(line, separator);
      const of = (field: keyof RawRow): string | undefined =>
        columns[field] === undefined ? undefined : fields[columns[field]];
      return { tileid: of('tileid'), ra: of('ra'), dec: of('dec'), program: of('program'), inSurvey: of('inSurvey') };
    }),
  );
}

function readTable(bytes: Uint8Array): ReadTiles {
  const { hdus } = scanHdusInMemory(bytes);
  const hdu = hdus.find(({ kind }) => kind === 'bintable');
  if (!hdu) throw unusable('no binary table in this FITS file');
  const table = new BinaryTable(hdu.header, hduData(bytes, hdu));
  const names = table.columns.map(({ name }) => name);
  const columns = columnsOf(names);
  const numbers = (field: keyof RawRow): Float64Array | undefined =>
    columns[field] === undefined ? undefined : table.numbers(names[columns[field]] ?? '');
  const ids = numbers('tileid');
  const ra = numbers('ra');
  const dec = numbers('dec');
  const inSurvey = numbers('inSurvey');
  const programs = columns.program === undefined ? undefined : table.strings(names[columns.program] ?? '');
  return gather(
    Array.from({ length: table.rows }, (_, i) => ({
      tileid: ids?.[i],
      ra: ra?.[i],
      dec: dec?.[i],
      program: programs?.[i],
      inSurvey: inSurvey?.[i],
    })),
  );
}

/**
 * Reads a list of tiles: a FITS table, CSV (comma, semicolon, tab) or ECSV with columns TILEID, RA and DEC in degrees, and
 * PROGRAM where there is one; names in any case.
 * @throws QlfError `bad-request` in words for the observer, or FitsError, where the file as a whole cannot be used
 */
export function readTiles(bytes: Uint8Array): ReadTiles {
  const start = new TextDecoder('latin1').decode(bytes.subarray(0, 9));
  return start === 'SIMPLE  =' ? readTable(bytes) : readText(new TextDecoder().decode(bytes));
}
