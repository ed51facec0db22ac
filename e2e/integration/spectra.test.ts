import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CameraName } from '../../src-shared/domain/camera.ts';
import type { Json } from '../../src-shared/domain/measurement.ts';
import { tableHdu } from '../../src-shared/fits/table-write.ts';
import { Header } from '../../src-shared/fits/header.ts';
import { encodeFits, imageHdu, primaryHdu } from '../../src-shared/fits/write.ts';
import { FIBER_CLASSES } from '../../src-shared/domain/fiber.ts';
import { snrModel } from '../../src-shared/qa/snr-model.ts';
import { openDatabase, type QlfDatabase } from '../../src-main/db/open-database.ts';
import { SpectraService } from '../../src-main/spectra/spectra-service.ts';

const NIGHT = '20191001';
const BINS = 8;
const ROWS = 20;

let folder: string;
let db: QlfDatabase;
let service: SpectraService;
let runId: number;

function post(expid: number, camera: CameraName, metrics: Record<string, Json>): number {
  const measurements = Object.entries(metrics).map(([name, METRICS]) => {
    const value = { METRICS, PARAMS: {} } as Json;
    const text = JSON.stringify(value);
    return { name, value, text, digest: createHash('md5').update(text).digest(), nonFinite: null };
  });
  const principal = { kind: 'user', user: 'u' } as const;
  const [outcome] = db.recordPosts([
    { principal, expid, camera, status: 0, label: null, measurements, receivedAt: 1000 + expid },
  ]);
  if (!outcome?.ok) throw new Error(outcome?.message);
  return outcome.run.id;
}

function register(expid: number): void {
  const none = { program: 'dark', exptime: 900, airmass: 1, seeing: 1, tileid: 1, mjdObs: null, dateObs: null };
  const exposure = { expid, night: NIGHT, flavor: 'science', ...none, ra: null, dec: null, obstype: null, header: {} };
  db.registerExposure(
    { ...exposure, camerasExpected: ['r3'] },
    { state: 'registered', reason: '', camerasExpected: ['r3'], at: 1 },
  );
}

/** 20 fibers of spectrograph 3: rows in reverse order, so that a row's place says nothing about its fiber. */
function writeFibermap(path: string): void {
  const fibers = Array.from({ length: ROWS }, (_, i) => 1519 - i);
  const of = (value: (fiber: number) => number): Float64Array => Float64Array.from(fibers, value);
  const table = tableHdu('FIBERMAP', [
    { name: 'FIBER', form: 'J', values: Int32Array.from(fibers) },
    {
      name: 'TARGETID',
      form: 'K',
      values: BigInt64Array.from(fibers, (fiber) => 39_627_000_000_000_000n + BigInt(fiber)),
    },
    { name: 'OBJTYPE', form: '3A', values: fibers.map((fiber) => (fiber % 4 === 0 ? 'SKY' : 'TGT')) },
    {
      name: 'DESI_TARGET',
      form: 'K',
      values: BigInt64Array.from(fibers, (fiber) => (fiber % 4 === 0 ? 1n << 32n : 2n)),
    },
    { name: 'TARGET_RA', form: 'D', values: of((fiber) => 359.5 + (fiber - 1500) * 0.05) },
    { name: 'TARGET_DEC', form: 'D', values: of(() => 10) },
    { name: 'FIBERASSIGN_X', form: 'E', values: Float32Array.from(fibers, (fiber) => fiber - 1500) },
    { name: 'FIBERASSIGN_Y', form: 'E', values: Float32Array.from(fibers, () => 7) },
    { name: 'FLUX_R', form: 'E', values: Float32Array.from(fibers, (fiber) => (fiber % 4 === 0 ? 0 : 1)) },
  ]);
  writeFileSync(path, encodeFits([primaryHdu(), table]));
}

function writeSpectra(path: string): void {
  const axes = [BINS, ROWS];
  const flux = Float32Array.from({ length: BINS * ROWS }, (_, i) => Math.floor(i / BINS) * 100 + (i % BINS));
  flux[BINS * 4] = NaN;
  writeFileSync(
    path,
    encodeFits([
      primaryHdu(new Header().set('EXTNAME', 'FLUX').set('BUNIT', 'electron/Angstrom'), { axes, pixels: flux }),
      imageHdu('ERROR', { axes, pixels: flux.map(() => 0.5) }),
      imageHdu('WAVELENGTH', { axes: [BINS], pixels: Float64Array.from({ length: BINS }, (_, i) => 5600 + i) }),
    ]),
  );
}

const ELG = [1, 2, 3, 5];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'qlf-spectra-'));
  db = openDatabase({ file: join(folder, 'qlf.db'), origin: 'real', defaultConfiguration: 'science: {}' });
  for (const expid of [100, 101]) register(expid);
  const magnitudes = [22, 21, 20, 22.5];
  const snr = magnitudes.map((m, i) => snrModel(m, [0.02, 0.5], 900) * (1 + 0.1 * i));
  post(100, 'r3', { snr: { MEDIAN_SNR: [9, 8] } });
  runId = post(101, 'r3', {
    snr: {
      MEDIAN_SNR: [0, 1, 2],
      EXPTIME: 900,
      OBJLIST: ['ELG'],
      ELG_FIBERID: ELG,
      SNR_MAG_TGT: [[snr, magnitudes]],
      FITCOEFF_TGT: [[0.02, 0.5]],
      // In the original's order: by magnitude. It cannot be told whose they are.
      SNR_RESID: [0.2, 0.1, 0, 0.3],
    },
    countbins: { GOOD_FIBERS: [1, 0, 1], TOTCOUNT_FIB: [10, null, 30], NGOODFIB: 2 },
    skycont: { SKYCONT: 5, SKYCONT_FIBER: [4, 6], SKYFIBERID: [0, 1504] },
    integ: { SPEC_MAGS: [30, 22.75] },
  });
  const raw = join(folder, 'raw');
  const redux = join(folder, 'redux');
  for (const path of [raw, redux]) mkdirSync(path);
  writeFibermap(join(raw, 'fibermap-00000101.fits'));
  writeSpectra(join(redux, 'spectra-r3-00000101.fits'));
  writeFileSync(join(redux, 'spectra-z3-00000101.fits'), encodeFits([primaryHdu()]).subarray(0, 1000));
  service = new SpectraService(db, { raw: () => raw, redux: () => redux });
});
afterAll(() => {
  db.close();
  rmSync(folder, { recursive: true });
});

