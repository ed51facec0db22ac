import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { encodeFits, primaryHdu } from '#shared/fits/write.ts';
import { tableHdu } from '#shared/fits/table-write.ts';
import { classesOfProgram, fibersOfClass, skyFibers } from '../spectra/fibers.ts';
import { readFiberMap } from './fibermap.ts';

const REFERENCE = 'e2e/data/desispec-reference/raw/20191115/00000101/fibermap-00000101.fits';

describe('a fibermap of today', () => {
  const bytes = readFileSync(REFERENCE);

  it('has the rows of the spectrograph, with 64-bit targets', () => {
    const map = readFiberMap(bytes, 1);
    expect(map.n).toBe(500);
    expect([map.fiber[0], map.fiber[499]]).toEqual([500, 999]);
    expect(map.header.text('PROGRAM')).toBe('dark');
    expect(map.desiTarget.some((bits) => bits === 1n << 33n)).toBe(true);
    expect(map.objtype.filter((type) => type === 'SKY').length).toBeGreaterThan(3);
  });

  it('tells the classes of targets, and sky fibers by their place on the camera', () => {
    const map = readFiberMap(bytes, 0);
    // Fibers 0 and 28 of the simulation are standard stars.
    expect(fibersOfClass(map, 50, 'STAR')).toEqual([0, 28]);
    expect(skyFibers(map, 50).every((f) => f < 50 && map.objtype[f] === 'SKY')).toBe(true);
    expect(skyFibers(map, 10).length).toBeLessThan(skyFibers(map, 50).length);
  });
});

describe('a fibermap of before 2018', () => {
  const classes = ['ELG', 'SKY', 'STD'];
  const names = ['DECAM_G', 'DECAM_R', 'DECAM_Z', 'WISE1', 'WISE2'].map((name) => name.padEnd(10)).join('');
  const bytes = encodeFits([
    primaryHdu(),
    tableHdu('FIBERMAP', [
      { name: 'FIBER', form: 'J', values: [1002, 1000, 1001] },
      { name: 'OBJTYPE', form: '10A', values: classes },
      { name: 'MAG', form: '5E', values: [22, 21, 20, 0, 0, 22, 21, 20, 0, 0, 17, 16.5, 16, 0, 0] },
      { name: 'FILTER', form: '50A', values: [names, names, names] },
      { name: 'RA_TARGET', form: 'D', values: [10, 11, 12] },
      { name: 'DEC_TARGET', form: 'D', values: [-1, -2, -3] },
    ]),
  ]);

  it('has classes for OBJTYPE and magnitudes by filter, in any order of rows', () => {
    const map = readFiberMap(bytes, 2);
    expect(Array.from(map.fiber)).toEqual([1000, 1001, 1002]);
    expect(map.objtype).toEqual(['SKY', 'STD', 'ELG']);
    expect([fibersOfClass(map, 3, 'ELG'), fibersOfClass(map, 3, 'STAR'), skyFibers(map, 3)]).toEqual([[2], [1], [0]]);
    expect(map.fluxR[1]).toBeCloseTo(10 ** (-0.4 * (16.5 - 22.5)), 4);
    expect(map.fluxZ[2]).toBeCloseTo(10, 5);
    expect([map.ra[2], map.dec[2]]).toEqual([10, -1]);
  });

  it('of another spectrograph is refused', () => {
    expect(() => readFiberMap(bytes, 3)).toThrow('no fibers of spectrograph 3');
  });
});

describe('the classes of a program', () => {
  it('are ordered as its references', () => {
    expect(classesOfProgram('dark')).toEqual(['ELG', 'LRG', 'QSO', 'STAR']);
    expect(classesOfProgram('bright')).toEqual(['BGS', 'MWS', 'STAR']);
  });

  it('are none for what is no program', () => {
    expect(() => classesOfProgram('backup')).toThrow('backup');
    expect(() => classesOfProgram(null)).toThrow('no target classes');
  });
});
