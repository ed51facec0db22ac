import { FitsError } from './fits-error.ts';

/** Bytes in one header card, and in one FITS block (36 cards). */
export const CARD_LENGTH = 80;
export const BLOCK_LENGTH = 2880;

export interface Complex {
  re: number;
  im: number;
}

/** Value of a card; null is a card whose value is left undefined. Integers beyond 2^53 are bigint. */
export type CardValue = string | number | bigint | boolean | Complex | null;

export type Card =
  | { kind: 'value'; keyword: string; value: CardValue; comment: string }
  /** COMMENT, HISTORY, blank keyword, and any card without a value indicator. */
  | { kind: 'commentary'; keyword: string; text: string };

const STANDARD_KEYWORD = /^[A-Z0-9_-]{1,8}$/;
const INTEGER = /^[+-]?\d+$/;
const REAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[EeDd][+-]?\d+)?$/;
const PRINTABLE = /^[\x20-\x7e]*$/;

/** Keyword as it is looked up: upper case, no HIERARCH prefix, no outer blanks. */
export function normalizeKeyword(keyword: string): string {
  const upper = keyword.trim().toUpperCase();
  return upper.startsWith('HIERARCH ') ? upper.slice(9).trim() : upper;
}

/** Reads one 80-character card image. Never throws: what is no value card is commentary, what is no value is text. */
export function parseCard(image: string): Card {
  const keyword = image.slice(0, 8).trimEnd().toUpperCase();
  if (keyword === 'COMMENT' || keyword === 'HISTORY' || keyword === '') {
    return { kind: 'commentary', keyword, text: image.slice(8).trimEnd() };
  }
  if (image.startsWith('= ', 8) || (image.charAt(8) === '=' && image.length <= 9)) {
    return valueCard(keyword, image.slice(10));
  }
  if (keyword === 'HIERARCH') {
    const equals = image.indexOf('=');
    if (equals > 8) return valueCard(normalizeKeyword(image.slice(0, equals)), image.slice(equals + 1));
  }
  if (keyword === 'CONTINUE') return valueCard(keyword, image.slice(8));
  return { kind: 'commentary', keyword, text: image.slice(8).trimEnd() };
}

function valueCard(keyword: string, field: string): Card {
  const text = field.trimStart();
  if (text.startsWith("'")) {
    const { value, rest } = parseString(text);
    return { kind: 'value', keyword, value, comment: commentOf(rest) };
  }
  const slash = text.indexOf('/');
  const token = (slash < 0 ? text : text.slice(0, slash)).trim();
  return { kind: 'value', keyword, value: parseToken(token), comment: slash < 0 ? '' : commentOf(text.slice(slash)) };
}

/** A quoted string; a quote in it is doubled; trailing blanks do not count; an open end is closed at the end. */
function parseString(text: string): { value: string; rest: string } {
  let value = '';
  let at = 1;
  for (;;) {
    const quote = text.indexOf("'", at);
    if (quote < 0) return { value: (value + text.slice(at)).trimEnd(), rest: '' };
    value += text.slice(at, quote);
    if (text.charAt(quote + 1) !== "'") return { value: value.trimEnd(), rest: text.slice(quote + 1) };
    value += "'";
    at = quote + 2;
  }
}

function commentOf(rest: string): string {
  const slash = rest.indexOf('/');
  return slash < 0 ? '' : rest.slice(slash + 1).trim();
}

function parseToken(token: string): CardValue {
  if (token === '') return null;
  if (token === 'T') return true;
  if (token === 'F') return false;
  if (INTEGER.test(token)) {
    const value = Number(token);
    return Number.isSafeInteger(value) ? value : BigInt(token.replace('+', ''));
  }
  const real = parseReal(token);
  if (real !== undefined) return real;
  const complex = /^\(([^,]*),([^)]*)\)$/.exec(token);
  if (complex) {
    const re = parseReal((complex[1] ?? '').trim());
    const im = parseReal((complex[2] ?? '').trim());
    if (re !== undefined && im !== undefined) return { re, im };
  }
  return token;
}

/** FITS writes the exponent with E or D. */
function parseReal(token: string): number | undefined {
  return REAL.test(token) ? Number(token.replace(/[Dd]/, 'E')) : undefined;
}

