import { mkdir, mkdtemp, readFile, rename, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { arrive as arriveIn, REFERENCE, REFERENCE_NIGHT } from '../../../e2e/support/reference-exposures.ts';
import { until } from '../../../e2e/support/wait.ts';
import type { DosClient } from '../../domain/ports/dos-client.ts';
import { DEFAULT_FORMAT, makeExposure } from '../test-environment/exposure/exposure.ts';
import { EXPOSURE_KINDS } from '../test-environment/exposure/schedule.ts';
import { writeExposure } from '../test-environment/files/exposure-files.ts';
import { createExposureFolderClient } from './client.ts';

const open: DosClient[] = [];
let root = '';

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'qlf-folder-'));
});
afterEach(async () => {
  for (const client of open.splice(0)) await client.stop();
  await rm(root, { recursive: true, force: true });
});

function folderClient(options: Partial<Parameters<typeof createExposureFolderClient>[0]> = {}): DosClient {
  const client = createExposureFolderClient({ directory: root, ...options });
  open.push(client);
  return client;
}

/** Into the folder of the test. */
const arrive = (expid: string, as = expid): Promise<string> => arriveIn(root, expid, as);

describe('the reference exposures as an exposure folder', () => {
  const reference = (): DosClient => folderClient({ directory: join(REFERENCE, 'raw') });
  const settled = async (client: DosClient): Promise<DosClient> => {
    await until(
      () => client.getExposuresSince(null),
      (found) => found.length === 4,
    );
    return client;
  };

  it('are all found, oldest first, with their metadata', async () => {
    const client = await settled(reference());
    const [first, second, third, last] = await client.getExposuresSince(null);
    expect(first).toMatchObject({
      expid: 101,
      night: REFERENCE_NIGHT,
      flavor: 'science',
      program: 'dark',
      exptime: 1000,
      airmass: 1.13,
      seeing: 1.07,
      tileid: 1234,
      mjdObs: 58803.5467,
      dateObs: '2019-11-15T08:41:03.988',
      ra: 180,
      dec: 30,
      obstype: null,
      camerasExpected: ['b0', 'b1', 'r0', 'r1', 'z0', 'z1'],
    });
    expect(first!.header).toMatchObject({ INSTRUME: 'DESI', DEPNAM07: 'desispec', DEPVER07: '0.31.0' });
    expect(first!.header).not.toHaveProperty('NAXIS');
    expect(second).toMatchObject({ expid: 102, program: 'bright', exptime: 300, camerasExpected: ['r0'] });
    expect(third).toMatchObject({ expid: 103, flavor: 'bias', exptime: 0, camerasExpected: ['b0', 'r0'] });
    expect(last).toMatchObject({ expid: 110, program: 'dark', exptime: 900, camerasExpected: ['r0'] });
  });

  it('answers by number, flavor and night', async () => {
    const client = await settled(reference());
    expect((await client.getExposuresSince(102)).map(({ expid }) => expid)).toEqual([103, 110]);
    expect(await client.getLastExposure()).toMatchObject({ expid: 110 });
    expect(await client.getLastExposure({ flavors: ['bias', 'dark'] })).toMatchObject({ expid: 103 });
    expect(await client.getLastExposure({ night: '20200101' })).toBeNull();
  });

  it('finds those with a lower number than the newest that nobody knows yet', async () => {
    const client = await settled(reference());
    const late = await client.getLateExposures(110, (expid) => expid === 102);
    expect(late.map(({ expid }) => expid)).toEqual([101, 103]);
    expect(await client.getLateExposures(101, () => false)).toEqual([]);
  });

  it('locates raw file, fibermap and, where there are none, says so', async () => {
    const client = await settled(reference());
    const raw = await client.getFileLocation(101);
    expect(raw).toEqual({
      host: null,
      path: join(REFERENCE, 'raw', REFERENCE_NIGHT, '00000101', 'desi-00000101.fits.fz'),
      bytes: (await readFile(raw.path)).length,
      sha256: null,
    });
    expect((await client.getFibermap(101, 0))?.path).toMatch(/fibermap-00000101\.fits$/);
    expect(await client.getFibermap(103, 0)).toBeNull();
    expect(await client.getTelemetry(101)).toBeNull();
    expect(await client.getEtc(101)).toBeNull();
    await expect(client.getFileLocation(999)).rejects.toMatchObject({ code: 'not-found' });
  });

  it('offers the calibration tree beside it, each file by its relative path', async () => {
    const client = await settled(reference());
    const files = await client.getCalibrationFiles(101);
    const paths = files.map(({ relativePath }) => relativePath);
    expect(paths).toContain('spec/sp0/r0.yaml');
    expect(paths).toContain('spec/sp1/psf-z1-mini.fits');
    expect(paths).toContain('spec/sp0/bias-r0-ampABCD.fits.gz');
    expect(new Set(files.map(({ kind }) => kind))).toEqual(new Set(['tree']));
  });
});

