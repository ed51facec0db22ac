/** Reads and decodes images in a thread of its own; the engine's does not wait for any of it. */
import { parentPort } from 'node:worker_threads';
import { serveTasks } from './images/worker/serve-tasks.ts';
import { createTasks } from './images/worker/tasks.ts';

/** Bytes of decoded pixels that a thread keeps: ten full-size raw cameras. */
const CACHE_BYTES = 360 * 2 ** 20;

if (!parentPort) throw new Error('image-worker is a part of QLF and is started by it');
serveTasks(parentPort, createTasks(CACHE_BYTES));
