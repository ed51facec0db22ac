import type { JobEnd, PipelineLimits } from '../domain/ports/job-pool.ts';

export type TimeIsUp = Extract<JobEnd, { kind: 'timeout' } | { kind: 'lost-heartbeat' }>;

/** ms given to what is already in the pipes before silence counts: our own stall must not look like the job's. */
const READ_UP_MS = 50;

/**
 * Watches a job's time from now on: calls back once, when it takes too long or has been silent for too long.
 * @param activity when the job last gave a sign, on the clock of performance.now()
 * @returns stops watching
 */
export function watchTime(
  limits: PipelineLimits,
  activity: { readonly lastAt: number },
  onEnd: (end: TimeIsUp) => void,
): () => void {
  const timeout = setTimeout(() => {
    stop();
    onEnd({ kind: 'timeout', seconds: limits.timeoutSeconds });
  }, limits.timeoutSeconds * 1000);
  let silence: NodeJS.Timeout | undefined;
  const stop = (): void => {
    clearTimeout(timeout);
    clearTimeout(silence);
  };

  const { heartbeatSeconds } = limits;
  if (heartbeatSeconds === null) return stop;
  const remaining = (): number => activity.lastAt + heartbeatSeconds * 1000 - performance.now();
  const judge = (): void => {
    if (remaining() > 0) {
      listen();
      return;
    }
    stop();
    onEnd({ kind: 'lost-heartbeat', seconds: heartbeatSeconds });
  };
  const listen = (): void => {
    silence = setTimeout(
      () => {
        if (remaining() > 0) {
          listen();
          return;
        }
        silence = setTimeout(judge, READ_UP_MS);
      },
      Math.max(remaining(), 1),
    );
  };
  listen();
  return stop;
}
