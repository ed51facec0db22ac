import { count, formatBytes } from './format.ts';
import type { DiskUsage } from '#shared/state/control-room.ts';

export interface DiskView {
  used: number;
  percent: number;
  status: 'normal' | 'warning' | 'failed';
  /** '4.7 TB free, about 11 nights'; the nights are left out until one was measured. */
  free: string;
}

function freeWords({ freeBytes, nightBytes }: DiskUsage): string {
  const free = `${formatBytes(freeBytes)} free`;
  if (nightBytes === undefined || nightBytes <= 0) return free;
  const nights = Math.floor(freeBytes / nightBytes);
  if (nights > 999) return `${free}, 1000 nights or more`;
  return nights === 0 ? `${free}, less than a night` : `${free}, about ${count(nights, 'night')}`;
}

/** How full the data folder's disk is, 0 … 1. */
export function diskView(disk: DiskUsage): DiskView {
  const used = disk.totalBytes > 0 ? Math.min(1, Math.max(0, 1 - disk.freeBytes / disk.totalBytes)) : 0;
  return {
    used,
    percent: Math.round(used * 100),
    free: freeWords(disk),
    status: used >= disk.faultAt ? 'failed' : used >= disk.warnAt ? 'warning' : 'normal',
  };
}
