import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Fault } from '#shared/domain/test-environment.ts';
import { cameraOfHdu } from '../../exposure-folder/metadata.ts';
import { scanHdusInMemory } from '#shared/fits/hdu.ts';
import { DEFAULT_FORMAT, makeExposure, type RawFormat } from '../exposure/exposure.ts';
import { EXPOSURE_KINDS } from '../exposure/schedule.ts';
import { calibrationIndex, writeCalibration } from './calibration-files.ts';
import { writeExposure } from './exposure-files.ts';

const PYTHON = '/usr/bin/python3';
let root = '';

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'qlf-simulated-'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

interface Wish {
  kind?: keyof typeof EXPOSURE_KINDS;
  format?: Partial<RawFormat>;
  faults?: Fault[];
  startedAt?: number;
}

let exposures = 0;

/** Writes an exposure of a few cameras, each in a tree of its own, and returns its folder. */
function write({ kind = 'science-dark', format = {}, faults = [], startedAt }: Wish = {}): Promise<string> {
  const exposure = makeExposure(
    { seed: 3, night: '20191115', expid: 42 },
    EXPOSURE_KINDS[kind],
    'compact',
    startedAt ?? Date.parse('2019-11-16T03:04:05.678Z'),
    faults,
    { ...DEFAULT_FORMAT, cameras: ['b0', 'r0', 'z9'], ...format },
  );
  exposures += 1;
  return writeExposure(join(root, String(exposures)), exposure);
}

/** Runs a Python program with astropy as `fits` and numpy as `np`; its printed JSON. */
function python(program: string, ...args: string[]): unknown {
  const source = `import json, sys, numpy as np\nfrom astropy.io import fits\n${program}`;
  return JSON.parse(execFileSync(PYTHON, ['-c', source, ...args], { encoding: 'utf8' }));
}

/** What fitsverify has to say; empty when it is content. */
function verify(...files: string[]): string {
  const { stdout, status } = spawnSync('fitsverify', ['-q', ...files], { encoding: 'utf8' });
  return status === 0 && !/warning|error|FAILED/i.test(stdout) ? '' : stdout || `status ${status}`;
}

const headers = (file: string): string[] =>
  scanHdusInMemory(readFileSync(file)).hdus.map((hdu) => `${hdu.name}${hdu.fault ? ' damaged' : ''}`);

describe('a raw file', () => {
  it('is read identically by astropy and funpack, compressed and plain', async () => {
    const compressed = join(await write(), 'desi-00000042.fits.fz');
    const plain = join(await write({ format: { compressed: false } }), 'desi-00000042.fits');
    expect(verify(compressed, plain)).toBe('');
    const unpacked = join(root, 'unpacked.fits');
    execFileSync('funpack', ['-O', unpacked, compressed]);
    const answer = python(
      `
a, b, c = (fits.open(name, checksum=True) for name in sys.argv[1:4])
same = all((a[n].data == b[n].data).all() and (a[n].data == c[n].data).all() for n in ('B0', 'R0', 'Z9'))
print(json.dumps(dict(same=bool(same), dtype=str(a['R0'].data.dtype), shape=a['R0'].data.shape, sums='CHECKSUM' in b['R0'].header)))`,
      compressed,
      plain,
      unpacked,
    );
    expect(answer).toEqual({ same: true, dtype: 'uint16', shape: [1634, 712], sums: true });
  });

  it('has global keywords first and a camera’s own with its HDU', async () => {
    const file = join(await write(), 'desi-00000042.fits.fz');
    const [primary, camera] = python(
      `
h = fits.open(sys.argv[1])
print(json.dumps([dict(h[0].header), dict(h['R0'].header)]))`,
      file,
    ) as Record<string, unknown>[];
    expect(primary).toMatchObject({
      EXPID: 42,
      NIGHT: '20191115',
      FLAVOR: 'science',
      OBSTYPE: 'SCIENCE',
      PROGRAM: 'dark',
      EXPTIME: 900,
      'DATE-OBS': '2019-11-16T03:04:05.678',
      SPCGRPHS: 'SP0,SP9',
      DOSVER: 'SIM',
    });
    for (const keyword of ['AIRMASS', 'SEEING', 'TILEID', 'TELRA', 'TELDEC', 'MOONSEP', 'MJD-OBS']) {
      expect(primary).toHaveProperty(keyword);
    }
    expect(primary!['MJD-OBS']).toBeCloseTo(58803.1278435, 6);
    expect(camera).toMatchObject({
      CAMERA: 'r0',
      DETECTOR: 'SIM',
      CCDCFG: 'compact',
      SPECID: 0,
      EXPID: 42,
      INHERIT: true,
      DATASECA: '[5:324, 2:801]',
      BIASSECB: '[357:388, 2:801]',
      ORSECC: '[5:324, 818:833]',
      PRRSECA: '[5:324, 1:1]',
      CCDSECD: '[321:640, 801:1600]',
    });
    expect(camera!['GAINA']).toBeGreaterThan(1);
    expect(camera!['RDNOISED']).toBeGreaterThan(2.5);
  });

  it('can have the layout since 2020: empty primary HDU, SPEC, SPECTCONS', async () => {
    const file = join(await write({ format: { layout: 'spec' } }), 'desi-00000042.fits.fz');
    expect(verify(file)).toBe('');
    expect(headers(file)).toEqual(['', 'SPEC', 'B0', 'R0', 'Z9', 'SPECTCONS']);
    expect(
      python(
        `
h = fits.open(sys.argv[1])
print(json.dumps(['EXPTIME' in h[0].header, h['SPEC'].header['EXPTIME'], h['SPEC'].data.tolist(), len(h['SPECTCONS'].data)]))`,
        file,
      ),
    ).toEqual([false, 900, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], 2]);
  });

  it('can name amplifiers by numbers', async () => {
    const file = join(await write({ format: { amplifiers: 'numbers' } }), 'desi-00000042.fits.fz');
    const [header] = python(`print(json.dumps([dict(fits.open(sys.argv[1])['B0'].header)]))`, file) as Record<
      string,
      unknown
    >[];
    expect(header).toMatchObject({ CCDSEC4: '[321:640, 801:1600]', BIASSEC1: '[325:356, 2:801]' });
    expect(header).toHaveProperty('RDNOISE3');
    expect(header).not.toHaveProperty('GAINA');
  });

  it('depends on the clock in its date alone', async () => {
    const read = async (wish?: Wish): Promise<string> =>
      readFileSync(join(await write(wish), 'desi-00000042.fits.fz'), 'latin1');
    const first = await read();
    expect(await read()).toBe(first);
    const later = await read({ startedAt: Date.parse('2019-11-16T05:00:00Z') });
    const dated = /^(DATE-OBS|MJD-OBS |OBSID {3}|CHECKSUM)/;
    const cards = (text: string): string[] => text.match(/.{80}/gs) ?? [];
    const [a, b] = [cards(first), cards(later)];
    expect(b).toHaveLength(a.length);
    expect(a.filter((card, i) => card !== b[i] && !dated.test(card))).toEqual([]);
  });
});

