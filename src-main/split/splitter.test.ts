import { execFileSync } from 'node:child_process';
import {
  mkdtempSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { withChecksum } from '#shared/fits/checksum.ts';
import { compressedImageHdu } from '#shared/fits/compressed-write.ts';
import { Header } from '#shared/fits/header.ts';
import { hduData, scanHdusInMemory } from '#shared/fits/hdu.ts';
import { decodeImage, type Image, type PixelArray } from '#shared/fits/image.ts';
import { tableHdu } from '#shared/fits/table-write.ts';
import { encodeFits, type HduBlock, imageHdu, primaryHdu } from '#shared/fits/write.ts';
import { astropy, fitsverify } from '../../e2e/fits-tools.ts';
import type { SplitResult } from '../domain/ports/splitter.ts';
import { createSplitter } from './splitter.ts';

const root = mkdtempSync(path.join(os.tmpdir(), 'qlf-split-'));
afterAll(() => rmSync(root, { recursive: true }));
let folders = 0;
function newFolder(): string {
  const folder = path.join(root, String(folders++));
  mkdirSync(folder);
  return folder;
}

const EXPID = 4242;
const splitter = createSplitter();
const never = new AbortController().signal;
const reference = path.join(import.meta.dirname, '../../e2e/data/desispec-reference/raw/20191115');

/** Large enough for several buffers a camera. */
function frame(seed: number): Image {
  const pixels = new Uint16Array(1600 * 900);
  let state = seed;
  for (let i = 0; i < pixels.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    pixels[i] = 1000 + (state >>> 26);
  }
  return { axes: [1600, 900], pixels };
}

function cards(camera: string, expid = EXPID): Header {
  return new Header().set('CAMERA', camera).set('EXPID', expid).set('INHERIT', true).set('GAINA', 1.25);
}

const globals = (): Header => new Header().set('EXPID', EXPID).set('NIGHT', '20191115').setReal('EXPTIME', 900);
const b0 = imageHdu('B0', frame(1), cards('b0'));
const r3 = compressedImageHdu('R3', frame(2), cards('r3'));
const z9 = imageHdu('Z9', frame(3), cards('z9'));

function write(hdus: HduBlock[], name = 'desi-00004242.fits'): string {
  const file = path.join(newFolder(), name);
  writeFileSync(file, encodeFits(hdus.map(withChecksum)));
  return file;
}

function split(file: string, folder: string, signal = never): Promise<SplitResult[]> {
  return splitter.splitExposure(file, folder, EXPID, signal);
}

function brief(results: readonly SplitResult[]): unknown[] {
  return results.map((result) =>
    result.ok ? [result.camera, path.basename(result.path)] : [result.camera, result.reason],
  );
}

/** EXTNAMEs, and whether DATASUM and CHECKSUM are there and hold. */
const SUMS = `
out = []
for f in args:
    with fits.open(f, checksum=True, disable_image_compression=True) as hdus:
        out.append([[h.name, h.verify_datasum(), h.verify_checksum()] for h in hdus])
print(json.dumps(out))`;

describe('an exposure', () => {
  it('becomes one file a camera: whole primary header, camera HDU byte for byte, checksums still right', async () => {
    const file = write([
      primaryHdu(globals()),
      z9,
      r3,
      tableHdu('SPECTCONS', [{ name: 'A', form: 'J', values: [1] }]),
      b0,
    ]);
    const folder = newFolder();
    const results = await split(file, folder);
    expect(brief(results)).toEqual([
      ['z9', 'desi-z9-00004242.fits'],
      ['r3', 'desi-r3-00004242.fits.fz'],
      ['b0', 'desi-b0-00004242.fits'],
    ]);
    const source = readFileSync(file);
    const { hdus } = scanHdusInMemory(source);
    const paths = results.map((result) => (result.ok ? result.path : ''));
    for (const [i, index] of [1, 2, 4].entries()) {
      const expected = Buffer.concat([0, index].map((k) => source.subarray(hdus[k]!.headerOffset, hdus[k]!.end)));
      expect(readFileSync(paths[i]!).equals(expected)).toBe(true);
      expect(results[i]).toMatchObject({ bytes: expected.length });
    }
    expect(fitsverify(...paths)).toEqual([]);
    expect(astropy(SUMS, ...paths)).toEqual(
      ['Z9', 'R3', 'B0'].map((name) => [
        ['PRIMARY', 1, 1],
        [name, 1, 1],
      ]),
    );
    expect(readdirSync(folder)).toHaveLength(3);
  });

  it('of real data keeps the SPEC HDU that holds the global keywords', async () => {
    const spec = compressedImageHdu(
      'SPEC',
      { axes: [10], pixels: Int32Array.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9) },
      globals(),
    );
    const results = await split(write([primaryHdu(), spec, b0, r3]), newFolder());
    expect(results.map((result) => result.ok)).toEqual([true, true]);
    const [first] = results;
    const { hdus } = scanHdusInMemory(readFileSync(first!.ok ? first!.path : ''));
    expect(hdus.map((hdu) => [hdu.name, hdu.header.get('EXPID')])).toEqual([
      ['', undefined],
      ['SPEC', EXPID],
      ['B0', EXPID],
    ]);
  });

  it('of the reference set is read by astropy camera by camera', async () => {
    const file = path.join(reference, '00000101/desi-00000101.fits.fz');
    const results = await splitter.splitExposure(file, newFolder(), 101, never);
    expect(brief(results)).toEqual(
      ['b0', 'r0', 'z0', 'b1', 'r1', 'z1'].map((camera) => [camera, `desi-${camera}-00000101.fits.fz`]),
    );
    const paths = results.map((result) => (result.ok ? result.path : ''));
    expect(
      astropy(
        `
whole = fits.open(args[0])
same = []
for f in args[1:]:
    one = fits.open(f); name = one[1].name
    same.append(bool((one[1].data == whole[name].data).all()) and one[1].header == whole[name].header and one[0].header == whole[0].header)
print(json.dumps(same))`,
        file,
        ...paths,
      ),
    ).toEqual(Array(6).fill(true));
  });

  it('cut off in its last HDU loses that camera alone', async () => {
    const file = write([primaryHdu(globals()), b0, r3, z9]);
    truncateSync(file, statSync(file).size - 2880 * 3);
    const folder = newFolder();
    const results = await split(file, folder);
    expect(results.map((result) => [result.camera, result.ok])).toEqual([
      ['b0', true],
      ['r3', true],
      ['z9', false],
    ]);
    expect(brief(results)[2]).toEqual(['z9', expect.stringMatching(/Z9 is cut off/)]);
    expect(readdirSync(folder)).toEqual(['desi-b0-00004242.fits', 'desi-r3-00004242.fits.fz']);
  });

  it('with one damaged header, one of another exposure, one that contradicts itself and one twice', async () => {
    const strange = imageHdu('B1', frame(4), cards('r1'));
    const other = imageHdu('B2', frame(5), cards('b2', 99));
    const file = write([primaryHdu(globals()), b0, strange, other, z9, z9, r3]);
    const bytes = readFileSync(file);
    const at = bytes.indexOf('NAXIS1  =', scanHdusInMemory(bytes).hdus[1]!.headerOffset);
    bytes.write('NAXIS1  =                  abc', at);
    writeFileSync(file, bytes);
    expect(brief(await split(file, newFolder()))).toEqual([
      ['b0', expect.stringMatching(/NAXIS1 is missing or no number/)],
      ['b1', expect.stringMatching(/says CAMERA 'r1'/)],
      ['b2', expect.stringMatching(/belongs to exposure 99, not to 4242/)],
      ['z9', expect.stringMatching(/2 HDUs for camera z9/)],
      ['r3', 'desi-r3-00004242.fits.fz'],
    ]);
  });

  it('with damaged data fails that camera alone, by its DATASUM, each time; a changed header is told', async () => {
    const file = write([primaryHdu(globals()), b0, r3, z9]);
    const bytes = readFileSync(file);
    const { hdus } = scanHdusInMemory(bytes);
    bytes[hdus[1]!.dataOffset + 5000]! ^= 1;
    // A card that somebody has edited since: a gain of 1.25 has become 0.25.
    bytes[bytes.indexOf('1.25', hdus[3]!.headerOffset)]! ^= 1;
    writeFileSync(file, bytes);
    const folder = newFolder();
    const results = await split(file, folder);
    expect(brief(results)).toEqual([
      ['b0', expect.stringMatching(/^HDU B0 is damaged: its data have the sum \d+, its DATASUM says \d+$/)],
      ['r3', 'desi-r3-00004242.fits.fz'],
      ['z9', 'desi-z9-00004242.fits'],
    ]);
    expect(results.map((result) => (result.ok ? (result.strange ?? '') : null))).toEqual([
      null,
      '',
      'the header of HDU Z9 is not as it was written: its CHECKSUM is wrong, though its data are right',
    ]);
    expect(readdirSync(folder).sort()).toEqual(['desi-r3-00004242.fits.fz', 'desi-z9-00004242.fits']);
    expect(brief(await split(file, folder))).toEqual(brief(results));
  });

  it('finds a camera by its CAMERA keyword where the EXTNAME names none', async () => {
    const hdu = imageHdu('IMAGE', frame(1), cards('Z4'));
    expect(brief(await split(write([primaryHdu(globals()), hdu]), newFolder()))).toEqual([
      ['z4', 'desi-z4-00004242.fits'],
    ]);
  });

  it('of another number, or no FITS at all, is a conflict; a missing file is not found', async () => {
    const file = write([primaryHdu(globals()), b0]);
    await expect(splitter.splitExposure(file, newFolder(), 1, never)).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringMatching(/EXPID 4242/) as string,
    });
    writeFileSync(file, 'not a FITS file'.repeat(1000));
    await expect(split(file, newFolder())).rejects.toMatchObject({ code: 'conflict' });
    await expect(split(path.join(root, 'none.fits'), newFolder())).rejects.toMatchObject({ code: 'not-found' });
    const blocked = path.join(newFolder(), 'file');
    writeFileSync(blocked, '');
    await expect(split(write([primaryHdu(globals()), b0]), blocked)).rejects.toMatchObject({ code: 'unavailable' });
  });
});

