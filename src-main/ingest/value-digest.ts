import { createHash } from 'node:crypto';

/** Tags that no text or number can be mistaken for: each part of the stream begins with its kind. */
const TAGS = { null: 0, false: 1, true: 2, number: 3, text: 4, list: 5, object: 6, end: 7 } as const;

/** Small enough to come from Buffer's pool. */
const CHUNK = 4000;
const DIGEST_BYTES = 16;

/**
 * A digest of a JSON value as its parts are told one by one, numbers as their eight bytes: writing them in decimals only to
 * compare values would take most of a post's time.
 */
export class ValueDigest {
  readonly #hash = createHash('sha256');
  readonly #chunk = Buffer.allocUnsafe(CHUNK);
  #used = 0;

  tag(tag: Exclude<keyof typeof TAGS, 'number' | 'text'>): void {
    this.#reserve(1);
    this.#chunk[this.#used++] = TAGS[tag];
  }

  number(value: number): void {
    this.#reserve(9);
    this.#chunk[this.#used] = TAGS.number;
    // −0 and 0 are the same value.
    this.#chunk.writeDoubleLE(value + 0, this.#used + 1);
    this.#used += 9;
  }

  text(value: string): void {
    this.#reserve(5);
    this.#chunk[this.#used] = TAGS.text;
    this.#chunk.writeUInt32LE(value.length, this.#used + 1);
    this.#used += 5;
    if (value.length * 3 <= CHUNK) {
      this.#reserve(value.length * 3);
      this.#used += this.#chunk.write(value, this.#used);
    } else {
      this.#flush();
      this.#hash.update(value);
    }
  }

  end(): Buffer {
    this.#flush();
    return this.#hash.digest().subarray(0, DIGEST_BYTES);
  }

  #reserve(bytes: number): void {
    if (this.#used + bytes > CHUNK) this.#flush();
  }

  #flush(): void {
    this.#hash.update(this.#chunk.subarray(0, this.#used));
    this.#used = 0;
  }
}
