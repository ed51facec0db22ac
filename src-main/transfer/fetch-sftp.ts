import { open, truncate, utimes } from 'node:fs/promises';
import { basename } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { RemoteHost } from '../domain/ports/dos-client.ts';
import type { SftpAttributes, SftpLinks, SftpSession } from '../domain/ports/sftp.ts';
import { addSum, beginSums, BLOCK, digestOf, readSums, rightBlocks, type BlockSums } from './block-sums.ts';
import { remedyOf, TransferFailure } from './failure.ts';
import type { ProgressMeter } from './progress.ts';
import { checkPath } from './remote.ts';
import type { RemoteOptions } from './remote-options.ts';
import type { Staging } from './staging.ts';

/** Bytes of one read, below what OpenSSH's server answers at most, and how many are asked for ahead. */
const PIECE = 128 * 1024;
const AHEAD = 32;
/** SSH_FX_NO_SUCH_FILE, SSH_FX_PERMISSION_DENIED, SSH_FX_FAILURE */
const OF_THE_FILE = new Set<unknown>([2, 3, 4]);

/** What is asked of a host, given up when it says nothing for too long or nobody wants it any more. */
class Questions {
  readonly #host: RemoteHost;
  readonly #path: string;
  readonly #links: SftpLinks;
  readonly #stallMs: number;
  readonly #signal: AbortSignal;

  constructor(host: RemoteHost, path: string, links: SftpLinks, stallSeconds: number, signal: AbortSignal) {
    this.#host = host;
    this.#path = path;
    this.#links = links;
    this.#stallMs = stallSeconds * 1000;
    this.#signal = signal;
  }

