import { randomBytes } from 'node:crypto';
import { QlfError } from '#shared/ipc/result.ts';

/** Names for things that the interface must not name itself; the oldest are forgotten. */
export class Handles<T> {
  readonly #what: string;
  readonly #most: number;
  readonly #things = new Map<string, T>();

  constructor(what: string, most: number) {
    this.#what = what;
    this.#most = most;
  }

  add(thing: T): string {
    const handle = randomBytes(16).toString('hex');
    this.#things.set(handle, thing);
    const [oldest] = this.#things.keys();
    if (this.#things.size > this.#most && oldest !== undefined) this.#things.delete(oldest);
    return handle;
  }

  /** @throws QlfError `not-found` for a handle that was never given, or is forgotten */
  get(handle: string): T {
    const thing = this.#things.get(handle);
    if (thing === undefined) throw new QlfError('not-found', `${this.#what} is not open any more; open it again`);
    return thing;
  }
}
