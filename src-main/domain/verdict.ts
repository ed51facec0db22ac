import type { Job, RunState } from '#shared/domain/run.ts';

/**
 * How a run ended once none of its jobs is waiting or running: done when at least one camera was processed, else
 * cancelled if a person ended it, else failed. Failed cameras stay visible as such in a run that is done.
 */
export function runVerdict(jobs: readonly Job[]): { state: Exclude<RunState, 'running'>; reason: string } {
  const count = (state: Job['state']) => jobs.filter((job) => job.state === state).length;
  const parts = (['failed', 'missing', 'cancelled'] as const)
    .map((state) => ({ state, n: count(state) }))
    .filter(({ n }) => n > 0)
    .map(({ state, n }) => `${String(n)} ${state}`);
  if (count('done') > 0) return { state: 'done', reason: parts.join(', ') };
  if (count('cancelled') > 0) return { state: 'cancelled', reason: parts.join(', ') };
  return { state: 'failed', reason: parts.join(', ') || 'no camera in the file' };
}