  ask<T>(start: (done: (error: Error | null | undefined, answer: T) => void) => void): Promise<T> {
    const { promise, close } = this.#limited<T>();
    return Promise.race([
      promise,
      new Promise<T>((resolve, reject) => {
        start((error, answer) => (error ? reject(this.#explain(error)) : resolve(answer)));
      }),
    ]).finally(close);
  }

  /** Rejects after the stall time, or on abort. */
  #limited<T>(): { promise: Promise<T>; close: () => void } {
    let close = (): void => undefined;
    const promise = new Promise<T>((_resolve, reject) => {
      const timer = setTimeout(() => {
        this.#links.drop(this.#host);
        reject(new TransferFailure('link', `${this.#path}: ${this.#host.host} sends nothing any more`));
      }, this.#stallMs);
      const abort = (): void => reject(this.#signal.reason as Error);
      if (this.#signal.aborted) abort();
      this.#signal.addEventListener('abort', abort, { once: true });
      close = () => {
        clearTimeout(timer);
        this.#signal.removeEventListener('abort', abort);
      };
    });
    return { promise, close };
  }

  #explain(error: Error & { code?: unknown }): Error {
    if (error instanceof TransferFailure) return error;
    if (OF_THE_FILE.has(error.code))
      return new TransferFailure('file', `${this.#path}: ${this.#host.host} cannot give it: ${error.message}`);
    return new TransferFailure('link', `${this.#path}: ${this.#host.host}: ${error.message || 'no connection'}`);
  }
}

/** Bytes from `from` on, in order, many reads under way at once. */
async function* pieces(
  questions: Questions,
  sftp: SftpSession,
  handle: Buffer,
  from: number,
  end: number,
): AsyncGenerator<Buffer> {
  const readPiece = async (at: number, length: number): Promise<Buffer> => {
    const buffer = Buffer.allocUnsafe(length);
    for (let done = 0; done < length;) {
      const read = await questions.ask<number>((answer) => {
        sftp.read(handle, buffer, done, length - done, at + done, (error, bytes) => answer(error, bytes));
      });
      if (read === 0) throw new TransferFailure('file', 'the source has become shorter while it was fetched');
      done += read;
    }
    return buffer;
  };
  const ahead: Promise<Buffer>[] = [];
  let asked = from;
  for (let at = from; at < end;) {
    while (asked < end && ahead.length < AHEAD) {
      const length = Math.min(PIECE, end - asked);
      const piece = readPiece(asked, length);
      // Whoever has stopped listening is not told of its failure either.
      piece.catch(() => undefined);
      ahead.push(piece);
      asked += length;
    }
    const piece = await ahead.shift();
    if (!piece) return;
    at += piece.length;
    yield piece;
  }
}

/** Waits as long as it takes for `bytes` since `start` not to be more than the rate allows. */
async function keepRate(bytes: number, start: number, maxRate: number | null, signal: AbortSignal): Promise<void> {
  if (maxRate === null) return;
  const early = (bytes / maxRate) * 1000 - (performance.now() - start);
  if (early > 1) await pause(early, undefined, { signal });
}

/** What of an earlier attempt is right; the part is cut back to it. */
async function goOnFrom(staging: Staging, source: BlockSums['source'], signal: AbortSignal): Promise<BlockSums> {
  const sums = await readSums(staging.sums, source);
  const right = sums ? await rightBlocks(staging.file, sums, signal) : 0;
  const kept = { source, blocks: sums?.blocks.slice(0, right) ?? [] };
  await beginSums(staging.sums, kept);
  const handle = await open(staging.file, 'a');
  await handle.close();
  await truncate(
    staging.file,
    kept.blocks.reduce((sum, { length }) => sum + length, 0),
  );
  return kept;
}

export interface SftpRequest {
  host: RemoteHost;
  path: string;
  staging: Staging;
  /** Told as soon as it is known. */
  onTotal: (bytes: number) => void;
  signal: AbortSignal;
  meter: ProgressMeter;
}

/**
 * Brings a remote file into staging over SFTP, going on behind the last block of an earlier attempt that is as it came.
 * What is on disk at the end is what came over the wire.
 * @returns the source's size
 * @throws TransferFailure, HostKeyError
 */
export async function fetchSftp(request: SftpRequest, links: SftpLinks, options: RemoteOptions): Promise<number> {
  const { host, path, staging, signal, meter } = request;
  checkPath(host, path);
  const questions = new Questions(host, path, links, options.stallSeconds, signal);
  const sftp = await links.open(host, signal);
  const handle = await questions.ask<Buffer>((answer) => sftp.open(path, 'r', answer));
  const state = (): Promise<SftpAttributes> => questions.ask<SftpAttributes>((answer) => sftp.fstat(handle, answer));
  try {
    const found = await state();
    if (!found.isFile()) throw new TransferFailure('file', `${path} on ${host.host} is no file`);
    const source = { bytes: found.size, modified: found.mtime };
    request.onTotal(source.bytes);
    const sums = await goOnFrom(staging, source, signal);
    let at = sums.blocks.reduce((sum, { length }) => sum + length, 0);
    const begin = at;
    const start = performance.now();
    const target = await open(staging.file, 'r+');
    try {
      let block: Buffer[] = [];
      let length = 0;
      const closeBlock = async (): Promise<void> => {
        if (length === 0) return;
        const bytes = Buffer.concat(block);
        for (let done = 0; done < length;)
          done += (await target.write(bytes, done, length - done, at - length + done)).bytesWritten;
        const sum = { length, sha256: digestOf(bytes) };
        await addSum(staging.sums, sum.length, sum.sha256);
        sums.blocks.push(sum);
        block = [];
        length = 0;
      };
      for await (const piece of pieces(questions, sftp, handle, at, source.bytes)) {
        block.push(piece);
        length += piece.length;
        at += piece.length;
        if (length >= BLOCK) await closeBlock();
        meter.at(at);
        await keepRate(at - begin, start, options.maxRate, signal);
      }
      await closeBlock();
    } finally {
      await target.close();
    }
    const after = await state();
    if (after.size !== source.bytes || after.mtime !== source.modified)
      throw new TransferFailure('file', `${basename(path)} changed on ${host.host} while it was fetched`);
    if ((await rightBlocks(staging.file, sums, signal)) !== sums.blocks.length)
      throw new TransferFailure('link', `${staging.file} is not what was written to it: check this machine's disk`);
    await utimes(staging.file, found.mtime, found.mtime);
    return source.bytes;
  } catch (error) {
    if (!signal.aborted && remedyOf(error) === 'link') links.drop(host);
    throw error;
  } finally {
    sftp.close(handle, () => undefined);
  }
}
