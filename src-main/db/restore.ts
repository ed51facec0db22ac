import { constants, existsSync } from 'node:fs';
import { chmod, copyFile, link, mkdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { QlfError } from '#shared/ipc/result.ts';
import { checkDatabase, flush, type DatabaseFacts } from './backup.ts';

const BESIDE = ['-wal', '-shm'];

/** Writes what stands beside a database into it, where it can be opened. */
function fold(file: string): void {
  try {
    const db = new Sqlite(file, { fileMustExist: true });
    db.pragma('wal_checkpoint(TRUNCATE)');
    db.close();
  } catch {
    // It is damaged, which may be why another takes its place; it is put aside as it is.
  }
}

/**
 * Puts a copy in the place of a database that nobody has open. At every instant there is a whole database under its name: the
 * former one until the very last step, which puts it aside in `replaced/`.
 * @returns where the former one lies; null where there was none
 * @throws QlfError `conflict` for a damaged copy, one of a newer program or of nights of the other kind; all is as it was then
 */
export async function restoreDatabase(
  file: string,
  copy: string,
  origin: DatabaseFacts['origin'],
  now: number,
  prove: (file: string) => DatabaseFacts | Promise<DatabaseFacts> = checkDatabase,
): Promise<string | null> {
  const facts = await prove(copy);
  if (facts.origin !== origin)
    throw new QlfError('conflict', `${copy} is of ${facts.origin} nights; this folder is for ${origin} ones`);
  await mkdir(dirname(file), { recursive: true });
  const fresh = `${file}.restoring`;
  for (const ending of ['', ...BESIDE]) await rm(`${fresh}${ending}`, { force: true });
  await copyFile(copy, fresh, constants.COPYFILE_EXCL);
  await chmod(fresh, 0o600);
  await prove(fresh);
  await flush(fresh);
  let replaced: string | null = null;
  if (existsSync(file)) {
    fold(file);
    const stamp = new Date(now).toISOString().slice(0, 19).replace(/[-:]/g, '');
    replaced = join(dirname(file), 'replaced', `${basename(file, '.db')}-${stamp}Z.db`);
    await mkdir(dirname(replaced), { recursive: true });
    await rm(replaced, { force: true });
    await link(file, replaced);
    // What is left of a damaged one's journal must not be taken for the new one's.
    for (const ending of BESIDE)
      if (existsSync(`${file}${ending}`)) await rename(`${file}${ending}`, `${replaced}${ending}`);
  }
  await rename(fresh, file);
  await flush(dirname(file));
  return replaced;
}
