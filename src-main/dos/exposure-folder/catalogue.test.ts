import { mkdir, mkdtemp, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Catalogue } from './catalogue.ts';
import { LOCAL_ACCESS } from './folder-access.ts';

let root = '';
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'qlf-catalogue-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function make(night: string, ...names: string[]): Promise<void> {
  for (const name of names) await mkdir(join(root, night, name), { recursive: true });
  const long = new Date(Date.now() - 3_600_000);
  await utimes(join(root, night), long, long);
}

const expids = async (catalogue: Catalogue): Promise<number[]> => (await catalogue.refresh()).map(({ expid }) => expid);

it('lists exposures of all nights by number, and nothing else', async () => {
  await make('20191116', '00000012', '00000011', 'calibration', '.00000013.part', '123');
  await make('20191115', '00000010');
  await make('README', '00000099');
  const catalogue = new Catalogue(LOCAL_ACCESS, root, false);
  expect(await expids(catalogue)).toEqual([10, 11, 12]);
  expect(catalogue.newestNight()).toBe(join(root, '20191116'));
});

it('gives the same list as long as nothing changes', async () => {
  await make('20191115', '00000010');
  const catalogue = new Catalogue(LOCAL_ACCESS, root, false);
  const list = await catalogue.refresh();
  expect(await catalogue.refresh()).toBe(list);
  await make('20191115', '00000011');
  expect(await expids(catalogue)).toEqual([10, 11]);
});

it('sees new nights, new exposures of the newest ones, and what has vanished', async () => {
  for (const night of ['20191112', '20191113', '20191114']) await make(night, `00${night.slice(2)}`);
  const catalogue = new Catalogue(LOCAL_ACCESS, root, false);
  await catalogue.refresh();
  await make('20191115', '00200000');
  await make('20191114', '00200001');
  expect((await expids(catalogue)).slice(-2)).toEqual([200_000, 200_001]);
  await rm(join(root, '20191112'), { recursive: true });
  await rm(join(root, '20191115', '00200000'), { recursive: true });
  expect(await expids(catalogue)).toEqual([191_113, 191_114, 200_001]);
});

it('takes a folder that is not there for an error, or for an empty one', async () => {
  const nowhere = join(root, 'nowhere');
  await expect(new Catalogue(LOCAL_ACCESS, nowhere, false).refresh()).rejects.toThrow('ENOENT');
  expect(await new Catalogue(LOCAL_ACCESS, nowhere, true).refresh()).toEqual([]);
});

it('looks at the newest nights alone where that is asked for', async () => {
  for (const night of ['20191112', '20191113', '20191114']) await make(night, `00${night.slice(2)}`);
  expect(await expids(new Catalogue(LOCAL_ACCESS, root, false, 2))).toEqual([191_113, 191_114]);
});
