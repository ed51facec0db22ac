import type { JobProcess } from '../domain/ports/store.ts';
import { endTree, MARKER } from './end-tree.ts';
import { instanceMarker } from './job-pool.ts';
import { startTimeOf } from './process-table.ts';

/** ms given to the orphans of a crashed engine to end by themselves. */
const GRACE_MS = 2000;

/** Environment by which a child that is no job's (a transfer) is found and ended when this engine has crashed. */
export function engineMark(instance: string): Record<string, string> {
  return { [MARKER]: `${instanceMarker(instance)}engine/` };
}

/**
 * Ends what a crashed engine left running: the processes on record that still live and are really ours (the start
 * time tells a reused number), whatever carries this engine's mark, and all their descendants.
 * @param instance the engine's name, as its job pool has it
 * @returns the pids that could not be ended
 */
export async function endOrphans(processes: readonly JobProcess[], instance: string): Promise<number[]> {
  const marker = instanceMarker(instance);
  const ours = processes.filter(({ pid, startTime }) => startTime !== null && startTimeOf(pid) === startTime);
  const roots = ours.map(({ pid, startTime }) => ({ pid, startTime, marker, keepRoot: false }));
  // One more look for the mark alone: the recorded process may have died and left descendants.
  const unknown = { pid: null, startTime: null, marker, keepRoot: false };
  const left = await Promise.all([...roots, unknown].map((root) => endTree(root, GRACE_MS)));
  return [...new Set(left.flat())];
}
