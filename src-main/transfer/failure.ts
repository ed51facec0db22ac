import { QlfError, type ErrorCode } from '#shared/ipc/result.ts';
import { HostKeyError } from '../domain/host-key-error.ts';

/**
 * Whether asking again helps. `link`: nothing is wrong with the file; it comes as soon as the network, the host or our
 * disk are well again · `person`: it comes once somebody has accepted the host's key, given a passphrase, or let the account
 * in · `file`: this file may be at rest a little later · `never`: nothing changes by waiting · `no-rsync`: another way may lead
 * to the same file.
 */
export type Remedy = 'link' | 'person' | 'file' | 'never' | 'no-rsync';

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
  if (error instanceof HostKeyError) return error.verdict === 'unknown' ? 'person' : 'never';
  if (error instanceof QlfError) return error.code === 'unavailable' ? 'file' : 'never';
  return DISK.has((error as NodeJS.ErrnoException).code ?? '') ? 'link' : 'never';
}
