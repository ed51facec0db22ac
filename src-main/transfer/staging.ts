import { mkdir, open, rename, rm, rmdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/**
 * Where a file grows before it is verified: a folder beside its final place (so on the same file system), named after
 * the file, so that nobody takes it for a finished one.
 */
export interface Staging {
  folder: string;
  /** The growing file; it has the source's name, as rsync gives it. */
  file: string;
}

export function stagingOf(destination: string, sourceName: string): Staging {
  const folder = join(dirname(destination), `.incoming-${basename(destination)}`);
  return { folder, file: join(folder, sourceName) };
}

export async function makeStaging({ folder }: Staging): Promise<void> {
  await mkdir(folder, { recursive: true });
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
export async function discard({ folder }: Staging): Promise<void> {
  await rm(folder, { recursive: true, force: true });
}

/** Takes the folder away if nothing was fetched. */
export async function tidy({ folder }: Staging): Promise<void> {
  await rmdir(folder).catch(() => undefined);
}
