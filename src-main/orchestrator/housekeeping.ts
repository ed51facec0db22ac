import { statfs } from 'node:fs/promises';
import type { DiskUsage } from '#shared/state/control-room.ts';
import type { ControlRoom } from './control-room.ts';
import { diskSpace } from '../domain/disk-space.ts';

const DISK_INTERVAL_MS = 30_000;
const LIMITS_INTERVAL_MS = 1000;
const NIGHTS_INTERVAL_MS = 600_000;

/** Used shares of the disk from which it is a warning and a fault. */
export interface DiskLimits {
  diskWarning: number;
  diskFault: number;
}

/**
 * Publishes how full the data folder's disk is, now and every half minute, and its limits as soon as they are others. Returns the
 * stop.
 * @param bytesOfNight what a night takes; null: there is no whole one yet. Asked now and every ten minutes
 */
export function watchDisk(
  room: ControlRoom,
  folder: string,
  limits: () => DiskLimits,
  bytesOfNight: (folder: string, signal: AbortSignal) => Promise<number | null>,
  now: () => number,
): () => void {
  const end = new AbortController();
  let nightBytes: number | null = null;
  const publish = (disk: Pick<DiskUsage, 'totalBytes' | 'freeBytes' | 'checkedAt'>): void => {
    if (end.signal.aborted) return;
    const { diskWarning: warnAt, diskFault: faultAt } = limits();
    const { totalBytes, freeBytes, checkedAt } = disk;
    const usage = { totalBytes, freeBytes, checkedAt, warnAt, faultAt };
    room.publish({ type: 'disk', disk: nightBytes === null ? usage : { ...usage, nightBytes } });
  };
  const measure = (): void => {
    bytesOfNight(folder, end.signal).then(
      (bytes) => {
        const { disk } = room.snapshot();
        const changed = bytes !== nightBytes;
        nightBytes = bytes;
        if (disk && changed) publish(disk);
      },
      (error: unknown) => {
        if (!end.signal.aborted) room.log('engine', 'warning', `size of the nights in ${folder}: ${String(error)}`);
      },
    );
  };
  const look = (): void => {
    statfs(folder).then(
      (disk) => {
        const { totalBytes, freeBytes } = diskSpace(disk);
        publish({ totalBytes, freeBytes, checkedAt: now() });
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
  measure();
  const timers = [
    setInterval(look, DISK_INTERVAL_MS),
    setInterval(compare, LIMITS_INTERVAL_MS),
    setInterval(measure, NIGHTS_INTERVAL_MS),
  ];
  for (const timer of timers) timer.unref();
  return () => {
    end.abort();
    for (const timer of timers) clearInterval(timer);
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
