import type { DiskUsage } from '#shared/state/control-room.ts';

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
    status: used >= disk.faultAt ? 'failed' : used >= disk.warnAt ? 'warning' : 'normal',
  };
}
