import type { FileLocation } from './dos-client.ts';

export interface TransferUpdate {
  bytes: number;
  totalBytes: number | null;
  /** bytes / s over the last second or so */
  rate: number | null;
}

export interface Fetched {
  path: string;
  bytes: number;
  /** True where the verified file was already here ("ignore existing"). */
  existed: boolean;
}

/** Brings one file to this machine. Never overwrites a verified file; a kill at any instant never leaves a bad one. */
export interface FileTransfer {
  /**
   * @param destination absolute path of the final file; its folder is made
   * @throws QlfError `unavailable` (retry helps: link, host) or `conflict` (size or checksum differs)
   */
  fetch(
    source: FileLocation,
    destination: string,
    options: { signal: AbortSignal; onProgress?: (update: TransferUpdate) => void },
  ): Promise<Fetched>;
}
