import { setTimeout as pause } from 'node:timers/promises';
import { Client, type ClientConfig, Pool, type PoolClient, type QueryResult } from 'pg';
import type { OpsdbConfiguration } from '#shared/domain/opsdb.ts';
import { QlfError } from '#shared/ipc/result.ts';
import { type Backoff, createBackoff } from '../backoff.ts';
import { databaseOptions, type Secret } from './database-options.ts';
import { explainFailure } from './explain-failure.ts';
import type { TextRow } from './row.ts';
import { quoted } from './sql.ts';

/** Asks one statement inside a read-only transaction; every value of a row is the server's text. */
export type Ask = (sql: string, values?: readonly unknown[]) => Promise<QueryResult<TextRow>>;

export interface LinkOptions {
  configuration: OpsdbConfiguration;
  secret: Secret;
  adapter: string;
  /** Looks whether the database is what the configuration says; what it throws keeps the link closed. */
  check: (ask: Ask) => Promise<void>;
  /** The link stands (again), or the server has told of something new. */
  hint: () => void;
  /** Hears of what does not prevent work, in words. */
  onProblem: (message: string) => void;
  backoff?: Backoff;
  /** ms between looks whether the server still answers */
  heartbeat?: number;
}

/** Questions at once; there is hardly ever more than one. */
const CONNECTIONS = 3;
const HEARTBEAT = 15_000;
/** ms after which a link counts as good, so that the next pause is short again */
const PROVEN = 5000;

/** What there is while the server is reached: one connection that listens, and a few that ask. */
interface Session {
  pool: Pool;
  /** Ends it; idempotent. */
  close: (why: Error) => void;
}

/**
 * Keeps the way to the operations database open: connects, listens, notices loss and comes back by itself. While it is
 * lost every question is answered at once with the last error.
 */
export class OpsdbLink {
  readonly #options: LinkOptions;
  readonly #backoff: Backoff;
  readonly #busy = new Set<PoolClient>();
  #running: AbortController | null = null;
  #ended: Promise<void> = Promise.resolve();
  #session: Session | null = null;
  #failure: unknown = null;
  /** Settled after the first attempt, so that who asks early gets an answer and not an excuse. */
  #tried: Promise<void> = Promise.resolve();

  constructor(options: LinkOptions) {
    this.#options = options;
    this.#backoff = options.backoff ?? createBackoff();
  }

