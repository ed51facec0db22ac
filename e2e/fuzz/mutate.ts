import type { Random } from './random.ts';

/** Numbers at which programs go wrong. */
export const NUMBERS = [
  ...['0', '-0', '1', '-1', '2', '7', '8', '16', '32', '255', '256', '32768', '65535', '65536', '999', '1000'],
  ...['2147483647', '2147483648', '-2147483648', '4294967295', '4294967296', '9007199254740991', '9007199254740993'],
  ...['9223372036854775807', '-9223372036854775808', '18446744073709551616', '1e308', '1e309', '-1e999', '1e-400'],
  ...['0.1', '.5', '5.', '1D5', '1d-5', '+3', '00012', '0x10', '1_000', 'NaN', 'Infinity', '-Infinity', 'nan', 'inf'],
];

const LETTERS = [
  ...['\0', '\t', '\n', '\r', '\r\n', ' ', '"', "'", '\\', '/', '\u007f', '\u0085', '\u00a0', '\u2028', '\ud800'],
  ...['\udc00', '\ufeff', '\ufffd', '\u{1f52d}', 'é', 'ß', '{', '}', '[', ']', ':', ',', '=', '#', '|', '*', '%', '$'],
];

/** Where a piece of `size` lies, and how long it is: mostly short. */
function piece(random: Random, size: number): [start: number, end: number] {
  const start = random.int(size + 1);
  const longest = random.chance(0.8) ? 16 : size;
  return [start, Math.min(size, start + random.int(longest + 1))];
}

/** A text a little or a lot wrong. `words` are those that mean something in its language; `other` is another good text. */
export function mutateText(
  random: Random,
  text: string,
  words: readonly string[],
  other: string,
  limit: number,
): string {
  let out = text;
  const times = random.chance(0.5) ? 1 : 1 + random.int(8);
  for (let i = 0; i < times; i += 1) {
    const [start, end] = piece(random, out.length);
    const put = (inserted: string, to = end): string => out.slice(0, start) + inserted + out.slice(to);
    switch (random.int(9)) {
      case 0:
        out = put('');
        break;
      case 1:
        out = put(random.pick(LETTERS), start);
        break;
      case 2:
        out = put(random.pick(words), random.chance(0.5) ? start : end);
        break;
      case 3:
        out = put(out.slice(start, end).repeat(2 + random.int(random.chance(0.1) ? 500 : 5)));
        break;
      case 4:
        out = out.slice(0, start);
        break;
      case 5:
        out = put(other.slice(...piece(random, other.length)));
        break;
      case 6: {
        const number = /-?\d[\d.eE+-]*/g;
        number.lastIndex = start;
        const found = number.exec(out);
        if (found) out = out.slice(0, found.index) + random.pick(NUMBERS) + out.slice(number.lastIndex);
        break;
      }
      case 7:
        out = put(String.fromCharCode(random.int(random.chance(0.5) ? 128 : 65_536)), start + 1);
        break;
      default:
        out = put(random.pick(words).repeat(1 + random.int(random.chance(0.1) ? 2000 : 4)), start);
    }
    if (out.length > limit) out = out.slice(0, limit);
  }
  return out;
}

/** Bytes a little or a lot wrong. */
export function mutateBytes(random: Random, bytes: Uint8Array, limit: number): Uint8Array {
  let out = Uint8Array.from(bytes);
  const times = random.chance(0.5) ? 1 : 1 + random.int(12);
  for (let i = 0; i < times && out.length > 0; i += 1) {
    const [start, end] = piece(random, out.length);
    switch (random.int(6)) {
      case 0:
        out[Math.min(start, out.length - 1)] = random.int(256);
        break;
      case 1:
        out[Math.min(start, out.length - 1)]! ^= 1 << random.int(8);
        break;
      case 2:
        out = out.slice(0, start);
        break;
      case 3:
        out.fill(random.pick([0, 0xff, 0x7f, 0x80, 0x20]), start, end);
        break;
      case 4:
        out = joined(out.subarray(0, start), out.subarray(end));
        break;
      default:
        out = joined(out.subarray(0, end), out.subarray(start, end), out.subarray(end));
    }
    if (out.length > limit) out = out.slice(0, limit);
  }
  return out;
}

export function joined(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** Values that JSON can say and few programs think of. */
export function oddJson(random: Random, depth = 0): unknown {
  const nested = (): unknown => oddJson(random, depth + 1);
  switch (random.int(depth > 3 ? 6 : 9)) {
    case 0:
      return null;
    case 1:
      return random.chance(0.5);
    case 2:
      return Number(random.pick(NUMBERS.filter((text) => Number.isFinite(Number(text)))));
    case 3:
      return random.pick([
        '',
        'NORMAL',
        'ALARM',
        '__proto__',
        'NaN',
        'b0',
        '\u0000',
        'x'.repeat(random.int(300)),
        '\ud800',
      ]);
    case 4:
      return random.unit() * 1000 - 500;
    case 5:
      return [];
    case 6:
      return Array.from({ length: random.int(random.chance(0.05) ? 2000 : 6) }, nested);
    case 7: {
      let value: unknown = 1;
      const levels = random.int(random.chance(0.2) ? 300 : 40);
      for (let i = 0; i < levels; i += 1) value = random.chance(0.5) ? [value] : { a: value };
      return value;
    }
    default:
      return Object.fromEntries(
        Array.from({ length: random.int(5) }, () => [
          random.pick([
            'METRICS',
            'PARAMS',
            'constructor',
            'toString',
            '',
            'a',
            'FLAVOR',
            'EXPID',
            '__proto__',
            'length',
          ]),
          nested(),
        ]),
      );
  }
}

/** JSON with one of its parts replaced, left out, doubled or under another name. The value given is not changed. */
export function mutateJson(random: Random, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || random.chance(0.12)) return oddJson(random);
  const names = Object.keys(value);
  if (names.length === 0) return oddJson(random);
  const name = random.pick(names);
  if (Array.isArray(value)) {
    const list: readonly unknown[] = value;
    const at = Number(name);
    const item = random.chance(0.2) ? [] : random.chance(0.2) ? [list[at], list[at]] : [mutateJson(random, list[at])];
    return [...list.slice(0, at), ...item, ...list.slice(at + 1)];
  }
  const entries = Object.entries(value).flatMap(([key, member]): [string, unknown][] => {
    if (key !== name) return [[key, member]];
    if (random.chance(0.15)) return [];
    if (random.chance(0.15))
      return [[random.pick(['__proto__', 'constructor', `${key}_STATUS`, key.toLowerCase(), '']), member]];
    return [[key, mutateJson(random, member)]];
  });
  return Object.fromEntries(entries);
}
