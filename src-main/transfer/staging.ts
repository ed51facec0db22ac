import { createHash } from 'node:crypto';
import { mkdir, open, rename, rm, rmdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { takeOver } from './owner.ts';

/**
 * Where a file grows before it is verified: a folder beside its final place (so on the same file system), named after
 * the file, so that nobody takes it for a finished one.
 */
export interface Staging {
  folder: string;
  /** Only the growing file lies in it; names from outside meet no others here. */
  part: string;
  /** The growing file; it has the source's name, as rsync gives it. */
  file: string;
  /** Who fills it. */
  owner: string;
  /** Sums of what has come over SFTP. */
  sums: string;
}

export const INCOMING = '.incoming-';
/** Bytes of a name that file systems allow, less the prefix. */
const LONGEST_NAME = 240;

export function stagingOf(destination: string, sourceName: string): Staging {
  const name = basename(destination);
  const short =
    Buffer.byteLength(name) > LONGEST_NAME ? createHash('sha256').update(name).digest('hex').slice(0, 32) : name;
  const folder = join(dirname(destination), `${INCOMING}${short}`);
  const part = join(folder, 'part');
  return { folder, part, file: join(part, sourceName), owner: join(folder, 'owner'), sums: join(folder, 'sums') };
}

/**
 * Makes the folder ours.
 * @returns environment for the programs that fill it
 * @throws TransferFailure when another QLF fills it
 */
export async function makeStaging({ part, owner }: Staging): Promise<Record<string, string>> {
  await mkdir(part, { recursive: true });
  return takeOver(owner);
}

async function flush(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Puts a verified file in its final place: durable when this returns, never half there. */
export async function publish({ folder, file }: Staging, destination: string): Promise<void> {
  await flush(file);
  await rename(file, destination);
  await flush(dirname(destination));
  await rm(folder, { recursive: true, force: true });
}

/** Forgets what was fetched; the next attempt begins anew. */
export async function discard({ part, sums }: Staging): Promise<void> {
  await rm(part, { recursive: true, force: true });
  await rm(sums, { force: true });
}

/** Takes the folder away if nothing was fetched. */
export async function tidy({ folder, part, owner, sums }: Staging): Promise<void> {
  const empty = await rmdir(part).then(
    () => true,
    (error: unknown) => (error as NodeJS.ErrnoException).code === 'ENOENT',
  );
  if (!empty) return;
  await rm(owner, { force: true });
  await rm(sums, { force: true });
  await rmdir(folder).catch(() => undefined);
}
