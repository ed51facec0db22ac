import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Exposure } from '#shared/domain/exposure.ts';
import type { CalibrationFile, DosClient, FileLocation } from '../../src-main/domain/ports/dos-client.ts';
import { dataFolder } from '../../src-main/orchestrator/folders.ts';
import { fetchInputs } from '../../src-main/orchestrator/inputs.ts';
import { createFileTransfer } from '../../src-main/transfer/file-transfer.ts';
import { createWaiting } from '../../src-main/domain/waiting.ts';
import { createHostKeys } from '../../src-main/transfer/host-keys.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'qlf-calibration-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** A file at the source. */
async function offered(name: string, text: string): Promise<FileLocation> {
  const path = join(folder, 'source', name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
  const { size, mtimeMs } = await stat(path);
  return { host: null, path, bytes: size, sha256: null, modified: mtimeMs };
}

/** The inputs of exposure 101, from a DOS whose calibration is this test's. */
async function exposure101() {
  const raw = await offered('desi-00000101.fits.fz', 'raw');
  const fibermap = await offered('fibermap-00000101.fits', 'fibers');
  const files: CalibrationFile[] = [];
  const dos = {
    getFileLocation: async () => raw,
    getFibermap: async () => fibermap,
    getTelemetry: async () => null,
    getEtc: async () => null,
    getCalibrationFiles: async () => files,
  } as unknown as DosClient;
  const hostKeys = createHostKeys(join(folder, 'known_hosts'), []);
  const patience = { firstMs: 1, longestMs: 2, fileAttempts: 3, linkMs: 0, slowMs: 2 };
  const transfer = createFileTransfer({ environment: {}, hostKeys, patience });
  const exposure = { expid: 101, night: '20191115' } as Exposure;
  const root = dataFolder(join(folder, 'data'));
  const absent: string[] = [];
  const fetchAll = () =>
    fetchInputs({ dos, transfer, folder: root, waiting: createWaiting() }, exposure, {
      persists: () => false,
      signal: new AbortController().signal,
      onProgress: () => undefined,
      onArrived: () => undefined,
      onTrouble: () => undefined,
      onAbsent: (text) => absent.push(text),
    });
  const add = async (relativePath: string, text: string): Promise<void> => {
    const kind = relativePath.startsWith('fiberflat') ? 'fiberflat' : 'tree';
    const index = files.findIndex((file) => file.relativePath === relativePath);
    const file: CalibrationFile = { kind, relativePath, location: await offered(relativePath, text) };
    if (index < 0) files.push(file);
    else files[index] = file;
  };
  return { root, absent, fetchAll, add, fibermap };
}

it('fetches a calibration file once, and again when its content has changed, also at the same size', async () => {
  const { root, absent, fetchAll, add } = await exposure101();
  await add('spec/sp0/psf-b0.fits', 'psf 1');
  await add('spec/sp1/psf-b0.fits', 'psf 2');
  await add('fiberflat.fits', 'flat');
  const first = await fetchAll();
  expect(await readFile(join(first.calibRoot!, 'spec/sp0/psf-b0.fits'), 'utf8')).toBe('psf 1');
  expect(await readFile(first.fiberFlat!, 'utf8')).toBe('flat');
  expect(await fetchAll()).toEqual(first);
  expect(await readdir(root.calib('files'))).toHaveLength(3);

  await new Promise((resolve) => setTimeout(resolve, 20));
  await add('spec/sp0/psf-b0.fits', 'psf 3');
  const second = await fetchAll();
  expect(second.calibRoot).not.toBe(first.calibRoot);
  expect(await readFile(join(second.calibRoot!, 'spec/sp0/psf-b0.fits'), 'utf8')).toBe('psf 3');
  expect(await readFile(join(first.calibRoot!, 'spec/sp0/psf-b0.fits'), 'utf8')).toBe('psf 1');
  const inode = async (tree: string | null) => (await stat(join(tree!, 'spec/sp1/psf-b0.fits'))).ino;
  expect(await inode(second.calibRoot)).toBe(await inode(first.calibRoot));
  expect(await readdir(root.calib('files'))).toHaveLength(4);
  expect(absent).toEqual([]);
});

it('goes on without a calibration file or a fibermap that cannot be had, says which, and has them when they are back', async () => {
  const { absent, fetchAll, add, fibermap } = await exposure101();
  await add('spec/sp0/psf-b0.fits', 'psf 1');
  await add('spec/sp1/psf-b1.fits', 'psf 2');
  await add('fiberflat.fits', 'flat');
  const gone = ['spec/sp0/psf-b0.fits', 'fiberflat.fits'].map((name) => join(folder, 'source', name));
  for (const path of [...gone, fibermap.path]) await rename(path, `${path}.away`);
  const without = await fetchAll();
  expect(without).toMatchObject({ fibermap: null, fiberFlat: null });
  expect(await readFile(join(without.calibRoot!, 'spec/sp1/psf-b1.fits'), 'utf8')).toBe('psf 2');
  expect(absent).toEqual([
    expect.stringMatching(/^its fibermap cannot be had: .*fibermap-00000101.fits/),
    expect.stringMatching(/^the calibration file spec\/sp0\/psf-b0.fits cannot be had: /),
    expect.stringMatching(/^the calibration file fiberflat.fits cannot be had: /),
  ]);
  for (const path of [...gone, fibermap.path]) await rename(`${path}.away`, path);
  const whole = await fetchAll();
  expect(whole.calibRoot).toBe(without.calibRoot);
  expect(await readFile(join(whole.calibRoot!, 'spec/sp0/psf-b0.fits'), 'utf8')).toBe('psf 1');
  expect(await readFile(whole.fiberFlat!, 'utf8')).toBe('flat');
  expect(await readFile(whole.fibermap!, 'utf8')).toBe('fibers');
  expect(absent).toHaveLength(3);
});
