import { readdirSync, readFileSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';

/** A process as the kernel knows it; the start time (clock ticks since boot) tells a reused pid. */
export interface ProcessEntry {
  pid: number;
  parent: number;
  group: number;
  session: number;
  startTime: string;
}

/** Processes looked at before the event loop gets its turn. */
const AT_ONCE = 200;

/** /proc/PID/stat; undefined when it is gone, or only its parent's unread exit status is left. */
function readEntry(pid: number): ProcessEntry | undefined {
  try {
    const stat = readFileSync(`/proc/${String(pid)}/stat`, 'latin1');
    // The command's name stands in parentheses and may hold anything, parentheses and spaces included.
    const [state, parent, group, session, ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (state === 'Z' || state === 'X') return undefined;
    return { pid, parent: Number(parent), group: Number(group), session: Number(session), startTime: rest[15] ?? '' };
  } catch {
    return undefined;
  }
}

/** When the process started, in clock ticks since boot; null where it is gone or the system has no /proc. */
export function startTimeOf(pid: number): string | null {
  return readEntry(pid)?.startTime ?? null;
}

/** All processes of the system; none where it has no /proc. */
export async function listProcesses(): Promise<ProcessEntry[]> {
  let names: string[];
  try {
    names = readdirSync('/proc').filter((name) => /^[0-9]+$/.test(name));
  } catch {
    return [];
  }
  const entries: ProcessEntry[] = [];
  for (const [index, name] of names.entries()) {
    if (index % AT_ONCE === AT_ONCE - 1) await nextTurn();
    const entry = readEntry(Number(name));
    if (entry) entries.push(entry);
  }
  return entries;
}

/** Whether the process was started with an environment variable that begins with `text` (NAME=value). */
export function startedWith(pid: number, text: string): boolean {
  try {
    const environment = readFileSync(`/proc/${String(pid)}/environ`, 'latin1');
    return environment.startsWith(text) || environment.includes(`\0${text}`);
  } catch {
    return false;
  }
}
