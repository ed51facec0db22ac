import { randomBytes } from 'node:crypto';
import type { JobObserver, JobPool, JobSpec, PipelineLimits } from '../domain/ports/job-pool.ts';
import type { JobExecutor } from './executor.ts';
import { superviseJob, type SupervisedJob } from './supervise-job.ts';

export interface JobPoolOptions {
  executor: JobExecutor;
  /** Jobs at once; at least 1. */
  parallel: number;
  /** Asked at each job's start, so that a changed setting holds from the next one. */
  limits: (spec: JobSpec) => PipelineLimits;
  /** Name of this engine, the same after a restart: marks its processes so that they can be found again. */
  instance: string;
  /** s between asking a job to end and killing it */
  graceSeconds?: number;
  /** Where a job's log stops growing. */
  maxLogBytes?: number;
}

interface Request {
  spec: JobSpec;
  observer: JobObserver;
}

/** Marks processes of one engine: every job's marker begins with it. */
export const instanceMarker = (instance: string): string => `${encodeURIComponent(instance)}/`;

/** Runs jobs by `executor`, at most `parallel` at once, oldest request first, each with its log, limits and end. */
export function createJobPool(options: JobPoolOptions): JobPool {
  const { executor, graceSeconds = 5, maxLogBytes = 16_000_000 } = options;
  const queue: Request[] = [];
  const running = new Map<number, SupervisedJob>();
  let parallel = Math.max(1, options.parallel);
  let closed = false;

  const start = ({ spec, observer }: Request): void => {
    const marker = `${instanceMarker(options.instance)}${String(spec.jobId)}/${randomBytes(6).toString('hex')}/`;
    const supervision = { executor, limits: options.limits(spec), marker, graceMs: graceSeconds * 1000, maxLogBytes };
    const job = superviseJob(spec, observer, supervision);
    running.set(spec.jobId, job);
    void job.done.then((end) => {
      running.delete(spec.jobId);
      try {
        observer.ended(spec, end);
      } finally {
        pump();
      }
    });
  };
  const pump = (): void => {
    while (running.size < parallel) {
      const request = queue.shift();
      if (!request) return;
      start(request);
    }
  };

  const cancelAll = async (): Promise<void> => {
    for (const { spec, observer } of queue.splice(0)) observer.ended(spec, { kind: 'cancelled' });
    const jobs = [...running.values()];
    for (const job of jobs) job.cancel();
    await Promise.allSettled(jobs.map((job) => job.done));
  };

  return {
    get parallel() {
      return parallel;
    },
    setParallel(wanted) {
      parallel = Math.max(1, wanted);
      pump();
    },
    submit(spec, observer) {
      if (closed) {
        observer.ended(spec, { kind: 'cancelled' });
        return;
      }
      if (running.has(spec.jobId) || queue.some((request) => request.spec.jobId === spec.jobId))
        throw new Error(`job ${String(spec.jobId)} (${spec.camera}) is already in the pool`);
      queue.push({ spec, observer });
      pump();
    },
    cancel(jobId) {
      const at = queue.findIndex((request) => request.spec.jobId === jobId);
      const [waiting] = at < 0 ? [] : queue.splice(at, 1);
      if (waiting) waiting.observer.ended(waiting.spec, { kind: 'cancelled' });
      else running.get(jobId)?.cancel();
    },
    cancelAll,
    async close() {
      closed = true;
      await cancelAll();
      await executor.close();
    },
  };
}
