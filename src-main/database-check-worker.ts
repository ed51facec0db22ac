/** The thread that proves a copy of the database: reading all of it would hold the engine up. */
import { parentPort, workerData } from 'node:worker_threads';
import { checkDatabase } from './db/backup.ts';

try {
  parentPort?.postMessage({ facts: checkDatabase(String(workerData)) });
} catch (error) {
  parentPort?.postMessage({ error: error instanceof Error ? error.message : String(error) });
}
