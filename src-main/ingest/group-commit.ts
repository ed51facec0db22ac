import { databaseFailureOf } from '../domain/database-failure.ts';
import type { IngestStore, Post, PostOutcome } from '../domain/ports/ingest-store.ts';
import { RequestError } from './api-error.ts';

interface Waiting {
  post: Post;
  bytes: number;
  resolve: (outcome: PostOutcome) => void;
  reject: (error: unknown) => void;
}

/** Most that may wait for the disk; beyond it senders are asked to come again. */
const MAX_WAITING_BYTES = 256 * 1024 * 1024;
/** Most of one transaction: the engine has other things to do in between. */
const MAX_BATCH_POSTS = 200;
const MAX_BATCH_BYTES = 2 * 1024 * 1024;

/**
 * Records posts in batches: everything that arrives while a transaction is being written shares the next one, and so the wait
 * for the disk. One alone is written at once.
 */
export class GroupCommit {
  readonly #store: Pick<IngestStore, 'recordPosts'>;
  readonly #recorded: (outcomes: readonly PostOutcome[]) => void;
  #waiting: Waiting[] = [];
  #bytes = 0;

  /** @param recorded told of a batch once it is durable, before anybody's answer */
  constructor(store: Pick<IngestStore, 'recordPosts'>, recorded: (outcomes: readonly PostOutcome[]) => void) {
    this.#store = store;
    this.#recorded = recorded;
  }

  /** Resolves when the post is durable. */
  submit(post: Post, bytes: number): Promise<PostOutcome> {
    if (this.#bytes + bytes > MAX_WAITING_BYTES) {
      throw new RequestError('unavailable', 'nothing was stored: too many posts are waiting; post again', {
        retryAfter: 1,
      });
    }
    this.#bytes += bytes;
    return new Promise((resolve, reject) => {
      this.#waiting.push({ post, bytes, resolve, reject });
      if (this.#waiting.length === 1) setImmediate(() => this.#write());
    });
  }

  #write(): void {
    const batch = this.#take();
    if (this.#waiting.length > 0) setImmediate(() => this.#write());
    try {
      this.#commit(batch);
    } catch (error) {
      // Each alone would wait for a locked database as long as all together have.
      if (batch.length === 1 || databaseFailureOf(error)?.startsWith('SQLITE_BUSY')) {
        for (const { reject } of batch) reject(error);
        return;
      }
      // One bad post must not take the others with it: nothing was stored, each is tried alone.
      for (const waiting of batch) {
        try {
          this.#commit([waiting]);
        } catch (own) {
          waiting.reject(own);
        }
      }
    }
  }

  /** The oldest that fit one transaction, at least one. */
  #take(): Waiting[] {
    let bytes = 0;
    let posts = 0;
    for (const waiting of this.#waiting) {
      if (posts > 0 && (posts === MAX_BATCH_POSTS || bytes + waiting.bytes > MAX_BATCH_BYTES)) break;
      bytes += waiting.bytes;
      posts += 1;
    }
    this.#bytes -= bytes;
    return this.#waiting.splice(0, posts);
  }

  #commit(batch: readonly Waiting[]): void {
    const outcomes = this.#store.recordPosts(batch.map(({ post }) => post));
    try {
      this.#recorded(outcomes);
    } catch (error) {
      // What is durable is acknowledged, whatever listeners make of it.
      process.emitWarning(error instanceof Error ? error : String(error));
    }
    outcomes.forEach((outcome, i) => batch[i]?.resolve(outcome));
  }
}
