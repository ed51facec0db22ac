import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { hasLivingOwner } from './owner.ts';
import { INCOMING } from './staging.ts';

/** How rsync names a file that it has not finished: `.NAME.XXXXXX`. */
const UNFINISHED = /^\..+\.[A-Za-z0-9]{6}$/;

/** Folders in it, to which no link leads. */
async function foldersIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
}

async function isOlder(path: string, before: number): Promise<boolean> {
  return stat(path).then(
    ({ mtimeMs }) => mtimeMs < before,
    () => false,
  );
}

/** Takes away the temporary files of a part that go-on never uses; the part itself stays until it is old. */
async function sweepStaging(folder: string, before: number): Promise<number> {
  if (await hasLivingOwner(join(folder, 'owner'))) return 0;
  const part = join(folder, 'part');
  const names = await readdir(part).catch(() => []);
  // Nothing has come yet, or it was killed between the renaming and the tidying: there is nothing to go on with.
  const old = await Promise.all(names.map((name) => isOlder(join(part, name), before)));
  if (old.every(Boolean)) {
    await rm(folder, { recursive: true, force: true });
    return Math.max(1, names.length);
  }
  // Beside the one part there may be what rsync had not renamed.
  const orphans = names.length > 1 ? names.filter((name) => UNFINISHED.test(name)) : [];
  for (const name of orphans) await rm(join(part, name), { recursive: true, force: true });
  return orphans.length;
}

/**
 * Takes away what transfers have left below a folder and nobody will go on with: parts untouched since `before`, and
 * temporary files beside a part. Never what a living transfer of any process is filling.
 * @param before ms since the epoch
 * @param spared staging folders that this process is filling
 * @returns how many files were taken away
 */
export async function sweepStagings(
  root: string,
  before: number,
  spared: (folder: string) => boolean,
): Promise<number> {
  let swept = 0;
  const waiting = [root];
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    for (const name of await foldersIn(folder)) {
      const path = join(folder, name);
      if (!name.startsWith(INCOMING)) waiting.push(path);
      else if (!spared(path)) swept += await sweepStaging(path, before);
    }
  }
  return swept;
}
