import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { BackupFile, StorageSettings } from '#shared/domain/storage.ts';

const NAME = /^qlf-(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z\.db$/;

/** Name of the copy that is made at an instant. */
export function backupName(at: number): string {
  return `qlf-${new Date(at).toISOString().slice(0, 19).replace(/[-:]/g, '')}Z.db`;
}

/** Where the daily copies lie. */
export function backupFolderOf({ backupFolder }: Pick<StorageSettings, 'backupFolder'>, root: string): string {
  return backupFolder ?? join(root, 'backups');
}

/** The database's own copies in a folder, newest first; files of other names are somebody else's. */
export async function listBackups(folder: string): Promise<BackupFile[]> {
  const names = await readdir(folder).catch(() => []);
  const found = await Promise.all(
    names.map(async (name): Promise<BackupFile | null> => {
      const [, year, month, day, hour, minute, second] = NAME.exec(name) ?? [];
      const about = year === undefined ? null : await stat(join(folder, name)).catch(() => null);
      if (!about?.isFile()) return null;
      const at = Date.parse(
        `${String(year)}-${month ?? ''}-${day ?? ''}T${hour ?? ''}:${minute ?? ''}:${second ?? ''}Z`,
      );
      return { name, bytes: about.size, at };
    }),
  );
  return found.filter((file) => file !== null).sort((a, b) => b.at - a.at);
}

/**
 * Makes a copy in a folder and takes away the oldest that are too many, once the new one is proven to be whole.
 * @param copy writes the file, complete and proven, or throws
 */
export async function keepBackups(
  folder: string,
  keep: number,
  at: number,
  copy: (file: string) => Promise<void>,
): Promise<string> {
  await mkdir(folder, { recursive: true });
  const file = join(folder, backupName(at));
  await copy(file);
  for (const { name } of (await listBackups(folder)).slice(keep)) await rm(join(folder, name), { force: true });
  return file;
}
