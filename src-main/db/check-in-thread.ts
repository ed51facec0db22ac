import { Worker } from 'node:worker_threads';
import { QlfError } from '#shared/ipc/result.ts';
import type { DatabaseFacts } from './backup.ts';

/**
 * `checkDatabase` in a thread of its own.
 * @param program the file that checks when it is started as a thread
 * @throws the signal's reason, at once; the thread ends as soon as it comes out of SQLite
 */
export function checkInThread(program: URL, file: string, signal?: AbortSignal): Promise<DatabaseFacts> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const worker = new Worker(program, { workerData: file });
    const stop = (): void => {
      reject(signal?.reason as Error);
      void worker.terminate();
    };
    signal?.addEventListener('abort', stop, { once: true });
    worker.once('exit', () => signal?.removeEventListener('abort', stop));
    worker.once('message', (answer: { facts: DatabaseFacts } | { error: string }) => {
      if ('facts' in answer) resolve(answer.facts);
      else reject(new QlfError('conflict', answer.error));
    });
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new QlfError('internal', `${file} could not be checked (${String(code)})`)));
  });
}
