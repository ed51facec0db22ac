import { randomBytes } from 'node:crypto';
import type { Json } from '#shared/domain/measurement.ts';

/** A body as parsed, and the mark that stands where it had NaN, Infinity or -Infinity; null where it had none. */
export interface ParsedBody {
  value: unknown;
  mark: string | null;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Index of the quote that ends the string which begins at `start`; the end of the text when there is none. */
function endOfString(text: string, start: number): number {
  for (let i = start + 1; i < text.length; i += 1) {
    const c = text.charCodeAt(i);
    if (c === BACKSLASH) i += 1;
    else if (c === QUOTE) return i;
  }
  return text.length;
}

/** Puts a marked string in the place of each token that Python's json.dumps writes for a float that is no number. */
function markTokens(text: string, mark: string): string {
  let out = '';
  let copied = 0;
  for (let i = 0; i < text.length; i += 1) {
    const c = text[i];
    if (c === '"') {
      i = endOfString(text, i);
      continue;
    }
    if (c !== 'N' && c !== 'I' && c !== '-') continue;
    const token = ['NaN', 'Infinity', '-Infinity'].find((candidate) => text.startsWith(candidate, i));
    if (token === undefined) continue;
    out += `${text.slice(copied, i)}"${mark}${token}"`;
    copied = i + token.length;
    i = copied - 1;
  }
  return out + text.slice(copied);
}

/**
 * Parses JSON, and beyond JSON the tokens NaN, Infinity and -Infinity, which Python writes unless told not to. They are marked
 * here and become null in `normalise`.
 * @throws SyntaxError
 */
export function parseBody(text: string): ParsedBody {
  try {
    return { value: JSON.parse(text) as unknown, mark: null };
  } catch (error) {
    if (!/NaN|Infinity/.test(text)) throw error;
    const mark = `${randomBytes(12).toString('hex')}:`;
    return { value: JSON.parse(markTokens(text, mark)) as unknown, mark };
  }
}

/** Most places that a note names. */
const MAX_NOTED = 100;

export interface Normalised {
  value: Json;
  /** Path → 'NaN', 'Infinity' or '-Infinity'; null when every number is one. */
  nonFinite: Record<string, string> | null;
}

/** A value that cannot be taken, with the path to what is wrong. */
export class UnfitValue extends Error {
  readonly path: string;
  constructor(path: readonly string[], message: string) {
    super(message);
    this.name = 'UnfitValue';
    this.path = path.join('.');
  }
}

/**
 * Makes a parsed value fit to be kept: numbers that are none become null and are noted, keys are sorted (equal values get equal
 * texts), depth is limited. May reuse the objects that it is given.
 * @throws UnfitValue
 */
export function normalise(parsed: unknown, mark: string | null, maxDepth: number): Normalised {
  const noted = new Map<string, string>();
  let beyond = 0;
  const path: string[] = [];

  const note = (what: string): null => {
    if (noted.size < MAX_NOTED) noted.set(path.join('.'), what);
    else beyond += 1;
    return null;
  };

  const visit = (value: unknown): Json => {
    switch (typeof value) {
      case 'number':
        // 1e999 is JSON, but no number that could be kept.
        return Number.isFinite(value) ? value : note(String(value));
      case 'string':
        return mark !== null && value.startsWith(mark) ? note(value.slice(mark.length)) : value;
      case 'boolean':
        return value;
      case 'object':
        if (value === null) return null;
        if (path.length >= maxDepth) throw new UnfitValue(path, `nested deeper than ${maxDepth} levels`);
        return Array.isArray(value) ? visitList(value) : visitObject(value as Record<string, unknown>);
      default:
        throw new UnfitValue(path, `a ${typeof value} is no JSON`);
    }
  };

  const visitList = (list: unknown[]): Json => {
    for (let i = 0; i < list.length; i += 1) {
      const item = list[i];
      if (typeof item === 'number' && Number.isFinite(item)) continue;
      path.push(String(i));
      list[i] = visit(item);
      path.pop();
    }
    return list as Json[];
  };

  const visitObject = (object: Record<string, unknown>): Json => {
    // Without a prototype a member named __proto__ is a member like any other.
    const sorted = Object.create(null) as Record<string, Json>;
    for (const key of Object.keys(object).sort()) {
      path.push(key);
      if (mark !== null && key.startsWith(mark)) throw new UnfitValue(path.slice(0, -1), 'a name must be a string');
      sorted[key] = visit(object[key]);
      path.pop();
    }
    return sorted;
  };

  const value = visit(parsed);
  if (beyond > 0) noted.set('', `and ${beyond} more`);
  return { value, nonFinite: noted.size > 0 ? Object.fromEntries(noted) : null };
}