describe('a folder that fills', () => {
  it('reports an exposure when its file has stopped growing and is whole', async () => {
    const client = folderClient();
    expect(await client.getLastExposure()).toBeNull();
    const file = await arrive('00000103');
    const whole = await readFile(file);
    await writeFile(file, whole.subarray(0, 400_000));
    expect(await client.getExposuresSince(null)).toEqual([]);
    await expect(client.getFileLocation(103)).rejects.toMatchObject({ code: 'unavailable' });
    await writeFile(file, whole);
    const found = await until(
      () => client.getLastExposure(),
      (last) => last !== null,
    );
    expect(found).toMatchObject({ expid: 103, camerasExpected: ['b0', 'r0'] });
    expect((await client.getFileLocation(103)).bytes).toBe(whole.length);
  });

  it('answers at once about files that have not changed for long, damaged ones too', async () => {
    const long = new Date(Date.now() - 60_000);
    const whole = await arrive('00000103');
    const damaged = await arrive('00000101');
    await truncate(damaged, 2_500_000);
    for (const file of [whole, damaged]) await utimes(file, long, long);
    expect((await folderClient().getFileLocation(103)).path).toBe(whole);
    expect((await folderClient().getFileLocation(101)).bytes).toBe(2_500_000);
  });

  it('holds newer exposures back while an older one arrives', async () => {
    const client = folderClient({ patience: { whole: 0, short: 0, damaged: 3_600_000 } });
    const older = await arrive('00000103', '00000001');
    const whole = await readFile(older);
    await truncate(older, 500_000);
    await arrive('00000102', '00000002');
    expect(await client.getExposuresSince(null)).toEqual([]);
    await writeFile(older, whole);
    const found = await until(
      () => client.getExposuresSince(null),
      (news) => news.length > 0,
    );
    expect(found.map(({ expid }) => expid)).toEqual([1, 2]);
  });

  it('reports a damaged exposure when it grows no more, with the cameras whose headers are there', async () => {
    const client = folderClient({ patience: { whole: 0, short: 0, damaged: 50 } });
    const file = await arrive('00000101');
    await truncate(file, 2_500_000);
    const [found] = await until(
      () => client.getExposuresSince(null),
      (news) => news.length > 0,
    );
    expect(found).toMatchObject({ expid: 101, flavor: 'science', camerasExpected: ['b0', 'r0', 'z0'] });
  });

  it('reports what is no FITS file with nothing but its number and night', async () => {
    const client = folderClient({ patience: { whole: 0, short: 0, damaged: 0 } });
    const file = await arrive('00000101');
    await writeFile(file, 'no FITS at all');
    const [found] = await until(
      () => client.getExposuresSince(null),
      (news) => news.length > 0,
    );
    expect(found).toMatchObject({
      expid: 101,
      night: REFERENCE_NIGHT,
      flavor: 'unknown',
      exptime: null,
      camerasExpected: [],
    });
  });

  it('keeps the folder’s number, and what the header says beside it', async () => {
    const client = folderClient({ patience: { whole: 0, short: 0, damaged: 0 } });
    await arrive('00000103', '00000777');
    const found = await until(
      () => client.getLastExposure(),
      (last) => last !== null,
    );
    expect(found).toMatchObject({ expid: 777, header: { EXPID: 103 } });
  });

  it('hints when an exposure has come', async () => {
    const client = folderClient({ patience: { whole: 0, short: 0, damaged: 0 } });
    const hints = new Promise<void>((done) => {
      client.onHint(done);
    });
    await client.start();
    await arrive('00000103');
    await hints;
    expect(await client.getLastExposure()).toMatchObject({ expid: 103 });
  });

  it('says that the folder is gone, and recovers by itself', async () => {
    const client = folderClient({ patience: { whole: 0, short: 0, damaged: 0 } });
    await arrive('00000103');
    await client.start();
    await until(
      () => client.getLastExposure(),
      (last) => last !== null,
    );
    await rename(root, `${root}-away`);
    await expect(client.getLastExposure()).rejects.toThrow(`exposure folder: the last exposure: the folder ${root}`);
    await expect(client.getExposuresSince(null)).rejects.toMatchObject({ code: 'unavailable' });
    await rename(`${root}-away`, root);
    expect(await client.getLastExposure()).toMatchObject({ expid: 103 });
  });
});

