import type { Json } from '#shared/domain/measurement.ts';
import { ValueDigest } from './value-digest.ts';

/** Most places that a note names. */
const MAX_NOTED = 100;

export interface Normalised {
  value: Json;
  /** Path → 'NaN', 'Infinity' or '-Infinity'; null when every number is one. */
  nonFinite: Record<string, string> | null;
  /** Equal for equal values, whatever the order of their members. */
  digest: Buffer;
}

/** A value that cannot be taken, with the path to what is wrong. */
export class UnfitValue extends Error {
  readonly path: readonly string[];
  constructor(path: readonly string[], message: string) {
    super(message);
    this.name = 'UnfitValue';
    this.path = path;
  }
}

function isSorted(names: readonly string[]): boolean {
  for (let i = 1; i < names.length; i += 1) if ((names[i - 1] ?? '') > (names[i] ?? '')) return false;
  return true;
}

/** One walk over a parsed value. */
class Normaliser {
  readonly #mark: string | null;
  readonly #maxDepth: number;
  readonly #path: string[] = [];
  readonly #noted = new Map<string, string>();
  readonly #digest = new ValueDigest();
  #beyond = 0;

  constructor(mark: string | null, maxDepth: number) {
    this.#mark = mark;
    this.#maxDepth = maxDepth;
  }

  run(parsed: unknown): Normalised {
    const value = this.#visit(parsed);
    if (this.#beyond > 0) this.#noted.set('', `and ${this.#beyond} more`);
    return {
      value,
      nonFinite: this.#noted.size > 0 ? Object.fromEntries(this.#noted) : null,
      digest: this.#digest.end(),
    };
  }

  #note(what: string): null {
    this.#digest.tag('null');
    this.#digest.text(what);
    if (this.#noted.size < MAX_NOTED) this.#noted.set(this.#path.join('.'), what);
    else this.#beyond += 1;
    return null;
  }

  #visit(value: unknown): Json {
    switch (typeof value) {
      case 'number':
        // 1e999 is JSON, but no number that could be kept.
        if (!Number.isFinite(value)) return this.#note(String(value));
        this.#digest.number(value);
        return value;
      case 'string':
        if (this.#mark !== null && value.startsWith(this.#mark)) return this.#note(value.slice(this.#mark.length));
        this.#digest.text(value);
        return value;
      case 'boolean':
        this.#digest.tag(value ? 'true' : 'false');
        return value;
      case 'object':
        if (value === null) {
          this.#digest.tag('null');
          return null;
        }
        if (this.#path.length >= this.#maxDepth) {
          throw new UnfitValue(this.#path, `nested deeper than ${this.#maxDepth} levels`);
        }
        return Array.isArray(value) ? this.#visitList(value) : this.#visitObject(value as Record<string, unknown>);
      default:
        throw new UnfitValue(this.#path, `a ${typeof value} is no JSON`);
    }
  }

  #visitList(list: unknown[]): Json {
    this.#digest.tag('list');
    for (let i = 0; i < list.length; i += 1) {
      const item = list[i];
      // Most of what is posted is lists of numbers.
      if (typeof item === 'number' && Number.isFinite(item)) {
        this.#digest.number(item);
        continue;
      }
      this.#path.push(String(i));
      list[i] = this.#visit(item);
      this.#path.pop();
    }
    this.#digest.tag('end');
    return list as Json[];
  }

  #visitObject(object: Record<string, unknown>): Json {
    this.#digest.tag('object');
    const names = Object.keys(object);
    if (!isSorted(names)) names.sort();
    for (const name of names) {
      this.#path.push(name);
      this.#digest.text(name);
      const before = object[name];
      const after = this.#visit(before);
      // JSON.parse made __proto__ a member of its own; assigning would not.
      if (after !== before) Object.defineProperty(object, name, { value: after, enumerable: true });
      this.#path.pop();
    }
    this.#digest.tag('end');
    return object as Record<string, Json>;
  }
}

/**
 * Makes a parsed value fit to be kept: numbers that are none become null and are noted, its depth is limited. Changes the value
 * that it is given.
 * @param mark what stands for NaN and infinities, from `parseBody`
 * @throws UnfitValue
 */
export function normalise(parsed: unknown, mark: string | null, maxDepth: number): Normalised {
  return new Normaliser(mark, maxDepth).run(parsed);
}
