import { Worker } from 'node:worker_threads';
import { RequestError } from './api-error.ts';
import type { PostBody, PostReader } from './post-reader.ts';
import { readPost, type PostReading } from './read-post.ts';
import type { PostAnswer } from './serve-posts.ts';
import { Turns } from './turns.ts';

/** Bytes up to which a body is read where it came: handing it over and its reading back would cost as much. */
const SMALL = 128 * 1024;
/** Most bytes that may wait to be read, of all and of one sender; beyond that senders are asked to come again. */
const MOST = { ofAll: 192 * 1024 * 1024, ofOne: 96 * 1024 * 1024 };
/** MB of JavaScript's heap in the thread: what a body of 2 MB can become, several times. */
const HEAP_MB = 512;

interface Waiting {
  bytes: Uint8Array;
  resolve: (reading: PostReading) => void;
  reject: (error: unknown) => void;
}

const comeAgain = (why: string): RequestError =>
  new RequestError('unavailable', `nothing was stored: ${why}; post again`, { retryAfter: 1 });

/**
 * Reads large bodies in a thread of its own, by turns of their senders, so that neither this thread nor small posts wait for
 * them. It begins with the first large post and is made again should it die; without work it keeps nothing from ending.
 * @param program the file that serves posts when it is started as a thread
 * @param died told why the thread died over a post
 */
export class ThreadedReader implements PostReader {
  readonly #program: URL;
  readonly #died: (reason: string) => void;
  readonly #most: typeof MOST;
  readonly #turns = new Turns<Waiting>();
  readonly #waiting = new Map<string, number>();
  /** The newest post of a connection that is not read yet. */
  readonly #newest = new WeakMap<object, Promise<void>>();
  #waitingBytes = 0;
  #thread: Worker | null = null;
  #current: Waiting | null = null;
  #closed = false;

  constructor(program: URL, died: (reason: string) => void, most = MOST) {
    this.#program = program;
    this.#died = died;
    this.#most = most;
  }

  async read({ bytes, sender, connection }: PostBody): Promise<PostReading> {
    const before = this.#newest.get(connection);
    if (bytes.length <= SMALL && !before) return readPost(bytes);
    // Bytes that are given away have no length.
    const { length } = bytes;
    const mine = this.#waiting.get(sender) ?? 0;
    const { ofAll, ofOne } = this.#most;
    if (this.#waitingBytes + length > ofAll || mine + length > ofOne) throw comeAgain('too many posts are waiting');
    this.#count(sender, length);
    const reading = this.#inTurn(bytes, sender, before);
    const settled = reading.then(
      () => undefined,
      () => undefined,
    );
    this.#newest.set(connection, settled);
    try {
      return await reading;
    } finally {
      this.#count(sender, -length);
      if (this.#newest.get(connection) === settled) this.#newest.delete(connection);
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    const worker = this.#thread;
    this.#ended(worker, 'QLF is closing');
    for (let next = this.#turns.take(); next; next = this.#turns.take()) next.reject(comeAgain('QLF is closing'));
    await worker?.terminate();
  }

  async #inTurn(bytes: Uint8Array, sender: string, before: Promise<void> | undefined): Promise<PostReading> {
    await before;
    if (this.#closed) throw comeAgain('QLF is closing');
    return new Promise((resolve, reject) => {
      this.#turns.add(sender, { bytes, resolve, reject });
      this.#next();
    });
  }

  #count(sender: string, bytes: number): void {
    this.#waitingBytes += bytes;
    const all = (this.#waiting.get(sender) ?? 0) + bytes;
    if (all === 0) this.#waiting.delete(sender);
    else this.#waiting.set(sender, all);
  }

  #next(): void {
    if (this.#current || this.#closed) return;
    const next = this.#turns.take();
    if (!next) return;
    this.#current = next;
    this.#thread ??= this.#start();
    const { byteOffset, byteLength, buffer } = next.bytes;
    // What lies among the bytes of others is copied, the rest given away.
    const own = buffer instanceof ArrayBuffer && byteOffset === 0 && byteLength === buffer.byteLength;
    const bytes = own ? new Uint8Array(buffer) : new Uint8Array(next.bytes);
    this.#thread.ref();
    this.#thread.postMessage(bytes, [bytes.buffer]);
  }

  #start(): Worker {
    const worker = new Worker(this.#program, { resourceLimits: { maxOldGenerationSizeMb: HEAP_MB } });
    worker.on('message', (answer: PostAnswer) => {
      const read = this.#current;
      if (worker !== this.#thread || !read) return;
      this.#current = null;
      worker.unref();
      this.#next();
      if ('error' in answer) read.reject(new Error(`a post could not be read: ${answer.error}`));
      else read.resolve(answer);
    });
    worker.on('error', (error: Error) => this.#ended(worker, error.message));
    worker.on('exit', (code) => this.#ended(worker, `code ${String(code)}`));
    return worker;
  }

  #ended(worker: Worker | null, reason: string): void {
    if (worker === null || worker !== this.#thread) return;
    this.#thread = null;
    const lost = this.#current;
    this.#current = null;
    lost?.reject(comeAgain(`the thread that reads large posts ended (${reason})`));
    if (lost && !this.#closed) this.#died(reason);
    this.#next();
  }
}
