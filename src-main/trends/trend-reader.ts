import { Worker } from 'node:worker_threads';
import { QlfError } from '#shared/ipc/result.ts';
import type { TrendQuestions, TrendReader } from '../domain/ports/trends.ts';
import type { Answer, Question } from './serve-questions.ts';

interface Waiting {
  resolve: (value: unknown) => void;
  reject: (error: unknown) => void;
}

/**
 * Asks the thread, which begins with the first question and is made again should it die.
 * @param program the file that serves questions when it is started as a thread
 * @param databaseFile a database that has been opened, and so brought to this schema, before
 */
export function createTrendReader(program: URL, databaseFile: string): TrendReader {
  let thread: Worker | null = null;
  let next = 1;
  const waiting = new Map<number, Waiting>();

  const fail = (worker: Worker, reason: string): void => {
    if (worker !== thread) return;
    thread = null;
    for (const { reject } of waiting.values())
      reject(new QlfError('internal', `trends could not be read from ${databaseFile}: ${reason}. Ask again`));
    waiting.clear();
  };
  const start = (): Worker => {
    const worker = new Worker(program, { workerData: databaseFile });
    worker.on('message', (answer: Answer) => {
      const asked = waiting.get(answer.id);
      waiting.delete(answer.id);
      if ('error' in answer)
        asked?.reject(new QlfError('internal', `trends could not be read from ${databaseFile}: ${answer.error}`));
      else asked?.resolve(answer.value);
    });
    worker.on('error', (error: Error) => {
      fail(worker, error.message);
    });
    worker.on('exit', (code) => {
      fail(worker, `its thread ended with code ${String(code)}`);
    });
    // A question under way keeps nothing from ending.
    worker.unref();
    return worker;
  };
  const ask =
    <K extends keyof TrendQuestions>(name: K) =>
    (argument?: unknown) =>
      new Promise<ReturnType<TrendQuestions[K]>>((resolve, reject) => {
        thread ??= start();
        const id = next++;
        waiting.set(id, { resolve: resolve as (value: unknown) => void, reject });
        thread.postMessage({ id, name, argument } satisfies Question);
      });
  return {
    catalogue: ask('catalogue'),
    lines: ask('lines'),
    regression: ask('regression'),
    conditions: ask('conditions'),
    footprint: ask('footprint'),
    tileExposures: ask('tileExposures'),
    close: async () => {
      const worker = thread;
      if (worker) fail(worker, 'QLF is closing');
      await worker?.terminate();
    },
  };
}
