import { QlfError, type ErrorCode } from '#shared/ipc/result.ts';
import { HostKeyError } from '../domain/host-key-error.ts';

/**
 * Whether asking again helps. `link`: nothing is wrong with the file; it comes as soon as the network, the host or our
 * disk are well again · `file`: this file may be at rest a little later · `never`: a person has to do something first ·
 * `no-rsync`: another way may lead to the same file.
 */
export type Remedy = 'link' | 'file' | 'never' | 'no-rsync';

/** Why a file has not come, with what would help. */
export class TransferFailure extends QlfError {
  readonly remedy: Remedy;
  constructor(remedy: Remedy, message: string, code: ErrorCode = 'unavailable') {
    super(code, message);
    this.name = 'TransferFailure';
    this.remedy = remedy;
  }
}

/** Errors of our own disk that pass by themselves once somebody makes room. */
const DISK = new Set(['ENOSPC', 'EDQUOT', 'EIO', 'EROFS']);

/** What helps against an error of any kind. */
export function remedyOf(error: unknown): Remedy {
  if (error instanceof TransferFailure) return error.remedy;
  if (error instanceof HostKeyError) return 'never';
  if (error instanceof QlfError) return error.code === 'unavailable' ? 'file' : 'never';
  return DISK.has((error as NodeJS.ErrnoException).code ?? '') ? 'link' : 'never';
}
