import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { QlfError } from '#shared/ipc/result.ts';

/** Start time of a process in clock ticks since boot (Linux); tells a reused pid from the old owner. */
function startTime(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${String(pid)}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}

function isAlive(owner: { pid: number; startTime: string | null }): boolean {
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  return owner.startTime === null || owner.startTime === startTime(owner.pid);
}

/**
 * Makes this process the one engine of a data folder; a lock left by a dead one is taken over.
 * @returns the unlock
 * @throws QlfError `conflict` naming the owner's pid
 */
export function lockFolder(folder: string): () => void {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'engine.lock');
  const mine = join(folder, `engine.lock.${String(process.pid)}`);
  for (let attempt = 0; ; attempt++) {
    try {
      writeFileSync(mine, JSON.stringify({ pid: process.pid, startTime: startTime(process.pid) }));
      // A link appears whole: nobody ever reads a lock that is still being written.
      linkSync(mine, file);
      return () => rmSync(file, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || attempt > 2) throw error;
    } finally {
      rmSync(mine, { force: true });
    }
    const owner = readOwner(file);
    if (owner && isAlive(owner))
      throw new QlfError(
        'conflict',
        `another QLF (pid ${String(owner.pid)}) works in ${folder}; close it or choose another folder with --data`,
      );
    rmSync(file, { force: true });
  }
}

/** Pid of the living process that has a folder locked; null where none has. */
export function folderOwner(folder: string): number | null {
  const owner = readOwner(join(folder, 'engine.lock'));
  return owner && isAlive(owner) ? owner.pid : null;
}

/** Whether a lock lies in a folder, of whomever. */
export function hasLock(folder: string): boolean {
  return existsSync(join(folder, 'engine.lock'));
}

function readOwner(file: string): { pid: number; startTime: string | null } | null {
  try {
    const owner = JSON.parse(readFileSync(file, 'utf8')) as { pid?: unknown; startTime?: unknown };
    if (typeof owner.pid !== 'number') return null;
    return { pid: owner.pid, startTime: typeof owner.startTime === 'string' ? owner.startTime : null };
  } catch {
    return null;
  }
}
