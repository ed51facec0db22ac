import type { DiskUsage } from '#shared/state/control-room.ts';

/** Shares of the disk from which it is a warning and a fault: a full night must still fit. */
export const DISK_WARN = 0.8;
export const DISK_FULL = 0.92;

export interface DiskView {
  used: number;
  percent: number;
  status: 'normal' | 'warning' | 'failed';
}

/** How full the data folder's disk is, 0 … 1. */
export function diskView(disk: DiskUsage): DiskView {
  const used = disk.totalBytes > 0 ? Math.min(1, Math.max(0, 1 - disk.freeBytes / disk.totalBytes)) : 0;
  return {
    used,
    percent: Math.round(used * 100),
    status: used >= DISK_FULL ? 'failed' : used >= DISK_WARN ? 'warning' : 'normal',
  };
}
