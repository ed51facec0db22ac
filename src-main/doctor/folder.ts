import { mkdtemp, open, rm, stat, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Finding } from '#shared/domain/command-line.ts';
import { fault, good, warning } from './finding.ts';
import { diskSpace } from '../domain/disk-space.ts';

type Words = Omit<Finding, 'check'>;

/** bytes below which a night of 30 cameras may not fit, and below which nothing works any more */
const COMFORTABLE = 100e9;
const LEAST = 1e9;

/** What Linux calls its file systems (statfs(2)). */
const FILE_SYSTEMS: Readonly<Record<number, string>> = {
  0xef53: 'ext4',
  0x58465342: 'XFS',
  0x9123683e: 'Btrfs',
  0x2fc12fc1: 'ZFS',
  0x01021994: 'tmpfs',
  0x794c7630: 'overlayfs',
  0x6969: 'NFS',
  0x4d44: 'FAT',
  0x2011bab0: 'exFAT',
  0x5346544e: 'NTFS',
  0x65735546: 'FUSE',
  0xfe534d42: 'SMB',
  0xff534d42: 'CIFS',
  0x517b: 'SMB',
  0xf2f52010: 'F2FS',
  0x01021997: '9p',
  0x0bd00bd0: 'Lustre',
  0x47504653: 'GPFS',
};
/** On these a database can lose what it had acknowledged, or be damaged when two machines open it. */
const REMOTE: ReadonlySet<string> = new Set(['NFS', 'SMB', 'CIFS', '9p', 'Lustre', 'GPFS']);
const WITHOUT_LINKS: ReadonlySet<string> = new Set(['FAT', 'exFAT']);

const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(bytes < 10e9 ? 1 : 0)} GB`;

/** The folder itself, or the nearest above it that is there. */
export async function nearest(path: string): Promise<string> {
  const info = await stat(path).catch(() => null);
  if (info?.isDirectory()) return path;
  if (info) throw new Error(`${path} is a file, not a folder`);
  const above = dirname(path);
  if (above === path) throw new Error(`${path} is not there`);
  return nearest(above);
}

/** Whether QLF can work in its folder: writing, flushing, renaming, as it does all night. */
export async function lookAtFolder(root: string): Promise<Words> {
  const folder = await nearest(root);
  let own: string;
  try {
    own = await mkdtemp(join(folder, '.qlf-trial-'));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    const advice =
      code === 'ENOSPC' || code === 'EDQUOT'
        ? 'Make room on its disk.'
        : `Give this account the right to: chown or chmod ${folder}, or choose another --data.`;
    return fault(`${folder} cannot be written to (${code})`, advice);
  }
  try {
    const file = await open(join(own, 'trial'), 'wx', 0o600);
    await file.write('trial');
    await file.sync();
    await file.close();
  } finally {
    await rm(own, { recursive: true, force: true });
  }
  const about = await stat(folder);
  if (folder === root && process.platform !== 'win32' && (about.mode & 0o022) !== 0)
    return warning(`${root} can be changed by other accounts`, `chmod go-w ${root}`);
  return good(folder === root ? `${root} can be written to` : `${root} is not there yet and can be made`);
}

export async function lookAtFileSystem(root: string): Promise<Words> {
  const { type } = await statfs(await nearest(root));
  const name = FILE_SYSTEMS[type] ?? `type 0x${type.toString(16)}`;
  if (REMOTE.has(name))
    return warning(
      `${name}, a network file system`,
      'Keep the data folder on a disk of this machine: databases need its locks and its flushes.',
    );
  if (WITHOUT_LINKS.has(name))
    return fault(`${name} has no hard links and no rights`, 'Choose a disk with ext4, XFS or the like.');
  if (name === 'tmpfs')
    return warning(
      'tmpfs: all of it is gone after a restart of the machine',
      'Choose a folder on a disk for real nights.',
    );
  return good(name);
}

/** @param fullAt used share of the disk from which the settings call it too full */
export async function lookAtSpace(root: string, fullAt: number): Promise<Words> {
  const disk = await statfs(await nearest(root));
  const { ffree, files } = disk;
  const { freeBytes: free, used } = diskSpace(disk);
  const words = `${gigabytes(free)} free, ${Math.round(used * 100)} % used`;
  if (free < LEAST) return fault(words, 'Make room now: qlf clean, or delete what is not QLF’s.');
  if (files > 0 && ffree / files < 0.01)
    return fault(
      `${words}, and hardly a file more fits (inodes)`,
      'Delete small files, or make a file system with more inodes.',
    );
  if (used >= fullAt)
    return warning(
      `${words}: more than the warning limit of ${Math.round(fullAt * 100)} %`,
      'qlf clean --preview, then qlf clean; or a larger disk.',
    );
  if (free < COMFORTABLE)
    return warning(words, 'A night of 30 cameras may need more than 100 GB: choose a larger disk, or make room.');
  return good(words);
}
