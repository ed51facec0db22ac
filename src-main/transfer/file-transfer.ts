import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { QlfError } from '#shared/ipc/result.ts';
import type { FileLocation } from '../domain/ports/dos-client.ts';
import type { Fetched, FileTransfer, TransferUpdate } from '../domain/ports/transfer.ts';
import { fetchLocal } from './fetch-local.ts';
import { fetchRemote } from './fetch-remote.ts';
import { createProgressMeter, type ProgressMeter } from './progress.ts';
import { remoteFile, type RemoteOptions } from './remote.ts';
import { discard, makeStaging, publish, stagingOf, tidy, type Staging } from './staging.ts';
import { createShelf, differenceFrom, type Expected } from './verify.ts';

export interface FileTransferOptions {
  /** Environment of ssh and rsync: PATH, HOME, SSH_AUTH_SOCK … */
  environment: Record<string, string>;
  /** s without any byte after which a link is given up */
  stallSeconds?: number;
  /** bytes / s that a remote transfer may take of the link; none: all it can */
  maxRate?: number;
}

interface Request {
  source: FileLocation;
  destination: string;
  signal: AbortSignal;
  onProgress?: ((update: TransferUpdate) => void) | undefined;
}

/** Brings the file into staging by the way its place asks for, and tells what it must be. */
async function bring(request: Request, staging: Staging, options: RemoteOptions): Promise<Expected> {
  const { source, signal } = request;
  let total = source.bytes;
  const meter: ProgressMeter = createProgressMeter(() => total, request.onProgress);
  const finish = (expected: Expected & { bytes: number }): Expected => {
    total = expected.bytes;
    meter.finish(expected.bytes);
    return expected;
  };
  if (source.host === null) {
    const bytes = await fetchLocal(source.path, staging, signal, meter);
    return finish({ bytes: source.bytes ?? bytes, sha256: source.sha256 });
  }
  const remote = remoteFile(source.host, source.path, options);
  const bytes = source.bytes ?? (await remote.size(signal));
  total = bytes;
  const { sha256 } = await fetchRemote(remote, { bytes, sha256: source.sha256 }, staging, signal, meter);
  return finish({ bytes, sha256 });
}

async function fetchNew(request: Request, options: RemoteOptions): Promise<Fetched> {
  const { source, destination, signal } = request;
  const staging = stagingOf(destination, basename(source.path));
  await makeStaging(staging);
  try {
    const expected = await bring(request, staging, options);
    const difference = await differenceFrom(staging.file, expected, signal);
    if (difference !== undefined) {
      await discard(staging);
      throw new QlfError('conflict', `${source.path} did not arrive as it should: ${difference}; it was thrown away`);
    }
    signal.throwIfAborted();
    await publish(staging, destination);
    const { size } = await stat(destination);
    return { path: destination, bytes: size, existed: false };
  } finally {
    await tidy(staging);
  }
}

/**
 * Brings files here: from this machine by copy, from a data host by rsync over SSH. A file grows in a folder of its own
 * beside its final place, is verified there (size; SHA-256 where the source or a shell on its host tells it) and then
 * renamed, so what has the final name is whole, whatever happened before. What is already there is kept.
 */
export function createFileTransfer(options: FileTransferOptions): FileTransfer {
  const { environment, stallSeconds = 30, maxRate = null } = options;
  const shelf = createShelf();
  const underWay = new Map<string, Promise<Fetched>>();
  const fetch = async (request: Request): Promise<Fetched> => {
    const { source, destination, signal } = request;
    signal.throwIfAborted();
    const existing = await shelf.find(destination, source, signal);
    if (existing !== undefined) return { path: destination, bytes: existing, existed: true };
    return fetchNew(request, { environment, stallSeconds, maxRate });
  };
  return {
    async fetch(source, destination, { signal, onProgress }) {
      // Two that ask for the same file: the second waits, and finds it here.
      for (let other = underWay.get(destination); other; other = underWay.get(destination))
        await other.catch(() => undefined);
      const running = fetch({ source, destination, signal, onProgress });
      underWay.set(destination, running);
      try {
        return await running;
      } finally {
        underWay.delete(destination);
      }
    },
  };
}
