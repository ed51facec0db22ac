import { Worker } from 'node:worker_threads';
import { QlfError } from '#shared/ipc/result.ts';
import type { TaskMessage, TaskName, TaskReply, Tasks } from './worker/protocol.ts';

/** What a task waits behind: what the person points at comes before what is only drawn. */
export type Urgency = 'now' | 'soon' | 'later';
const ORDER: Readonly<Record<Urgency, number>> = { now: 0, soon: 1, later: 2 };

interface Waiting {
  message: TaskMessage;
  view: number | null;
  urgency: Urgency;
  resolve: (value: unknown) => void;
  reject: (error: Error) => void;
}

/** One thread does one task at a time; what waits can still be called off. */
interface Lane {
  worker: Worker | null;
  current: Waiting | null;
  waiting: Waiting[];
  timeout: NodeJS.Timeout | undefined;
}

export interface ThreadOptions {
  /** The worker's program. */
  program: string | URL;
  threads: number;
  /** A task that takes longer has hung; its thread is ended. */
  timeoutMs: number;
  /** Most tasks that wait; more are refused. */
  mostWaiting: number;
}

/** Threads that read images. They start when they are first needed, or by `warm`; one that dies takes only its task along. */
export class ImageThreads {
  readonly #options: ThreadOptions;
  readonly #lanes: Lane[];
  #lastId = 0;
  #closed = false;

  constructor(options: ThreadOptions) {
    this.#options = options;
    this.#lanes = Array.from({ length: options.threads }, () => ({
      worker: null,
      current: null,
      waiting: [],
      timeout: undefined,
    }));
  }

  /**
   * @param about tasks about the same thing meet in the same thread, which has it in memory
   * @param view whoever asks, for `cancel`
   * @throws QlfError with what the worker said; `unavailable` when it was called off, hung or died
   */
  run<T extends TaskName>(
    task: T,
    request: Tasks[T]['request'],
    { about, view, urgency }: { about: string; view: number | null; urgency: Urgency },
  ): Promise<Tasks[T]['answer']> {
    const lane = this.#lanes[hash(about) % this.#lanes.length];
    if (!lane || this.#closed) return Promise.reject(new QlfError('unavailable', 'QLF is closing'));
    if (lane.waiting.length >= this.#options.mostWaiting)
      return Promise.reject(
        new QlfError('unavailable', 'too many images are asked for at once; wait for some of them'),
      );
    return new Promise<unknown>((resolve, reject) => {
      const message = { id: (this.#lastId += 1), task, request };
      const waiting = { message, view, urgency, resolve, reject };
      const at = lane.waiting.findIndex((other) => ORDER[other.urgency] > ORDER[urgency]);
      lane.waiting.splice(at < 0 ? lane.waiting.length : at, 0, waiting);
      this.#next(lane);
    }) as Promise<Tasks[T]['answer']>;
  }

  /** Calls off what waits for a view; what is being done ends. */
  cancel(view: number): void {
    for (const lane of this.#lanes) {
      const off = lane.waiting.filter((task) => task.view === view);
      lane.waiting = lane.waiting.filter((task) => task.view !== view);
      for (const task of off) task.reject(new QlfError('unavailable', 'called off: it is not on screen any more'));
    }
  }

  /** Starts the threads before they are needed. */
  warm(): void {
    if (this.#closed) return;
    for (const lane of this.#lanes) lane.worker ??= this.#start(lane);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(
      this.#lanes.map(async (lane) => {
        const { worker } = lane;
        this.#fail(lane, 'QLF is closing');
        for (const task of lane.waiting.splice(0)) task.reject(new QlfError('unavailable', 'QLF is closing'));
        await worker?.terminate();
      }),
    );
  }

  #next(lane: Lane): void {
    if (lane.current || this.#closed) return;
    const task = lane.waiting.shift();
    if (!task) return;
    lane.current = task;
    lane.worker ??= this.#start(lane);
    lane.timeout = setTimeout(() => {
      this.#fail(
        lane,
        `reading the image took longer than ${String(this.#options.timeoutMs / 1000)} s; it was given up`,
      );
      this.#next(lane);
    }, this.#options.timeoutMs);
    lane.worker.postMessage(task.message);
  }

  #start(lane: Lane): Worker {
    const worker = new Worker(this.#options.program);
    // The engine ends when it is told to, whether or not images were looked at.
    worker.unref();
    worker.on('message', (reply: TaskReply) => this.#take(lane, worker, reply));
    const die = (reason: string): void => {
      if (lane.worker !== worker) return;
      this.#fail(lane, `the thread that reads images died: ${reason}`);
      this.#next(lane);
    };
    worker.on('error', (error) => die(error instanceof Error ? error.message : String(error)));
    worker.on('exit', (code) => die(`it ended with code ${String(code)}`));
    return worker;
  }

  #take(lane: Lane, worker: Worker, reply: TaskReply): void {
    const { current } = lane;
    if (lane.worker !== worker || current?.message.id !== reply.id) return;
    clearTimeout(lane.timeout);
    lane.current = null;
    if (reply.ok) current.resolve(reply.value);
    else if (reply.code === 'internal') current.reject(new Error(reply.message));
    else current.reject(new QlfError(reply.code, reply.message));
    this.#next(lane);
  }

  /** Gives the lane's task and thread up. */
  #fail(lane: Lane, reason: string): void {
    clearTimeout(lane.timeout);
    const { worker, current } = lane;
    lane.worker = null;
    lane.current = null;
    void worker?.terminate();
    current?.reject(new QlfError('unavailable', reason));
  }
}

function hash(text: string): number {
  let value = 0;
  for (let i = 0; i < text.length; i++) value = (Math.imul(value, 31) + text.charCodeAt(i)) >>> 0;
  return value;
}
