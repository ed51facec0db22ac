import type { WorkerJob, WorkerJobEnd } from '#shared/domain/worker-protocol.ts';
import { accessFromEnvironment } from '../report/api-client.ts';
import type { Computer } from './computer.ts';
import type { ParentLink } from './parent-link.ts';
import type { JobOutcome } from './supervise.ts';

/** Where a program's output goes. */
export interface Output {
  stdout: (text: string) => void;
  stderr: (text: string) => void;
}

/**
 * The warm worker: takes one job after another from the engine, each as if the program had been started for it, and
 * marks the end of its output. Jobs that come while one runs wait.
 */
export function serveEngine(
  link: ParentLink,
  computer: Computer,
  output: Output,
  report: (outcome: JobOutcome) => void,
): void {
  let last = Promise.resolve();
  link.onMessage((message) => {
    if (!isWorkerJob(message)) return;
    last = last.then(() => serve(message));
  });

  async function serve({ config, env, mark }: WorkerJob): Promise<void> {
    const request = { configFile: config, run: null, compatible: false, qaJson: false, logLevel: null };
    const outcome = await computer.run(request, accessFromEnvironment(env));
    report(outcome);
    output.stdout(mark);
    output.stderr(mark);
    const end: WorkerJobEnd = { type: 'end', code: outcome.code };
    link.send(end);
  }
}

/** The engine is our own, so this only keeps strangers out; a wrong path or address fails the job by itself. */
function isWorkerJob(message: unknown): message is WorkerJob {
  if (typeof message !== 'object' || message === null) return false;
  const { type, config, env, mark } = message as Partial<Record<keyof WorkerJob, unknown>>;
  return (
    type === 'job' && typeof config === 'string' && typeof env === 'object' && env !== null && typeof mark === 'string'
  );
}
