/** Tokens a second, and how many may be saved up. */
export interface Rate {
  perSecond: number;
  burst: number;
}

/** Clients that are remembered; those not heard of for longest are forgotten first, with a full bucket. */
const MAX_CLIENTS = 1000;

/** One token bucket a client. */
export class TokenBuckets {
  readonly #rate: Rate;
  readonly #buckets = new Map<string, { tokens: number; at: number }>();

  constructor(rate: Rate) {
    this.#rate = rate;
  }

  /**
   * Takes a token of a client.
   * @param now ms on any clock that never goes back
   * @returns 0 when there was one, else the seconds until there is
   */
  take(client: string, now: number): number {
    const tokens = this.#tokens(client, now);
    this.#buckets.delete(client);
    this.#buckets.set(client, { tokens: tokens >= 1 ? tokens - 1 : tokens, at: now });
    if (this.#buckets.size > MAX_CLIENTS) {
      const [oldest] = this.#buckets.keys();
      if (oldest !== undefined) this.#buckets.delete(oldest);
    }
    return tokens >= 1 ? 0 : this.#wait(tokens);
  }

  #tokens(client: string, now: number): number {
    const { perSecond, burst } = this.#rate;
    const bucket = this.#buckets.get(client);
    return bucket ? Math.min(burst, bucket.tokens + ((now - bucket.at) / 1000) * perSecond) : burst;
  }

  #wait(tokens: number): number {
    return Math.max(1, Math.ceil((1 - tokens) / this.#rate.perSecond));
  }
}
