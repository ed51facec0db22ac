import { createWriteStream, mkdirSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { ControlRoom } from './control-room.ts';

const DISK_INTERVAL_MS = 30_000;

/** Publishes how full the data folder's disk is, now and every half minute. Returns the stop. */
export function watchDisk(room: ControlRoom, folder: string, now: () => number): () => void {
  const look = (): void => {
    statfs(folder).then(
      ({ blocks, bavail, bsize }) =>
        room.publish({
          type: 'disk',
          disk: { totalBytes: blocks * bsize, freeBytes: bavail * bsize, checkedAt: now() },
        }),
      (error: unknown) => room.log('engine', 'warning', `disk of ${folder} not readable: ${String(error)}`),
    );
  };
  look();
  const timer = setInterval(look, DISK_INTERVAL_MS);
  timer.unref();
  return () => clearInterval(timer);
}

/** Writes every line of the engine and the monitor to `logs/engine.log`, a JSON object a line. Returns the close. */
export function writeEngineLog(room: ControlRoom, logs: string): () => Promise<void> {
  mkdirSync(logs, { recursive: true });
  const stream = createWriteStream(join(logs, 'engine.log'), { flags: 'a' });
  let failed = false;
  stream.on('error', (error) => {
    if (failed) return;
    failed = true;
    room.log('monitor', 'error', `the engine log cannot be written: ${error.message}`);
  });
  const stop = room.onLine((line) => {
    if (line.source !== 'pipeline' && !failed)
      stream.write(`${JSON.stringify({ ...line, at: new Date(line.at).toISOString() })}\n`);
  });
  return () =>
    new Promise((resolve) => {
      stop();
      stream.end(resolve);
    });
}