describe('a split that was interrupted', () => {
  it('keeps the files that are whole, replaces those that are not, sweeps its own leftovers', async () => {
    const file = write([primaryHdu(globals()), b0, r3, z9]);
    const folder = newFolder();
    await split(file, folder);
    const names = readdirSync(folder).map((name) => path.join(folder, name));
    const old = new Date(2020, 1, 1);
    for (const name of names) utimesSync(name, old, old);
    const [, damaged, foreign] = names;
    truncateSync(damaged!, 5000);
    const other = readFileSync(foreign!);
    other.write('1.5', other.indexOf('1.25', 0));
    writeFileSync(foreign!, other);
    utimesSync(foreign!, old, old);
    writeFileSync(path.join(folder, '.desi-b0-00004242.fits.part'), 'half');
    const results = await split(file, folder);
    expect(results.every((result) => result.ok)).toBe(true);
    expect(names.map((name) => statSync(name).mtime.getTime() === old.getTime())).toEqual([true, false, false]);
    expect(readdirSync(folder).sort()).toEqual(names.map((name) => path.basename(name)));
    expect(fitsverify(...names)).toEqual([]);
  });

  it('by its signal rejects and leaves only whole files', async () => {
    const hdus = Array.from({ length: 10 }, (_, i) => imageHdu(`B${i}`, frame(i + 1), cards(`b${i}`)));
    const file = write([primaryHdu(globals()), ...hdus]);
    const folder = newFolder();
    await expect(split(file, folder, AbortSignal.abort())).rejects.toMatchObject({ name: 'AbortError' });
    // Aborts in the middle of a camera: at the twentieth look at the signal.
    const stop = new AbortController();
    let looks = 0;
    const signal = Object.assign(stop.signal, {
      throwIfAborted() {
        looks += 1;
        if (looks === 20) stop.abort();
        AbortSignal.prototype.throwIfAborted.call(stop.signal);
      },
    });
    await expect(split(file, folder, signal)).rejects.toMatchObject({ name: 'AbortError' });
    const left = readdirSync(folder);
    expect(left.length).toBeLessThan(10);
    for (const name of left) expect(name).toMatch(/^desi-b\d-00004242\.fits$/);
    if (left.length > 0) expect(fitsverify(...left.map((name) => path.join(folder, name)))).toEqual([]);
    expect((await split(file, folder)).every((result) => result.ok)).toBe(true);
  });
});