  start(): void {
    if (this.#running) return;
    this.#running = new AbortController();
    let tried = (): void => undefined;
    this.#tried = new Promise((resolve) => (tried = resolve));
    this.#ended = this.#keep(this.#running.signal, tried);
  }

  /** Ends all connections, whatever they wait for. */
  async stop(): Promise<void> {
    this.#running?.abort();
    this.#running = null;
    this.#session?.close(new Error('stopped'));
    await this.#ended;
  }

  /**
   * Runs questions in one read-only transaction.
   * @param asked what is wanted, for the message of a failure
   * @throws QlfError `unavailable` (it may pass) or `invalid-configuration` (mapping, grants)
   */
  async read<T>(asked: string, use: (ask: Ask) => Promise<T>): Promise<T> {
    await this.#tried;
    const session = this.#session;
    if (!session) throw this.#explained(asked, this.#failure ?? new QlfError('unavailable', 'it is stopped.'));
    try {
      return await this.#transaction(await session.pool.connect(), use);
    } catch (error) {
      throw this.#explained(asked, error);
    }
  }

  #explained(asked: string, error: unknown): QlfError {
    return explainFailure(this.#options.adapter, asked, error, this.#options.configuration);
  }

  async #transaction<T>(client: PoolClient, use: (ask: Ask) => Promise<T>): Promise<T> {
    // An error between two statements would otherwise be nobody's; the next statement reports it.
    const ignore = (): void => undefined;
    client.on('error', ignore);
    this.#busy.add(client);
    let broken = true;
    try {
      await client.query(beginning(this.#options.configuration));
      const result = await use((sql, values) => client.query<TextRow>(sql, [...(values ?? [])]));
      await client.query('COMMIT');
      broken = false;
      return result;
    } finally {
      this.#busy.delete(client);
      client.off('error', ignore);
      client.release(broken);
    }
  }

  async #keep(signal: AbortSignal, tried: () => void): Promise<void> {
    const over = (): boolean => signal.aborted;
    while (!over()) {
      const began = performance.now();
      try {
        await this.#hold(signal, tried);
      } catch (error) {
        this.#failure = error;
      } finally {
        this.#session = null;
        tried();
      }
      if (over()) break;
      if (performance.now() - began > PROVEN) this.#backoff.reset();
      await pause(this.#backoff.next(), undefined, { signal }).catch(() => undefined);
    }
    this.#failure = null;
  }

  /** One life of the link, from connecting to its loss. @throws why it ended */
  async #hold(signal: AbortSignal, tried: () => void): Promise<void> {
    const { configuration, secret, check, hint, onProblem } = this.#options;
    const options = await databaseOptions(configuration, secret);
    const listener = new Client(options);
    let lose: (why: Error) => void = () => undefined;
    const lost = new Promise<never>((_resolve, reject) => (lose = reject));
    lost.catch(() => undefined);
    const close = (why: Error): void => {
      lose(why);
      for (const client of this.#busy) void client.end().catch(() => undefined);
      void listener.end().catch(() => undefined);
    };
    listener.on('error', lose);
    listener.on('end', () => lose(new Error('Connection terminated')));
    listener.on('notification', () => hint());
    const stopped = (): void => close(new Error('stopped'));
    signal.addEventListener('abort', stopped, { once: true });
    const pool = createPool(options);
    try {
      await Promise.race([listener.connect(), lost]);
      await this.#look(listener, check);
      if (configuration.channel !== null) await listen(listener, configuration.channel, onProblem);
      this.#session = { pool, close };
      tried();
      hint();
      await Promise.race([this.#beat(listener, signal), lost]);
    } finally {
      signal.removeEventListener('abort', stopped);
      close(new Error('closed'));
      void pool.end().catch(() => undefined);
    }
  }

  async #look(listener: Client, check: LinkOptions['check']): Promise<void> {
    await listener.query(beginning(this.#options.configuration));
    await check((sql, values) => listener.query<TextRow>(sql, [...(values ?? [])]));
    await listener.query('COMMIT');
  }

  /** Asks again and again whether the server is there: a link that was cut in silence says nothing by itself. */
  async #beat(listener: Client, signal: AbortSignal): Promise<void> {
    const over = (): boolean => signal.aborted;
    while (!over()) {
      await pause(this.#options.heartbeat ?? HEARTBEAT, undefined, { signal }).catch(() => undefined);
      if (!over()) await listener.query('SELECT 1');
    }
  }
}

/** Set in the transaction and not in the session, so that it holds behind a connection pooler too. */
export function beginning({ statementTimeout }: OpsdbConfiguration): string {
  const limit = Math.round(statementTimeout * 1000);
  return [
    'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY',
    `SET LOCAL statement_timeout = ${limit}`,
    `SET LOCAL idle_in_transaction_session_timeout = ${2 * limit}`,
    "SET LOCAL TimeZone = 'UTC'",
    "SET LOCAL DateStyle = 'ISO, YMD'",
    'SET LOCAL extra_float_digits = 1',
  ].join('; ');
}

function createPool(options: ClientConfig): Pool {
  const pool = new Pool({ ...options, max: CONNECTIONS, idleTimeoutMillis: 30_000 });
  // A connection that dies while nobody uses it is thrown away; the next question opens another.
  pool.on('error', () => undefined);
  return pool;
}

/** A server that cannot notify (a standby, some poolers) is asked again and again instead. */
async function listen(client: Client, channel: string, onProblem: (message: string) => void): Promise<void> {
  try {
    await client.query(`LISTEN ${quoted(channel)}`);
  } catch (error) {
    const { code, message } = error as Error & { code?: string };
    // Only what the server itself has refused; a lost connection is another matter.
    if (code === undefined || !/^[0-9A-Z]{5}$/.test(code)) throw error;
    onProblem(`the server does not notify (${message}); QLF asks it regularly instead`);
  }
}
