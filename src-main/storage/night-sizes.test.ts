import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { bytesOfNight } from './night-sizes.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'qlf-nights-'));
});
afterEach(() => rmSync(root, { recursive: true }));

const put = (path: string, bytes: number): void => {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), Buffer.alloc(bytes));
};
const measured = (): Promise<number | null> => bytesOfNight(root, new AbortController().signal);

test('a night takes what the middle one of the last whole nights took, in all folders', async () => {
  expect(await measured()).toBeNull();
  put('raw/20261119/00000001/desi-00000001.fits.fz', 700_000);
  // The only night may not be over.
  expect(await measured()).toBeNull();
  put('raw/20261120/00000002/desi-00000002.fits.fz', 2000);
  put('split/20261120/00000002/desi-b0-00000002.fits.fz', 300);
  put('redux/exposures/20261120/00000002/run-1/run-b0.log', 40);
  put('test-environment/raw/20261120/00000002/desi-00000002.fits.fz', 5);
  put('raw/20261121/00000003/desi-00000003.fits.fz', 900);
  put('raw/20261122/00000004/desi-00000004.fits.fz', 9000);
  put('raw/20261123/00000005/desi-00000005.fits.fz', 1);
  put('raw/notes/x', 1_000_000);
  // What lies elsewhere is not of the night.
  symlinkSync(join(root, 'raw/notes'), join(root, 'raw/20261121/elsewhere'));
  expect(await measured()).toBe(2345);
});
