import { setTimeout as pause } from 'node:timers/promises';
import { listProcesses, startedWith, type ProcessEntry } from './process-table.ts';

/** Environment variable by which descendants are known that left their parent, group and session. */
export const MARKER = 'QLF_JOB';

/** Where a tree of processes begins. */
export interface TreeRoot {
  /** Null: known by the marker only. */
  pid: number | null;
  startTime: string | null;
  /**
   * Beginning of the value of {@link MARKER} in the environment of the tree's processes; closed by a character that
   * no longer value has there.
   */
  marker: string;
  /** The root itself lives on (a worker that takes the next job); only what it left behind is ended. */
  keepRoot: boolean;
}

/** ms between looks at what is left: the first, and the longest. */
const FIRST_ROUND_MS = 10;
const LONGEST_ROUND_MS = 200;
/** ms of killing after which who is left is given up. */
const LIMIT_MS = 10_000;

/** This process and those it descends from: never ended, whatever they carry. */
function ourselves(all: readonly ProcessEntry[]): Set<number> {
  const parents = new Map(all.map((entry) => [entry.pid, entry.parent]));
  const line = new Set([1]);
  for (let pid: number | undefined = process.pid; pid !== undefined && !line.has(pid); pid = parents.get(pid))
    line.add(pid);
  return line;
}

const sameProcess = (a: ProcessEntry, b: ProcessEntry): boolean => a.pid === b.pid && a.startTime === b.startTime;

/**
 * Who is left of a tree: the root, its descendants by parenthood, members of its group and session, and whoever
 * carries its marker; with those of `known` that still live (their parents may have died since).
 */
async function leftOf(root: TreeRoot, known: readonly ProcessEntry[]): Promise<ProcessEntry[]> {
  const all = await listProcesses();
  const holder = all.find((entry) => entry.pid === root.pid);
  const rootLives = holder !== undefined && holder.startTime === root.startTime;
  // The kernel gives no number away while a group or session has it: a new holder means that ours has no members.
  const ownGroup = root.pid !== null && (rootLives || holder === undefined);
  const spared = ourselves(all);
  const since = Number(root.startTime ?? 0);
  const found = new Set<number>();
  for (const entry of all) {
    // Nobody descends from a process that is younger; that also keeps a reused number from being taken for the root.
    if (Number(entry.startTime) < since || spared.has(entry.pid)) continue;
    const belongs =
      (rootLives && entry.pid === root.pid) ||
      (ownGroup && (entry.group === root.pid || entry.session === root.pid)) ||
      known.some((one) => sameProcess(one, entry)) ||
      startedWith(entry.pid, `${MARKER}=${root.marker}`);
    if (belongs) found.add(entry.pid);
  }
  // Children are listed in any order: go on until a pass finds nobody new.
  for (let before = -1; before !== found.size;) {
    before = found.size;
    for (const entry of all) if (found.has(entry.parent) && !spared.has(entry.pid)) found.add(entry.pid);
  }
  if (root.keepRoot && root.pid !== null) found.delete(root.pid);
  return all.filter((entry) => found.has(entry.pid));
}

function signalEach(entries: readonly ProcessEntry[], signal: 'SIGTERM' | 'SIGKILL'): void {
  for (const { pid } of entries) {
    try {
      process.kill(pid, signal);
    } catch {
      // It has ended in the meantime.
    }
  }
}

/**
 * Ends a tree of processes, also those that left its group: asks (SIGTERM), waits at most `graceMs` and then kills,
 * again and again until nobody is left. `graceMs` 0 kills at once.
 * @param ask called instead where nobody is found: on systems without /proc
 * @returns the pids that could not be ended (stuck in the kernel)
 */
export async function endTree(root: TreeRoot, graceMs: number, ask: () => void = () => undefined): Promise<number[]> {
  // Looked up before anybody is asked: the first to end takes the knowledge of its children along.
  let left = await leftOf(root, []);
  if (graceMs > 0) signalEach(left, 'SIGTERM');
  if (graceMs > 0 && left.length === 0) ask();
  let round = FIRST_ROUND_MS;
  for (let waited = 0; left.length > 0 && waited < graceMs + LIMIT_MS; waited += round) {
    if (waited >= graceMs) signalEach(left, 'SIGKILL');
    round = Math.min(2 * round, LONGEST_ROUND_MS);
    await pause(round);
    left = await leftOf(root, left);
  }
  return left.map((entry) => entry.pid);
}
