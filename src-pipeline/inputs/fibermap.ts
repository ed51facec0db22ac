import { TARGET_BITS } from '#shared/domain/target-class.ts';
import type { BinaryTable } from '#shared/fits/table.ts';
import type { FiberMap } from '../types.ts';
import { fitsContent, hduNamed, requireHdu, tableOf } from './fits-content.ts';

/** Fibers of one spectrograph, and rows of the fibermap that belong to it. */
export const FIBERS_PER_SPECTROGRAPH = 500;

/** What the OBJTYPE of fibermaps before 2018 says in DESI_TARGET bits. */
const OLD_OBJTYPES: Readonly<Record<string, bigint>> = {
  LRG: TARGET_BITS.LRG,
  ELG: TARGET_BITS.ELG,
  QSO: TARGET_BITS.QSO,
  SKY: TARGET_BITS.SKY,
  STD: TARGET_BITS.STD_FAINT,
  STAR: TARGET_BITS.STD_FAINT,
  BGS: TARGET_BITS.BGS_ANY,
  MWS: TARGET_BITS.MWS_ANY,
};

/**
 * The rows of one spectrograph's fibers, in fiber order, from a fibermap file: columns of today (FIBER, OBJTYPE,
 * DESI_TARGET, FLUX_G/R/Z, TARGET_RA/DEC) or of before 2018 (OBJTYPE as class, MAG[5] with FILTER[5], RA_TARGET/
 * DEC_TARGET). Fluxes in nanomaggies; missing ones are NaN.
 * @throws Error when there is no table or no row of that spectrograph
 */
export function readFiberMap(bytes: Uint8Array, spectrograph: number): FiberMap {
  const content = fitsContent(bytes);
  const hdu = hduNamed(content, ['FIBERMAP']) ?? content.hdus.find((one) => one.kind === 'bintable');
  const table = tableOf(content, hdu ?? requireHdu(content, 'FIBERMAP'));
  const numbers = table.numbers('FIBER');
  const first = spectrograph * FIBERS_PER_SPECTROGRAPH;
  const rows = Array.from(numbers.keys())
    .filter((row) => numbers[row]! >= first && numbers[row]! < first + FIBERS_PER_SPECTROGRAPH)
    .sort((a, b) => numbers[a]! - numbers[b]!);
  if (rows.length === 0) throw new Error(`it has no fibers of spectrograph ${spectrograph}`);

  const pick = (names: readonly string[]): Float64Array => {
    const name = names.find((one) => table.has(one));
    const all = name === undefined ? undefined : table.numbers(name);
    return Float64Array.from(rows, (row) => all?.[row] ?? NaN);
  };
  const objtypes = table.strings('OBJTYPE').map((text) => text.trim().toUpperCase());
  const flux = table.has('FLUX_R') ? null : fluxFromMagnitudes(table);
  return {
    n: rows.length,
    fiber: Int32Array.from(rows, (row) => numbers[row]!),
    objtype: rows.map((row) => objtypes[row]!),
    desiTarget: targetBits(table, objtypes, rows),
    fluxG: flux === null ? pick(['FLUX_G']) : flux('DECAM_G', rows),
    fluxR: flux === null ? pick(['FLUX_R']) : flux('DECAM_R', rows),
    fluxZ: flux === null ? pick(['FLUX_Z']) : flux('DECAM_Z', rows),
    ra: pick(['TARGET_RA', 'RA_TARGET']),
    dec: pick(['TARGET_DEC', 'DEC_TARGET']),
    header: (hdu ?? content.hdus[0]!).header,
  };
}

function targetBits(table: BinaryTable, objtypes: readonly string[], rows: readonly number[]): BigInt64Array {
  if (table.has('DESI_TARGET')) {
    const bits = table.bigints('DESI_TARGET');
    return BigInt64Array.from(rows, (row) => bits[row]!);
  }
  return BigInt64Array.from(rows, (row) => {
    const bit = OLD_OBJTYPES[objtypes[row]!];
    return bit === undefined ? 0n : 1n << bit;
  });
}

/** Fluxes of the old form: magnitude k of a row belongs to filter k of that row; nanomaggies. */
function fluxFromMagnitudes(table: BinaryTable): (filter: string, rows: readonly number[]) => Float64Array {
  const magnitudes = table.numbers('MAG');
  const each = magnitudes.length / table.rows;
  const names = table.strings('FILTER');
  const width = table.column('FILTER').form.width / each;
  return (filter, rows) =>
    Float64Array.from(rows, (row) => {
      for (let k = 0; k < each; k++) {
        const name = names[row]!.slice(k * width, (k + 1) * width).trim();
        if (name === filter) return 10 ** (-0.4 * (magnitudes[row * each + k]! - 22.5));
      }
      return NaN;
    });
}