/**
 * Writes a card as one or more 80-character images (long strings are continued).
 * @param asReal write a number with a decimal point even when it is whole
 * @throws FitsError `bad-header` on a keyword, text or number that FITS cannot hold
 */
export function formatCard(card: Card, asReal = false): string[] {
  if (card.kind === 'commentary') return formatCommentary(card.keyword, card.text);
  const keyword = normalizeKeyword(card.keyword);
  const hierarch = !STANDARD_KEYWORD.test(keyword);
  if (!PRINTABLE.test(keyword) || keyword.includes('=') || keyword === '') {
    throw new FitsError('bad-header', `'${card.keyword}' cannot be a FITS keyword`);
  }
  const comment = card.comment.replace(/[^\x20-\x7e]/g, '?');
  const start = hierarch ? `HIERARCH ${keyword} = ` : `${keyword.padEnd(8)}= `;
  if (typeof card.value === 'string') return formatString(start, keyword, card.value, comment);
  const text = formatScalar(keyword, card.value, asReal);
  const field = start + (hierarch ? text : text.padStart(20));
  if (field.length > CARD_LENGTH) throw new FitsError('bad-header', `${keyword}: the value does not fit on a card`);
  return [withComment(field, comment)];
}

function formatScalar(keyword: string, value: Exclude<CardValue, string>, asReal: boolean): string {
  if (value === null) return '';
  if (typeof value === 'boolean') return value ? 'T' : 'F';
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'object') return `(${formatReal(keyword, value.re)}, ${formatReal(keyword, value.im)})`;
  return asReal || !Number.isSafeInteger(value)
    ? formatReal(keyword, value)
    : Object.is(value, -0)
      ? '-0.0'
      : String(value);
}

function formatReal(keyword: string, value: number): string {
  if (!Number.isFinite(value)) throw new FitsError('bad-header', `${keyword}: FITS headers cannot hold ${value}`);
  const [mantissa = '', exponent] = (Object.is(value, -0) ? '-0' : String(value)).split('e');
  const decimal = mantissa.includes('.') ? mantissa : `${mantissa}.0`;
  return exponent === undefined ? decimal : `${decimal}E${exponent}`;
}

function formatString(start: string, keyword: string, value: string, comment: string): string[] {
  if (!PRINTABLE.test(value)) throw new FitsError('bad-header', `${keyword}: FITS text is printable ASCII only`);
  const quoted = value.replaceAll("'", "''");
  const room = CARD_LENGTH - start.length - 2;
  if (room < 2) throw new FitsError('bad-header', `${keyword}: keyword too long for a text value`);
  if (quoted.length <= room) return [withComment(`${start}'${quoted.padEnd(Math.min(8, room))}'`, comment)];
  const images: string[] = [];
  let rest = quoted;
  let first = true;
  while (rest.length > 0) {
    const prefix = first ? start : 'CONTINUE  ';
    const space = CARD_LENGTH - prefix.length - 2;
    if (rest.length <= space) {
      images.push(withComment(`${prefix}'${rest}'`, comment));
      break;
    }
    let take = space - 1;
    // A doubled quote must not be torn apart: count the quotes that end the piece.
    const quotes = /'*$/.exec(rest.slice(0, take))?.[0].length ?? 0;
    if (quotes % 2 === 1) take -= 1;
    images.push(`${prefix}'${rest.slice(0, take)}&'`.padEnd(CARD_LENGTH));
    rest = rest.slice(take);
    first = false;
  }
  return images;
}

function withComment(field: string, comment: string): string {
  const full = comment === '' ? field : `${field.padEnd(30)} / ${comment}`;
  return full.slice(0, Math.max(field.length, CARD_LENGTH)).padEnd(CARD_LENGTH);
}

function formatCommentary(keyword: string, text: string): string[] {
  const clean = text.replace(/[^\x20-\x7e]/g, '?');
  const images: string[] = [];
  for (let at = 0; at === 0 || at < clean.length; at += CARD_LENGTH - 8) {
    images.push((keyword.slice(0, 8).padEnd(8) + clean.slice(at, at + CARD_LENGTH - 8)).padEnd(CARD_LENGTH));
  }
  return images;
}
