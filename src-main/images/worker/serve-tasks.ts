import type { MessagePort } from 'node:worker_threads';
import { FitsError } from '#shared/fits/fits-error.ts';
import type { TaskMessage, TaskReply } from './protocol.ts';
import { TaskError } from './task-error.ts';
import type { TaskHandlers } from './tasks.ts';

/** Buffers of an answer, which move instead of being copied. */
function buffersOf(value: unknown): ArrayBuffer[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).filter((item): item is ArrayBuffer => item instanceof ArrayBuffer);
}

function failure(id: number, error: unknown): TaskReply {
  if (error instanceof TaskError) return { id, ok: false, code: error.code, message: error.message };
  if (error instanceof FitsError) return { id, ok: false, code: 'conflict', message: error.message };
  return {
    id,
    ok: false,
    code: 'internal',
    message: error instanceof Error ? (error.stack ?? error.message) : String(error),
  };
}

/** Answers tasks in the order in which they come. */
export function serveTasks(port: MessagePort, tasks: TaskHandlers): void {
  let work = Promise.resolve();
  port.on('message', ({ id, task, request }: TaskMessage) => {
    work = work.then(async () => {
      try {
        const value = await (tasks[task] as (request: unknown) => Promise<unknown>)(request);
        port.postMessage({ id, ok: true, value } satisfies TaskReply, buffersOf(value));
      } catch (error) {
        port.postMessage(failure(id, error));
      }
    });
  });
}