describe('the fibermap', () => {
  it('is in the order of the fibers, whatever the order of the rows', async () => {
    const map = (await service.fibermap(runId))!;
    expect([map.x[1500], map.x[1519]]).toEqual([0, 19]);
    expect(map.targets[1503]).toBe('39627000000001503');
    expect(FIBER_CLASSES[map.classes[1504]!]).toBe('SKY');
    expect(FIBER_CLASSES[map.classes[1505]!]).toBe('ELG');
    expect(FIBER_CLASSES[map.classes[0]!]).toBe('NON');
    expect(map.magnitude.r[1501]).toBeCloseTo(22.5, 6);
    expect(map.magnitude.r[1500]).toBeNaN();
    expect(map.placed).toBe(true);
  });
});

describe('quantities by fiber', () => {
  it('are the numbers that were posted, at their fibers', async () => {
    const { values, posted } = await service.metric(runId, 'snr');
    expect([...values.r.subarray(1500, 1504)]).toEqual([0, 1, 2, NaN]);
    expect(values.b.every(Number.isNaN)).toBe(true);
    expect(posted.map(({ camera }) => camera)).toEqual(['r3']);
    const sky = await service.metric(runId, 'sky-continuum');
    // The original counts within the camera, others over the instrument.
    expect([sky.values.r[1500], sky.values.r[1504], sky.values.r[1501]]).toEqual([4, 6, NaN]);
    const good = await service.metric(runId, 'good');
    expect([...good.values.r.subarray(1500, 1504)]).toEqual([1, 0, 1, NaN]);
  });
  it('say of each residual whose it is', async () => {
    const { values } = await service.metric(runId, 'snr-residual');
    ELG.forEach((local, i) => expect(values.r[1500 + local]).toBeCloseTo(0.1 * i, 9));
    expect(values.r[1500]).toBeNaN();
  });
  it('compare magnitudes with the fiber map, and leave out the place-holder of 30', async () => {
    const { values } = await service.metric(runId, 'delta-mag');
    expect(values.r[1500]).toBeNaN();
    expect(values.r[1501]).toBeCloseTo(0.25, 6);
  });
  it('of one fiber are all there is of it', async () => {
    const { values } = await service.one(runId, 1501);
    const found = Object.fromEntries(values.map(({ metric, arm, value }) => [`${metric} ${arm}`, value]));
    expect(found).toMatchObject({ 'good r': 0, 'snr r': 1, 'magnitude r': 22.75 });
    expect(found).not.toHaveProperty('counts r');
  });
  it('have a history up to the exposure on screen', async () => {
    const query = { runId, fiber: 1501, arm: 'r', metric: 'snr', limit: 5 } as const;
    expect(await service.history(query)).toEqual([
      { expid: 100, value: 8 },
      { expid: 101, value: 1 },
    ]);
  });
});

describe('spectra', () => {
  it('are the rows of the product; an arm without one says why', async () => {
    const [blue, red, infrared] = await service.spectrum(runId, 1503);
    expect(infrared!.missing).toMatch(/spectra-z3-00000101\.fits cannot be read/);
    expect(red).toMatchObject({ camera: 'r3', unit: 'electron/Angstrom', missing: '', fibers: 1 });
    expect([...red!.flux]).toEqual([300, 301, 302, 303, 304, 305, 306, 307]);
    expect(red!.wavelength[7]).toBe(5607);
    expect(blue!.missing).toContain('no spectra yet');
    const why = { files: 1, bytes: 1, why: 'by hand', by: 'A. Observer' };
    db.addCleaned({ at: Date.UTC(2026, 10, 20), expid: 101, runId, kind: 'spectra', ...why });
    const [cleaned] = await service.spectrum(runId, 1503);
    expect(cleaned!.missing).toContain('cleaned away on 2026-11-20');
    const [, beyond] = await service.spectrum(runId, 1520);
    expect(beyond!.missing).toBe('r3 has 20 fibers');
  });
  it('have medians over a class, bin by bin, of what has data', async () => {
    const [, red] = await service.median(runId, 1503, 'SKY');
    // Sky fibers 0, 4, 8, 12, 16; bin 0 of fiber 4 has no data.
    expect(red).toMatchObject({ fibers: 5, missing: '' });
    expect(red!.flux[0]).toBe((800 + 1200) / 2);
    expect(red!.flux[1]).toBe(801);
  });
});

describe('exposures', () => {
  it('have the nearest neighbours that were processed', () => {
    register(102);
    register(104);
    post(104, 'r3', {});
    expect(db.neighbourWithRun(101, 1)?.expid).toBe(104);
    expect(db.neighbourWithRun(101, -1)?.expid).toBe(100);
    expect(db.neighbourWithRun(100, -1)).toBeUndefined();
  });
});