describe('faults of the file', () => {
  const file = async (...faults: Fault[]): Promise<string> => join(await write({ faults }), 'desi-00000042.fits.fz');

  it('a missing camera has no HDU, and its spectrograph is still announced', async () => {
    const path = await file({ name: 'missing-camera', camera: 'r0' });
    expect(headers(path)).toEqual(['', 'B0', 'Z9']);
    expect(verify(path)).toBe('');
  });

  it('a truncated file ends within a camera', async () => {
    expect(headers(await file({ name: 'truncated-file', camera: 'r0' }))).toEqual(['', 'B0', 'R0 damaged']);
  });

  it('a wrong EXPID is in all headers, or in one camera’s', async () => {
    const expids = (path: string): (number | undefined)[] =>
      scanHdusInMemory(readFileSync(path)).hdus.map((hdu) => hdu.header.number('EXPID'));
    expect(expids(await file({ name: 'wrong-expid' }))).toEqual([43, 43, 43, 43]);
    expect(expids(await file({ name: 'wrong-expid', camera: 'r0' }))).toEqual([42, 42, 43, 42]);
  });

  it('truth.json tells what was done', async () => {
    const folder = await write({
      faults: [{ name: 'noisy-amplifier', camera: 'r0', amplifier: 'B' }],
    });
    const truth = JSON.parse(readFileSync(join(folder, 'truth.json'), 'utf8')) as {
      faults: unknown;
      cameras: Record<string, { amplifiers: Record<string, { readNoise: number }> }>;
    };
    expect(truth.faults).toEqual([
      { name: 'noisy-amplifier', camera: 'r0', amplifier: 'B', description: 'noisy-amplifier: amplifier B of r0' },
    ]);
    expect(truth.cameras['r0']!.amplifiers['B']!.readNoise).toBeGreaterThan(9);
    expect(truth.cameras['b0']!.amplifiers['B']!.readNoise).toBeLessThan(3.3);
  });
});