describe('an exposure in the layout since 2020', () => {
  it('has its global keywords from HDU SPEC, and the cameras that its spectrographs should have', async () => {
    const format = { ...DEFAULT_FORMAT, layout: 'spec', compressed: false, cameras: ['b2', 'r2', 'z7'] } as const;
    const startedAt = Date.parse('2019-11-16T03:00:00Z');
    const identity = { seed: 1, night: REFERENCE_NIGHT, expid: 9 };
    const exposure = makeExposure(identity, EXPOSURE_KINDS['science-gray'], 'compact', startedAt, [], format);
    await writeExposure(root, exposure);
    const client = folderClient({ directory: join(root, 'raw'), patience: { whole: 0, short: 0, damaged: 0 } });
    const found = await client.getLastExposure();
    expect(found).toMatchObject({
      expid: 9,
      flavor: 'science',
      program: 'gray',
      exptime: 600,
      tileid: exposure.conditions.tileid,
      ra: exposure.conditions.ra,
      obstype: 'SCIENCE',
      camerasExpected: ['b2', 'b7', 'r2', 'r7', 'z2', 'z7'],
    });
    expect((await client.getFileLocation(9)).path).toMatch(/desi-00000009\.fits$/);
    expect((await client.getEtc(9))?.path).toMatch(/etc-00000009\.json$/);
  });
});

describe('the search for calibration files', () => {
  const prompt = { patience: { whole: 0, short: 0, damaged: 0 } };
  const relativePaths = async (client: DosClient): Promise<string[]> => {
    await until(
      () => client.getLastExposure(),
      (last) => last !== null,
    );
    return (await client.getCalibrationFiles(103)).map(({ relativePath }) => relativePath);
  };

  it('prefers the option, then the folder beside, then the one inside, then the environment', async () => {
    await arrive('00000103');
    for (const name of ['option', 'environment', 'calib']) {
      await mkdir(join(root, name), { recursive: true });
      await writeFile(join(root, name, `${name}.yaml`), '');
    }
    const environmentCalibration = join(root, 'environment');
    const option = folderClient({ ...prompt, calibration: join(root, 'option'), environmentCalibration });
    expect(await relativePaths(option)).toEqual(['option.yaml']);
    expect(await relativePaths(folderClient({ ...prompt, environmentCalibration }))).toEqual(['calib.yaml']);
    await rm(join(root, 'calib'), { recursive: true });
    expect(await relativePaths(folderClient({ ...prompt, environmentCalibration }))).toEqual(['environment.yaml']);
    expect(await relativePaths(folderClient(prompt))).toEqual([]);
  });

  it('says when the folder asked for is not there', async () => {
    await arrive('00000103');
    const client = folderClient({ ...prompt, calibration: join(root, 'nowhere') });
    await until(
      () => client.getLastExposure(),
      (last) => last !== null,
    );
    await expect(client.getCalibrationFiles(103)).rejects.toThrow(/calibration folder .*nowhere is not there/);
  });
});