describe('a fiber flat of all cameras', () => {
  const grid = (value: number): Image => ({ axes: [120, 50], pixels: new Float32Array(6000).fill(value) });
  const row = (value: number): Image => ({ axes: [120], pixels: new Float32Array(120).fill(value) });
  const own = (camera: string): Header => new Header().set('CAMERA', camera).set('FLAVOR', 'flat');

  function flat(camera: string, make: typeof imageHdu = imageHdu): HduBlock[] {
    const suffix = camera.toUpperCase();
    return [
      make(
        `FIBERFLAT_${suffix}`,
        make === imageHdu ? grid(1.5) : { axes: [120, 50], pixels: new Int32Array(6000) },
        own(camera),
      ),
      imageHdu(`IVAR_${suffix}`, grid(4), own(camera)),
      imageHdu(`MASK_${suffix}`, { axes: [120, 50], pixels: new Int32Array(6000) }),
      imageHdu(`MEANSPEC_${suffix}`, row(1000)),
      imageHdu(`WAVELENGTH_${suffix}`, row(5000), new Header().set('BUNIT', 'Angstrom')),
    ];
  }

  it('becomes a file a camera as desispec reads it, checksums renewed', async () => {
    const file = write([primaryHdu(globals()), ...flat('b0'), ...flat('r1').reverse()], 'fiberflat.fits');
    const folder = newFolder();
    const results = await splitter.splitFiberFlat(file, folder, never);
    expect(brief(results)).toEqual([
      ['b0', 'fiberflat-b0.fits'],
      ['r1', 'fiberflat-r1.fits'],
    ]);
    const paths = results.map((result) => (result.ok ? result.path : ''));
    expect(fitsverify(...paths)).toEqual([]);
    expect(
      astropy(
        `
out = []
for f in args:
    h = fits.open(f)
    out.append([h[0].header['CAMERA'], h[0].header['NIGHT'], h[0].header['EXTNAME'], h[0].data.mean(), h['IVAR'].data.mean(),
      h['MASK'].data.sum(), h['MEANSPEC'].data.mean(), h['WAVELENGTH'].data.mean(), len(h)])
print(json.dumps(out, default=float))`,
        ...paths,
      ),
    ).toEqual(['b0', 'r1'].map((camera) => [camera, '20191115', 'FIBERFLAT', 1.5, 4, 0, 1000, 5000, 5]));
    const sums = astropy(SUMS, ...paths) as [string, number, number][][];
    expect(sums.flat().every(([, datasum, checksum]) => datasum === 1 && checksum === 1)).toBe(true);
    expect(sums[0]?.map(([name]) => name)).toEqual(['FIBERFLAT', 'IVAR', 'MASK', 'MEANSPEC', 'WAVELENGTH']);
    const before = paths.map((name) => statSync(name).mtimeMs);
    await splitter.splitFiberFlat(file, folder, never);
    expect(paths.map((name) => statSync(name).mtimeMs)).toEqual(before);
  });

  it('made of the reference flats gives their pixels back', async () => {
    const folder = path.join(reference, '../../calib/spec/sp0');
    const hdus: HduBlock[] = [];
    for (const camera of ['b0', 'z0']) {
      const bytes = readFileSync(path.join(folder, `fiberflat-${camera}-mini.fits`));
      for (const hdu of scanHdusInMemory(bytes).hdus) {
        hdus.push(
          imageHdu(`${hdu.name}_${camera.toUpperCase()}`, decodeImage(hdu.header, hduData(bytes, hdu)), hdu.header),
        );
      }
    }
    const results = await splitter.splitFiberFlat(write([primaryHdu(), ...hdus]), newFolder(), never);
    for (const [i, camera] of ['b0', 'z0'].entries()) {
      const result = results[i]!;
      expect(result.ok && pixelsOf(result.path)).toEqual(pixelsOf(path.join(folder, `fiberflat-${camera}-mini.fits`)));
    }
  });

  it('keeps a compressed FIBERFLAT compressed, as the first extension', async () => {
    const file = write([primaryHdu(globals()), ...flat('b0', compressedImageHdu)]);
    const [result] = await splitter.splitFiberFlat(file, newFolder(), never);
    const name = result?.ok ? result.path : '';
    expect(fitsverify(name)).toEqual([]);
    expect(astropy(SUMS, name)).toEqual([
      ['PRIMARY', 'FIBERFLAT', 'IVAR', 'MASK', 'MEANSPEC', 'WAVELENGTH'].map((extname) => [extname, 1, 1]),
    ]);
  });

  it('with a camera that lacks an HDU fails that camera alone; other files are a conflict', async () => {
    const file = write([primaryHdu(), ...flat('b0'), ...flat('r1').slice(0, 3)]);
    expect(brief(await splitter.splitFiberFlat(file, newFolder(), never))).toEqual([
      ['b0', 'fiberflat-b0.fits'],
      ['r1', 'The fiber flat of camera r1 lacks MEANSPEC, WAVELENGTH'],
    ]);
    writeFileSync(file, 'no');
    await expect(splitter.splitFiberFlat(file, newFolder(), never)).rejects.toMatchObject({ code: 'conflict' });
  });

  it('without DATASUM beside a CHECKSUM gets both right', async () => {
    const file = write([primaryHdu(), ...flat('b0')]);
    execFileSync('/usr/bin/python3', [
      '-c',
      'import sys; from astropy.io import fits; fits.delval(sys.argv[1], "DATASUM", ext=2)',
      file,
    ]);
    const [result] = await splitter.splitFiberFlat(file, newFolder(), never);
    expect(astropy(SUMS, result?.ok ? result.path : '')).toEqual([
      ['FIBERFLAT', 'IVAR', 'MASK', 'MEANSPEC', 'WAVELENGTH'].map((extname) => [extname, 1, 1]),
    ]);
  });
});

function pixelsOf(file: string): [string, PixelArray][] {
  const bytes = readFileSync(file);
  return scanHdusInMemory(bytes).hdus.map((hdu) => [hdu.name, decodeImage(hdu.header, hduData(bytes, hdu)).pixels]);
}
