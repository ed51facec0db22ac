import type { FileLocation } from './dos-client.ts';

export interface TransferUpdate {
  bytes: number;
  totalBytes: number | null;
  /** bytes / s over the last second or so */
  rate: number | null;
  /** Until it is here at that rate; null where that cannot be told. */
  secondsLeft: number | null;
}

export interface Fetched {
  path: string;
  bytes: number;
  /** True where the verified file was already here ("ignore existing"). */
  existed: boolean;
}

export interface FetchOptions {
  signal: AbortSignal;
  onProgress?: ((update: TransferUpdate) => void) | undefined;
  /**
   * What went wrong, in words, though the file may still come, with the ms until it is tried again; or what is strange about
   * the file that has come.
   */
  onTrouble?: ((text: string, waitMs?: number) => void) | undefined;
  /** Asked whether a lost link is waited for beyond the usual time; it is not where nobody says so. */
  persists?: (() => boolean) | undefined;
}

/** Brings one file to this machine. Never overwrites a verified file; a kill at any instant never leaves a bad one. */
export interface FileTransfer {
  /**
   * Tries again by itself, with growing pauses, where that helps.
   * @param destination absolute path of the final file; its folder is made
   * @throws QlfError `unavailable` (it may come later: link, host) or `conflict` (size or checksum differs)
   */
  fetch(source: FileLocation, destination: string, options: FetchOptions): Promise<Fetched>;
}
