import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { FIBER_CLASSES, FIBERS, fiberClass, type Fibermap } from '#shared/domain/fiber.ts';
import { BinaryTable } from '#shared/fits/table.ts';
import { withFitsFile } from './fits-file.ts';

/** The fibermap file in an exposure's raw folder; undefined where there is none. */
async function fileIn(folder: string): Promise<string | undefined> {
  try {
    return (await readdir(folder)).filter((name) => /^fibermap-.*\.fits$/.test(name)).sort()[0];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

const magnitudeOf = (flux: number): number => (flux > 0 ? 22.5 - 2.5 * Math.log10(flux) : NaN);

/** A column in fiber order, whatever the order of the rows; NaN for fibers without a row. */
function ordered(table: BinaryTable, rows: Int32Array, names: readonly string[]): Float64Array {
  const name = names.find((one) => table.has(one));
  const out = new Float64Array(FIBERS).fill(NaN);
  if (name === undefined) return out;
  const values = table.numbers(name);
  const each = Math.max(1, values.length / table.rows);
  for (let fiber = 0; fiber < FIBERS; fiber++) {
    const row = rows[fiber] ?? -1;
    if (row >= 0) out[fiber] = values[row * each] ?? NaN;
  }
  return out;
}

/** Row of each fiber, −1 where it has none. */
function rowsOf(table: BinaryTable): Int32Array {
  const rows = new Int32Array(FIBERS).fill(-1);
  table.numbers('FIBER').forEach((fiber, row) => {
    if (Number.isInteger(fiber) && fiber >= 0 && fiber < FIBERS) rows[fiber] = row;
  });
  return rows;
}

/** More than one place: under lamps all positions may be the same. */
function isPlaced(x: Float64Array, y: Float64Array): boolean {
  const first = x.findIndex((value, i) => Number.isFinite(value) && Number.isFinite(y[i]));
  const known = (i: number): boolean => Number.isFinite(x[i]) && Number.isFinite(y[i]);
  return first >= 0 && x.some((value, i) => known(i) && (value !== x[first] || y[i] !== y[first]));
}

function fibermapOf(file: string, table: BinaryTable): Fibermap {
  const rows = rowsOf(table);
  const column = (...names: string[]): Float64Array => ordered(table, rows, names);
  const objtypes = table.has('OBJTYPE') ? table.strings('OBJTYPE') : [];
  const bits = table.has('DESI_TARGET') ? table.bigints('DESI_TARGET') : undefined;
  const ids = table.has('TARGETID') ? table.bigints('TARGETID') : undefined;
  const classes = Uint8Array.from(rows, (row) =>
    FIBER_CLASSES.indexOf(row < 0 ? 'NON' : fiberClass(objtypes[row] ?? '', bits?.[row] ?? 0n)),
  );
  const x = column('FIBERASSIGN_X', 'DESIGN_X', 'X_TARGET', 'X_FVCOBS');
  const y = column('FIBERASSIGN_Y', 'DESIGN_Y', 'Y_TARGET', 'Y_FVCOBS');
  const magnitude = (name: string): Float32Array => Float32Array.from(column(name), magnitudeOf);
  return {
    file,
    x: Float32Array.from(x),
    y: Float32Array.from(y),
    ra: column('TARGET_RA', 'RA_TARGET'),
    dec: column('TARGET_DEC', 'DEC_TARGET'),
    magnitude: { b: magnitude('FLUX_G'), r: magnitude('FLUX_R'), z: magnitude('FLUX_Z') },
    classes,
    targets: Array.from(rows, (row) => (row < 0 || !ids ? '' : String(ids[row] ?? ''))),
    status: Int32Array.from(column('FIBERSTATUS'), (value) => (Number.isNaN(value) ? 0 : value)),
    placed: isPlaced(x, y),
  };
}

/**
 * The fibermap in a folder; null where there is no such file.
 * @throws QlfError `unavailable` naming the file where it is damaged
 */
export async function readFibermap(folder: string): Promise<Fibermap | null> {
  const name = await fileIn(folder);
  if (name === undefined) return null;
  const map = await withFitsFile(join(folder, name), async (file) => {
    const hdu = file.hdu('FIBERMAP');
    return fibermapOf(name, new BinaryTable(hdu.header, await file.data(hdu)));
  });
  return map ?? null;
}
