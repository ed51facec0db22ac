import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { TransferFailure } from './failure.ts';

/** Environment variable by which the programs of one transfer are known, also when QLF and their leader are gone. */
const MARK = 'QLF_TRANSFER';

/** Who fills a staging folder: a process, and the mark that the programs it starts carry. */
interface Owner {
  pid: number;
  startTime: string | null;
  mark: string;
}

/** Clock ticks since boot at which a process began, null where the system does not tell; a reused number has another. */
function startTimeOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${String(pid)}/stat`, 'latin1');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}

/** Whether a process of that number lives. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function readOwner(file: string): Promise<Owner | null> {
  try {
    const owner = JSON.parse(await readFile(file, 'utf8')) as Partial<Owner>;
    const { pid, startTime = null, mark } = owner;
    return typeof pid === 'number' && typeof mark === 'string' ? { pid, startTime, mark } : null;
  } catch {
    return null;
  }
}

/** Whether somebody else lives who fills the folder. */
function isOthers(owner: Owner): boolean {
  return owner.pid !== process.pid && isAlive(owner.pid) && owner.startTime === startTimeOf(owner.pid);
}

/** Whether another living process has written its name into the file. */
export async function hasLivingOwner(file: string): Promise<boolean> {
  const owner = await readOwner(file);
  return owner !== null && isOthers(owner);
}

/** Processes that carry a mark; none where the system has no /proc. */
function carriersOf(mark: string): number[] {
  let names: string[];
  try {
    names = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  } catch {
    return [];
  }
  return names.map(Number).filter((pid) => {
    try {
      return readFileSync(`/proc/${String(pid)}/environ`, 'latin1')
        .split('\0')
        .includes(`${MARK}=${mark}`);
    } catch {
      return false;
    }
  });
}

/** Ends whoever carries the mark, and waits until nobody does. */
async function endCarriers(mark: string): Promise<void> {
  for (let left = carriersOf(mark); left.length > 0; left = carriersOf(mark)) {
    for (const pid of left) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It has ended in the meantime.
      }
    }
    await pause(10);
  }
}

/**
 * Makes this process the owner of what the file speaks for. What a dead owner has left running is ended first: two
 * programs never write into one part.
 * @returns environment for the programs of this transfer
 * @throws TransferFailure when another living process is the owner
 */
export async function takeOver(file: string): Promise<Record<string, string>> {
  const before = await readOwner(file);
  if (before && isOthers(before))
    throw new TransferFailure('link', `${file}: another QLF (pid ${String(before.pid)}) is fetching this file`);
  if (before) await endCarriers(before.mark);
  const owner: Owner = { pid: process.pid, startTime: startTimeOf(process.pid), mark: randomUUID() };
  await writeFile(file, JSON.stringify(owner));
  return { [MARK]: owner.mark };
}
