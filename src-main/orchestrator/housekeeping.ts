import { createWriteStream, mkdirSync, type WriteStream } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { nightOf } from '#shared/domain/night.ts';
import type { DiskUsage } from '#shared/state/control-room.ts';
import type { ControlRoom } from './control-room.ts';

const DISK_INTERVAL_MS = 30_000;
const LIMITS_INTERVAL_MS = 1000;

/** Used shares of the disk from which it is a warning and a fault. */
export interface DiskLimits {
  diskWarning: number;
  diskFault: number;
}

/**
 * Publishes how full the data folder's disk is, now and every half minute, and its limits as soon as they are others. Returns the
 * stop.
 */
export function watchDisk(room: ControlRoom, folder: string, limits: () => DiskLimits, now: () => number): () => void {
  const publish = (disk: Pick<DiskUsage, 'totalBytes' | 'freeBytes' | 'checkedAt'>): void => {
    const { diskWarning: warnAt, diskFault: faultAt } = limits();
    room.publish({ type: 'disk', disk: { ...disk, warnAt, faultAt } });
  };
  const look = (): void => {
    statfs(folder).then(
      ({ blocks, bavail, bsize }) => {
        publish({ totalBytes: blocks * bsize, freeBytes: bavail * bsize, checkedAt: now() });
      },
      (error: unknown) => {
        room.log('engine', 'warning', `disk of ${folder} not readable: ${String(error)}`);
      },
    );
  };
  const compare = (): void => {
    const { disk } = room.snapshot();
    const { diskWarning, diskFault } = limits();
    if (disk && (disk.warnAt !== diskWarning || disk.faultAt !== diskFault)) publish(disk);
  };
  look();
  const timers = [setInterval(look, DISK_INTERVAL_MS), setInterval(compare, LIMITS_INTERVAL_MS)];
  for (const timer of timers) timer.unref();
  return () => {
    for (const timer of timers) clearInterval(timer);
  };
}

export interface EngineLog {
  /** Path of the file that is written now. */
  file(): string;
  close(): Promise<void>;
}

/**
 * Writes every line of the engine and the monitor to `logs/engine-NIGHT.log`, a JSON object a line; each night has a file of its
 * own.
 */
export function writeEngineLog(room: ControlRoom, logs: string, now: () => number): EngineLog {
  mkdirSync(logs, { recursive: true });
  let failed = false;
  const openFile = (night: string): { night: string; file: string; stream: WriteStream } => {
    const file = join(logs, `engine-${night}.log`);
    const stream = createWriteStream(file, { flags: 'a' });
    stream.on('error', (error) => {
      if (failed) return;
      failed = true;
      room.log('monitor', 'error', `the engine log cannot be written: ${error.message}`);
    });
    return { night, file, stream };
  };
  let current = openFile(nightOf(now()));
  const stop = room.onLine((line) => {
    if (line.source === 'pipeline' || failed) return;
    const night = nightOf(line.at);
    if (night !== current.night) {
      current.stream.end();
      current = openFile(night);
    }
    current.stream.write(`${JSON.stringify({ ...line, at: new Date(line.at).toISOString() })}\n`);
  });
  return {
    file: () => current.file,
    close: () =>
      new Promise((resolve) => {
        stop();
        current.stream.end(resolve);
      }),
  };
}

const BEAT_MS = 5000;

/** Lets the interface know every few seconds that the engine lives. Returns the stop. */
export function keepPulse(room: Pick<ControlRoom, 'pulse'>): () => void {
  const timer = setInterval(() => {
    room.pulse();
  }, BEAT_MS);
  timer.unref();
  return () => clearInterval(timer);
}