describe('what belongs to an exposure', () => {
  it('is a fibermap of 5000 rows with the survey’s columns', async () => {
    const folder = await write();
    const path = join(folder, 'fibermap-00000042.fits');
    expect(verify(path)).toBe('');
    const answer = python(
      `
reference = fits.open(sys.argv[2])['FIBERMAP']
h = fits.open(sys.argv[1])['FIBERMAP']
d = h.data
print(json.dumps(dict(rows=len(d), missing=[c.name for c in reference.columns if c not in h.columns and (c.name not in h.columns.names or h.columns[c.name].format != c.format)],
  classes=[int(((d['DESI_TARGET'][:50] >> bit) & 1).sum()) for bit in (1, 0, 2, 33, 32)],
  types=[int((d['OBJTYPE'] == t).sum()) for t in ('TGT', 'SKY', 'NON')], fiber=d['FIBER'][[0, 4500]].tolist(),
  program=h.header['PROGRAM'], flux=bool((d['FLUX_R'][:50][d['OBJTYPE'][:50] == 'TGT'] > 0).all()))))`,
      path,
      'e2e/data/desispec-reference/raw/20191115/00000101/fibermap-00000101.fits',
    );
    // Cameras of spectrographs 0 and 9: 50 fibers each, 8 of them on the sky.
    expect(answer).toEqual({
      rows: 5000,
      missing: [],
      classes: [18, 12, 8, 4, 8],
      types: [84, 16, 4900],
      fiber: [0, 4500],
      program: 'dark',
      flux: true,
    });
  });

  it('is telemetry with units and, for science, exposure-time data with the survey’s sections', async () => {
    const folder = await write();
    const read = (name: string): Record<string, unknown> =>
      JSON.parse(readFileSync(join(folder, name), 'utf8')) as Record<string, unknown>;
    const telemetry = read('telemetry-00000042.json') as {
      seconds: number[];
      series: { name: string; unit: string; values: number[] }[];
    };
    expect(telemetry.series.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['outside temperature', 'airmass', 'seeing', 'transparency', 'sky level']),
    );
    for (const { values } of telemetry.series) expect(values).toHaveLength(telemetry.seconds.length);
    expect(Object.keys(read('etc-00000042.json'))).toEqual([
      'desietc',
      'expinfo',
      'fassign',
      'acquisition',
      'header',
      'shutter',
      'thru',
      'sky',
      'accum',
    ]);
  });

  it.each([
    ['bias', ['desi-00000042.fits.fz', 'telemetry-00000042.json', 'truth.json']],
    ['arc', ['desi-00000042.fits.fz', 'fibermap-00000042.fits', 'telemetry-00000042.json', 'truth.json']],
  ] as const)('depends on the flavor: %s', async (kind, files) => {
    const folder = await write({ kind });
    expect(readdirSync(folder)).toEqual(files);
    expect(readdirSync(join(folder, '..'))).toEqual(['00000042']);
  });
});

describe('the calibration tree', () => {
  it('has an index, a PSF and a flux calibration per camera, as the reference set has', async () => {
    await writeCalibration(root, 'compact');
    const folder = join(root, 'calib', 'spec', 'sp7');
    const cameras = ['b7', 'r7', 'z7'];
    expect(readdirSync(folder).sort()).toEqual([
      'b7.yaml',
      ...cameras.map((camera) => `fluxcalib-${camera}.fits`),
      ...cameras.map((camera) => `psf-${camera}-compact.fits`),
      'r7.yaml',
      'z7.yaml',
    ]);
    const reference = 'e2e/data/desispec-reference/calib/spec/sp0';
    const form = `
h = fits.open(sys.argv[1])
print(json.dumps([[x.name, list(x.data.shape), str(x.data.dtype), sorted(k for k in x.header if k in ('WAVEMIN', 'WAVEMAX', 'NPIX_Y', 'PAIRMASS', 'PSEEING'))] for x in h]))`;
    expect(python(form, join(folder, 'psf-r7-compact.fits'))).toEqual(python(form, `${reference}/psf-r0-mini.fits`));
    expect(python(form, join(folder, 'fluxcalib-r7.fits'))).toEqual(python(form, `${reference}/fluxcalib-r0.fits`));
    expect(verify(join(folder, 'psf-r7-compact.fits'), join(folder, 'fluxcalib-r7.fits'))).toBe('');
  });

  it('has one fiber flat with five HDUs for each camera', async () => {
    await writeCalibration(root, 'compact');
    const file = join(root, 'calib', 'fiberflat-compact.fits');
    expect(verify(file)).toBe('');
    const names = headers(file);
    expect(names).toHaveLength(1 + 5 * 30);
    expect(names.slice(1, 6)).toEqual(['FIBERFLAT_B0', 'IVAR_B0', 'MASK_B0', 'MEANSPEC_B0', 'WAVELENGTH_B0']);
    const mean = python(`print(json.dumps(float(fits.open(sys.argv[1])['FIBERFLAT_R5'].data.mean())))`, file);
    expect(mean).toBeCloseTo(1, 2);
  });

  it('names in the index the files of the sizes that are there', () => {
    expect(calibrationIndex('z4', ['compact', 'full']).match(/PSF: .*/g)).toEqual([
      'PSF: spec/sp4/psf-z4-compact.fits',
      'PSF: spec/sp4/psf-z4-full.fits',
    ]);
  });
});

it('every camera HDU is known by its name', async () => {
  const file = join(await write(), 'desi-00000042.fits.fz');
  const cameras = scanHdusInMemory(readFileSync(file)).hdus.map(cameraOfHdu);
  expect(cameras).toEqual([undefined, 'b0', 'r0', 'z9']);
});
