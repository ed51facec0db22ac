/** What statfs(2) says, as far as it is needed here: blocks of `bsize` bytes. */
export interface DiskBlocks {
  blocks: number;
  /** Free, those that are kept for root too. */
  bfree: number;
  /** Free for everybody. */
  bavail: number;
  bsize: number;
}

/**
 * Space of a disk in bytes, as `df` counts it: what is kept for root is neither used nor free, so that a disk is full when
 * nothing more can be written.
 */
export function diskSpace({ blocks, bfree, bavail, bsize }: DiskBlocks): {
  totalBytes: number;
  freeBytes: number;
  /** 0 … 1 */
  used: number;
} {
  const total = blocks - bfree + bavail;
  return { totalBytes: total * bsize, freeBytes: bavail * bsize, used: total <= 0 ? 0 : 1 - bavail / total };
}
