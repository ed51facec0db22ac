import { isContradicted, type Job } from '#shared/domain/run.ts';

/** What the sender of a job said of it, where QLF says otherwise; empty where they agree. */
export function postedWords(job: Pick<Job, 'state' | 'posted'> | null): string {
  if (!job || !isContradicted(job)) return '';
  const said = job.posted === 'running' ? 'still running' : job.posted;
  return `The sender posted it as ${said ?? ''}: look at its log.`;
}
