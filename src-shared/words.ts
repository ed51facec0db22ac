/** A true minus sign, as wide as a digit. */
const MINUS = '\u2212';

/** A number with a real minus sign; `digits` after the point. */
export function fixed(value: number, digits: number): string {
  const text = Math.abs(value).toFixed(digits);
  return value < 0 && Number(text) !== 0 ? MINUS + text : text;
}

/**
 * A measured value as a row or a cell shows it: three significant digits where there are fewer before the point, all
 * digits of larger ones, powers of ten only beyond a million or below a thousandth.
 */
export function formatValue(value: number | null): string {
  if (value === null || !Number.isFinite(value)) return 'n/a';
  const size = Math.abs(value);
  if (Number.isInteger(value) && size < 1e6) return fixed(value, 0);
  if (size >= 1e6 || size < 1e-3) return value.toExponential(2).replace(/-/g, MINUS).replace('e+', 'e');
  return fixed(value, size >= 99.95 ? 0 : size >= 9.995 ? 1 : size >= 0.01 ? 2 : 4);
}

/** A unit as it is set: electrons with a raised minus. */
export function unitText(unit: string): string {
  return unit.replace('e\u2212', 'e\u207b');
}

/** A limit or a reference: as short as it can be said, at most four significant digits. */
export function formatLimit(value: number): string {
  return String(Number(value.toPrecision(4))).replace('-', MINUS);
}

/** '1 alarm', '2 alarms'; words that are not counted with an s give their own plural. */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}

/** 'a', 'a and b', 'a, b and c'. */
export function listed(words: readonly string[]): string {
  return words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} and ${words[words.length - 1] ?? ''}`;
}
