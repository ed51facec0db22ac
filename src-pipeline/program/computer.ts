import { type ResourceLimits, Worker } from 'node:worker_threads';
import type { JobEvent } from '../job/events.ts';
import { EXIT, messageOf } from '../job/failure.ts';
import type { JobRequest } from '../job/load-configuration.ts';
import type { ApiAccess } from '../report/api-client.ts';
import { superviseJob, type JobOutcome } from './supervise.ts';

/** The thread that computes, and what goes on around its jobs; one job at a time. */
export interface Computer {
  run(request: JobRequest, access: ApiAccess | null): Promise<JobOutcome>;
  close(): void;
}

/**
 * Starts the computing thread at once, so that it loads while others do. A thread that dies takes only its job along: the
 * next job gets a new one.
 * @param program the file that serves jobs when it is started as a thread
 * @param write writes to the log (stdout)
 * @param resourceLimits of the thread's own memory; images lie beside it
 */
export function createComputer(
  program: URL,
  write: (text: string) => void,
  resourceLimits: ResourceLimits = {},
): Computer {
  let thread = new Worker(program, { resourceLimits });
  let dead = false;
  let listen: (event: JobEvent) => void = () => undefined;

  const attach = (worker: Worker): void => {
    const die = (reason: string): void => {
      if (worker !== thread || dead) return;
      dead = true;
      listen({ kind: 'ended', code: EXIT.crashed, reason: `the computing died: ${reason}` });
    };
    worker.on('message', (event: JobEvent) => {
      if (worker === thread) listen(event);
    });
    worker.on('error', (error) => die(messageOf(error)));
    worker.on('exit', (code) => die(`its thread ended with code ${code}`));
  };
  attach(thread);

  return {
    async run(request, access) {
      const supervisor = superviseJob({ access, write });
      listen = (event) => supervisor.take(event);
      if (dead) {
        thread = new Worker(program, { resourceLimits });
        dead = false;
        attach(thread);
      }
      thread.postMessage(request);
      return supervisor.outcome;
    },
    close: () => void thread.terminate(),
  };
}
