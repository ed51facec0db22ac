import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { link, mkdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import Sqlite from 'better-sqlite3';
import { QlfError } from '#shared/ipc/result.ts';
import { refuseEmptied } from './emptied.ts';
import { checkDatabase, flush, type CopyOptions, type DatabaseFacts } from './backup.ts';

const BESIDE = ['-wal', '-shm'];

export interface RestoreOptions extends Pick<CopyOptions, 'signal' | 'onProgress'> {
  prove?: (file: string, signal?: AbortSignal) => DatabaseFacts | Promise<DatabaseFacts>;
  /** The former database is damaged: it is put aside byte for byte, its journal beside it. */
  damaged?: boolean;
}

/** Writes what stands beside a database into it, where it can be opened. */
function fold(file: string): void {
  let db: Sqlite.Database | undefined;
  try {
    refuseEmptied(file);
    db = new Sqlite(file, { fileMustExist: true });
    db.pragma('wal_checkpoint(TRUNCATE)');
  } catch {
    // It is damaged, which may be why another takes its place; it is put aside as it is.
  } finally {
    db?.close();
  }
}

/** A name in `folder` that nothing has yet: what was put aside is never overwritten. */
function freshName(folder: string, stem: string): string {
  for (let count = 1; ; count += 1) {
    const path = join(folder, `${stem}${count === 1 ? '' : `-${count}`}.db`);
    if (!existsSync(path)) return path;
  }
}

/** Writes a copy of a file, by parts. */
async function copyInParts(
  from: string,
  to: string,
  { signal, onProgress = () => undefined }: Pick<CopyOptions, 'signal' | 'onProgress'>,
): Promise<void> {
  const { size } = await stat(from);
  let done = 0;
  const count = new Transform({
    transform(chunk: Buffer, _encoding, next) {
      done += chunk.length;
      onProgress(size === 0 ? 1 : done / size, `copying ${from}`);
      next(null, chunk);
    },
  });
  const parts = { highWaterMark: 1 << 20 };
  await pipeline(createReadStream(from, parts), count, createWriteStream(to, { ...parts, flags: 'wx', mode: 0o600 }), {
    ...(signal && { signal }),
  });
}

/**
 * Lays a proven copy beside a database that may be in use, for `exchangeDatabase`.
 * @returns where it lies
 * @throws QlfError `conflict` for a damaged copy, one of a newer program or of nights of the other kind; the signal's reason.
 *   Nothing is left then
 */
export async function prepareExchange(
  file: string,
  copy: string,
  origin: DatabaseFacts['origin'],
  { signal, onProgress, prove = checkDatabase }: RestoreOptions = {},
): Promise<string> {
  onProgress?.(null, `reading ${copy} through`);
  const facts = await prove(copy, signal);
  if (facts.origin !== origin)
    throw new QlfError('conflict', `${copy} is of ${facts.origin} nights; this folder is for ${origin} ones`);
  await mkdir(dirname(file), { recursive: true });
  const fresh = `${file}.restoring`;
  const clear = async (): Promise<void> => {
    for (const ending of ['', ...BESIDE]) await rm(`${fresh}${ending}`, { force: true });
  };
  await clear();
  try {
    await copyInParts(copy, fresh, { signal, ...(onProgress && { onProgress }) });
    onProgress?.(null, 'reading the copy through');
    await prove(fresh, signal);
    await flush(fresh);
    signal?.throwIfAborted();
    return fresh;
  } catch (error) {
    await clear();
    throw error;
  }
}

/**
 * Puts what `prepareExchange` made in the place of a database that nobody has open. At every instant there is a whole database
 * under its name: the former one until the very last step, which puts it aside in `replaced/`.
 * @returns where the former one lies; null where there was none
 */
export async function exchangeDatabase(
  file: string,
  prepared: string,
  now: number,
  damaged = false,
): Promise<string | null> {
  let replaced: string | null = null;
  if (existsSync(file)) {
    if (!damaged) fold(file);
    const stamp = new Date(now).toISOString().slice(0, 19).replace(/[-:]/g, '');
    const aside = join(dirname(file), 'replaced');
    await mkdir(aside, { recursive: true });
    replaced = freshName(aside, `${basename(file, '.db')}-${stamp}Z`);
    await link(file, replaced);
    // What is left of a damaged one's journal must not be taken for the new one's.
    for (const ending of BESIDE)
      if (existsSync(`${file}${ending}`)) await rename(`${file}${ending}`, `${replaced}${ending}`);
  }
  await rename(prepared, file);
  await flush(dirname(file));
  return replaced;
}

/** Both at once, where nobody has the database open. @throws as `prepareExchange`; all is as it was then */
export async function restoreDatabase(
  file: string,
  copy: string,
  origin: DatabaseFacts['origin'],
  now: number,
  options: RestoreOptions = {},
): Promise<string | null> {
  return exchangeDatabase(file, await prepareExchange(file, copy, origin, options), now, options.damaged);
}
