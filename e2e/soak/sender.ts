import { setTimeout as pause } from 'node:timers/promises';
import { CAMERAS } from '#shared/domain/camera.ts';

/** A value that was answered 201. */
export interface Acknowledged {
  expid: number;
  camera: string;
  metric: string;
  value: string;
}

/** EXPIDs of the sender's own exposures; far from those of the emulated night. */
const OWN_EXPIDS = 9_000_000;
/** Posts of one exposure of its own, so that no run grows for ever. */
const POSTS_OF_EXPOSURE = 600;

/**
 * A pipeline elsewhere that posts without a pause, by turns for the exposure that QLF processes and for exposures of its own,
 * and posts again what was not answered: it remembers what QLF said that it has.
 */
export class Sender {
  readonly acknowledged: Acknowledged[] = [];
  /** Answers other than 201. */
  readonly refused: string[] = [];
  readonly #url: string;
  readonly #authorization: string;
  readonly #processed: () => number | undefined;
  #stopped = false;
  #running: Promise<void> | null = null;

  constructor(port: number, credential: { user: string; password: string }, processed: () => number | undefined) {
    this.#url = `http://127.0.0.1:${String(port)}/dashboard/api/job/`;
    this.#authorization = `Basic ${Buffer.from(`${credential.user}:${credential.password}`).toString('base64')}`;
    this.#processed = processed;
  }

  start(): void {
    this.#running = this.#run();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#running;
  }

  async #run(): Promise<void> {
    for (let n = 0; !this.#stopped; n += 1) {
      const own = OWN_EXPIDS + Math.floor(n / POSTS_OF_EXPOSURE);
      const post: Acknowledged = {
        expid: n % 3 === 0 ? (this.#processed() ?? own) : own,
        camera: CAMERAS[n % CAMERAS.length] ?? 'b0',
        metric: `sent-${String(n)}`,
        value: `${String(n)} ${'x'.repeat(n % 2000)}`,
      };
      await this.#post(post);
      await pause(5);
    }
  }

  /** The same post again and again until it is answered. */
  async #post(post: Acknowledged): Promise<void> {
    const { expid, camera, metric, value } = post;
    const body = JSON.stringify({ id: 1, expid, camera, status: 2, measurements: [{ metric, value }] });
    const headers = { 'content-type': 'application/json', authorization: this.#authorization };
    while (!this.#stopped) {
      const answer = await fetch(this.#url, {
        method: 'POST',
        headers,
        body,
        signal: AbortSignal.timeout(60_000),
      }).then(
        async (response) => ({ status: response.status, text: await response.text() }),
        () => undefined,
      );
      if (answer?.status === 201) {
        this.acknowledged.push(post);
        return;
      }
      if (answer) {
        this.refused.push(`${String(answer.status)} ${answer.text}`);
        return;
      }
      await pause(20);
    }
  }
}
