import { randomBytes } from 'node:crypto';

/** A body as parsed, and the mark that stands where it had NaN, Infinity or -Infinity; null where it had none. */
export interface ParsedBody {
  /** As it was sent. */
  text: string;
  value: unknown;
  mark: string | null;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** What makes a name of what stands before it. */
const NAME_ENDS = /[ \t\r\n]*:/y;

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
    // A name must be a string: marked, it would become one.
    NAME_ENDS.lastIndex = i + token.length;
    if (NAME_ENDS.test(text)) throw new SyntaxError(`${token} is no name`);
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
    return { text, value: JSON.parse(text) as unknown, mark: null };
  } catch (error) {
    if (!/NaN|Infinity/.test(text)) throw error;
    const mark = `${randomBytes(12).toString('hex')}:`;
    return { text, value: JSON.parse(markTokens(text, mark)) as unknown, mark };
  }
}
