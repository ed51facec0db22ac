import { randomBytes } from 'node:crypto';
import { Value } from 'typebox/value';
import { WorkerJobEndSchema, type WorkerJob } from '#shared/domain/worker-protocol.ts';
import type { Child, ProgramLauncher } from '../domain/ports/program-launcher.ts';
import type { JobSpec } from '../domain/ports/job-pool.ts';
import { MARKER } from './end-tree.ts';
import type { Execution, ExecutionEnd, ExecutorOutput, JobExecutor } from './executor.ts';
import { findMark, MARK_START } from './mark-finder.ts';

export interface WarmExecutorOptions {
  /** Jobs after which a worker is replaced: whatever it has leaked goes with it. */
  jobsPerWorker?: number;
  /** s that a worker waits for work before its memory is given back */
  idleSeconds?: number;
}

/** ms after its `end` in which a worker's marks must come; without them its output cannot be told apart any more. */
const MARK_MS = 2000;

/** What a job hears of its worker. */
interface Listener {
  stdout: (chunk: Buffer) => void;
  stderr: (chunk: Buffer) => void;
  end: (code: number) => void;
}

/** A process of the built-in pipeline that takes one job after another. */
interface Worker {
  readonly child: Child;
  readonly marker: string;
  /** The process's number, once it is known; rejects never. */
  readonly started: Promise<number>;
  listener: Listener | undefined;
  jobs: number;
  /** It has ended or is being ended: nobody gets it any more. */
  spent: boolean;
  idleTimer: NodeJS.Timeout | undefined;
}

function end(worker: Worker, signal: 'SIGTERM' | 'SIGKILL'): void {
  worker.spent = true;
  worker.child.kill(signal);
}

function launchWorker(launcher: ProgramLauncher, marker: string): Worker {
  let tellStarted: (pid: number) => void = () => undefined;
  const started = new Promise<number>((resolve) => (tellStarted = resolve));
  const child = launcher.launch('ql-pipeline', {
    args: ['--worker'],
    env: { OMP_NUM_THREADS: '1', [MARKER]: marker },
    onStarted: (pid) => tellStarted(pid),
    onStdout: (chunk) => worker.listener?.stdout(chunk),
    onStderr: (chunk) => worker.listener?.stderr(chunk),
    onMessage: (message) => {
      if (Value.Check(WorkerJobEndSchema, message)) worker.listener?.end(message.code);
    },
  });
  const worker: Worker = { child, marker, started, listener: undefined, jobs: 0, spent: false, idleTimer: undefined };
  void child.ended.then(() => (worker.spent = true));
  return worker;
}

/** Gives the job to the worker; resolves when it has ended or the worker has. */
function runOn(worker: Worker, spec: JobSpec, output: ExecutorOutput): Promise<ExecutionEnd> {
  const mark = `${MARK_START}job-end ${randomBytes(8).toString('hex')}\n`;
  const done = new Promise<ExecutionEnd>((resolve) => {
    let ended: ExecutionEnd | undefined;
    let open = 2;
    const marked = (): void => {
      open -= 1;
      if (ended && open <= 0) resolve(ended);
    };
    worker.listener = {
      stdout: findMark(mark, output.onStdout, marked),
      stderr: findMark(mark, output.onStderr, marked),
      end(code) {
        ended = { code, signal: null, error: null };
        if (open <= 0) {
          resolve(ended);
          return;
        }
        setTimeout(() => {
          if (open <= 0) return;
          end(worker, 'SIGKILL');
          resolve({ code, signal: null, error: null });
        }, MARK_MS).unref();
      },
    };
  });
  const message: WorkerJob = { type: 'job', config: spec.configFile, env: spec.env, mark };
  worker.child.send(message);
  return Promise.race([done, worker.child.ended]).finally(() => (worker.listener = undefined));
}

/**
 * Runs jobs in processes of the built-in pipeline that stay for the next one, which saves each job their start. A
 * process has one job at a time, so the crash or the ending of one takes no other along.
 */
export function createWarmExecutor(launcher: ProgramLauncher, options: WarmExecutorOptions = {}): JobExecutor {
  const { jobsPerWorker = 100, idleSeconds = 60 } = options;
  const workers = new Set<Worker>();
  const idle: Worker[] = [];

  const retire = (worker: Worker): void => {
    clearTimeout(worker.idleTimer);
    const at = idle.indexOf(worker);
    if (at >= 0) idle.splice(at, 1);
    end(worker, 'SIGKILL');
  };
  const hire = (marker: string): Worker => {
    for (let worker = idle.pop(); worker; worker = idle.pop()) {
      clearTimeout(worker.idleTimer);
      if (!worker.spent) return worker;
    }
    const worker = launchWorker(launcher, marker);
    workers.add(worker);
    void worker.child.ended.then(() => workers.delete(worker));
    return worker;
  };
  const release = (worker: Worker): void => {
    if (worker.spent) return;
    if (worker.jobs >= jobsPerWorker) {
      retire(worker);
      return;
    }
    idle.push(worker);
    worker.idleTimer = setTimeout(() => retire(worker), idleSeconds * 1000).unref();
  };

  return {
    start(spec, marker, output): Execution {
      const worker = hire(marker);
      worker.jobs += 1;
      void worker.started.then(output.onStarted);
      return {
        marker: worker.marker,
        reused: true,
        kill: (signal) => end(worker, signal),
        ended: runOn(worker, spec, output),
        release: () => release(worker),
      };
    },
    async close() {
      for (const worker of [...idle]) retire(worker);
      await Promise.all([...workers].map((worker) => worker.child.ended));
    },
  };
}
