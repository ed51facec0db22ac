import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { againWords } from '../domain/backoff.ts';
import type { FileLocation, RemoteHost } from '../domain/ports/dos-client.ts';
import type { HostKeys } from '../domain/ports/host-keys.ts';
import type { Fetched, FetchOptions, FileTransfer } from '../domain/ports/transfer.ts';
import type { Waiting } from '../domain/waiting.ts';
import { createBringer, type Bringer, type Brought } from './bring.ts';
import { TransferFailure } from './failure.ts';
import { sizeOf } from './fetch-remote.ts';
import { fitsHealth } from './fits-health.ts';
import { PATIENCE, withRetries, type Patience } from './retry.ts';
import { discard, makeStaging, publish, stagingOf, tidy, type Staging } from './staging.ts';
import { sweepStagings } from './sweep.ts';
import { createShelf, differenceFrom } from './verify.ts';

export interface FileTransferOptions {
  /** Environment of ssh and rsync: PATH, HOME, SSH_AUTH_SOCK … */
  environment: Record<string, string>;
  /** By what hosts are known. */
  hostKeys: HostKeys;
  /** s without any byte after which a link is given up */
  stallSeconds?: number;
  /** bytes / s that a remote transfer may take of the link; none: all it can */
  maxRate?: number | null;
  patience?: Patience;
  /** In the place of the three above: asked again for every file, so that a change counts from the next one. */
  limits?: () => TransferLimits;
  /** How is waited between attempts; by the machine's clock where nobody says otherwise. */
  waiting?: Waiting;
  /** Passphrase of the account's key, asked for when a connection is opened; null where none is needed. */
  passphrase?: (host: RemoteHost) => Promise<string | null>;
}

/** How much of the link a transfer takes, and how long it is tried. */
export interface TransferLimits {
  stallSeconds: number;
  maxRate: number | null;
  patience: Patience;
}

/** Transfers of one engine, with what they keep open and leave behind. */
export interface FileTransferService extends FileTransfer {
  /**
   * Takes away what interrupted transfers have left below a folder: temporary files, and parts that nobody has gone on
   * with for a week. @returns how many files
   */
  sweep(root: string): Promise<number>;
  /** Ends the connections to data hosts. */
  close(): Promise<void>;
}

interface Request extends FetchOptions {
  source: FileLocation;
  destination: string;
}

const PART_LIVES_MS = 7 * 24 * 3600_000;

/**
 * Looks whether what is in staging is what the source has. Without a checksum of the source a FITS file speaks for
 * itself; one that was fetched in one go and is damaged is damaged there, too, and its good cameras are wanted.
 */
async function verify(request: Request, staging: Staging, brought: Brought): Promise<void> {
  const { source, signal, onTrouble } = request;
  const difference = await differenceFrom(staging.file, brought, signal);
  if (difference !== undefined) {
    const told = source.sha256 !== null || (source.bytes !== null && (await sizeOf(staging.file)) !== source.bytes);
    await discard(staging);
    const text = `${source.path} did not arrive as it should: ${difference}; it was thrown away`;
    // What the DOS said will not change by itself; what its host computed may have been of a file that still grew.
    throw new TransferFailure(told ? 'never' : 'file', text, 'conflict');
  }
  if (brought.sha256 !== null || source.host === null) return;
  const health = await fitsHealth(staging.file, signal);
  if (health.state !== 'damaged') return;
  if (brought.resumed) {
    await discard(staging);
    throw new TransferFailure('file', `${source.path}: ${health.reason}; it is fetched anew`);
  }
  onTrouble?.(`${source.path} is damaged on its host, too: ${health.reason}`);
}

async function fetchNew(request: Request, bringer: Bringer): Promise<Fetched> {
  const { source, destination, signal, onProgress } = request;
  const staging = stagingOf(destination, basename(source.path));
  const mark = await makeStaging(staging);
  try {
    const brought = await bringer.bring({ source, staging, mark, signal, onProgress });
    await verify(request, staging, brought);
    signal.throwIfAborted();
    await publish(staging, destination);
    const { size } = await stat(destination);
    return { path: destination, bytes: size, existed: false };
  } finally {
    await tidy(staging);
  }
}

/**
 * Brings files here: from this machine by copy, from a data host by rsync over SSH, or SFTP where there is no rsync. A
 * file grows in a folder of its own beside its final place, is verified there (size; SHA-256 where the source or a shell
 * on its host tells it, else by what the file says itself) and then renamed, so what has the final name is whole,
 * whatever happened before. What is already there is kept.
 */
export function createFileTransfer(options: FileTransferOptions): FileTransferService {
  const { stallSeconds = 30, maxRate = null, patience = PATIENCE } = options;
  const limits = options.limits ?? (() => ({ stallSeconds, maxRate, patience }));
  const { environment, hostKeys, passphrase } = options;
  const bringer = createBringer({
    environment,
    hostKeys,
    passphrase,
    get stallSeconds() {
      return limits().stallSeconds;
    },
    get maxRate() {
      return limits().maxRate;
    },
  });
  const shelf = createShelf();
  const underWay = new Map<string, Promise<Fetched>>();
  const fetch = (request: Request): Promise<Fetched> => {
    const { source, destination, signal, onTrouble } = request;
    const attempt = async (): Promise<Fetched> => {
      signal.throwIfAborted();
      const existing = await shelf.find(destination, source, signal);
      if (existing !== undefined) return { path: destination, bytes: existing, existed: true };
      return fetchNew(request, bringer);
    };
    return withRetries(attempt, {
      ...{ patience: limits().patience, signal, persists: request.persists, waiting: options.waiting },
      onTrouble: (error, waitMs) => onTrouble?.(`${error.message}; ${againWords(waitMs)}`, waitMs),
    });
  };
  return {
    async fetch(source, destination, request) {
      // Two that ask for the same file: the second waits, and finds it here.
      for (let other = underWay.get(destination); other; other = underWay.get(destination))
        await other.catch(() => undefined);
      const running = fetch({ source, destination, ...request });
      underWay.set(destination, running);
      try {
        return await running;
      } finally {
        underWay.delete(destination);
      }
    },
    sweep(root) {
      const filled = new Set([...underWay.keys()].map((destination) => stagingOf(destination, '').folder));
      return sweepStagings(root, Date.now() - PART_LIVES_MS, (folder) => filled.has(folder));
    },
    close: () => bringer.close(),
  };
}
