import { describe, expect, it } from 'vitest';
import { tableHdu } from '#shared/fits/table-write.ts';
import { encodeFits, primaryHdu } from '#shared/fits/write.ts';
import { readTiles } from './tile-list.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('a list of planned tiles', () => {
  it('is read from CSV in any order of columns, and tells each bad row', () => {
    const read = readTiles(
      bytes(
        'PROGRAM;tileid;Dec;RA;IN_DESI\r\nDARK;1;-5.5;10;1\r\n"BRIGHT";2;89.9;360;1\r\ndark;x;1;1;1\r\ndark;3;91;1;1\r\n;4;0;0.5;0\r\ndark;1;0;1;1\r\n',
      ),
    );
    expect(read.tiles).toEqual([
      { tileid: 1, ra: 10, dec: -5.5, program: 'dark' },
      { tileid: 2, ra: 0, dec: 89.9, program: 'bright' },
    ]);
    expect(read.outside).toBe(1);
    expect(read.bad).toEqual([
      { row: 3, why: 'TILEID x is no tile number' },
      { row: 4, why: 'DEC 91 is not in degrees from \u221290 to 90' },
      { row: 6, why: 'tile 1 is there already' },
    ]);
  });

  it('is read from ECSV', () => {
    const text =
      '# %ECSV 1.0\n# ---\n# datatype:\n# - {name: TILEID, datatype: int64}\nTILEID RA DEC PROGRAM\n7 12.5 -3 dark\n8 13.5 4 ""\n';
    expect(readTiles(bytes(text)).tiles).toMatchObject([
      { tileid: 7, ra: 12.5, dec: -3, program: 'dark' },
      { tileid: 8, program: null },
    ]);
  });

  it('is read from a FITS table', () => {
    const table = tableHdu('TILES', [
      { name: 'TILEID', form: 'J', values: Int32Array.of(5, 6) },
      { name: 'RA', form: 'D', values: Float64Array.of(350.25, 1) },
      { name: 'DEC', form: 'D', values: Float64Array.of(-10, Number.NaN) },
      { name: 'PROGRAM', form: '6A', values: ['DARK', 'BRIGHT'] },
    ]);
    const read = readTiles(encodeFits([primaryHdu(), table]));
    expect(read.tiles).toEqual([{ tileid: 5, ra: 350.25, dec: -10, program: 'dark' }]);
    expect(read).toMatchObject({
      badCount: 1,
      bad: [{ row: 2, why: 'DEC NaN is not in degrees from \u221290 to 90' }],
    });
  });

  it('is refused as a whole in words', () => {
    expect(() => readTiles(bytes(''))).toThrow('the file is empty');
    expect(() => readTiles(bytes('A,RA\n1,2\n'))).toThrow('no column TILEID, DEC among A, RA');
    expect(() => readTiles(bytes('TILEID,RA,DEC\nx,2,3\n'))).toThrow('TILEID x is no tile number');
    expect(() => readTiles(encodeFits([primaryHdu()]))).toThrow('no binary table');
  });
});
