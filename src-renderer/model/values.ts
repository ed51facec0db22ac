import type { Json } from '#shared/domain/measurement.ts';
import { formatValue } from './format.ts';

export type JsonObject = { [key: string]: Json };

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The METRICS of a posted value; the value itself when it is an object without them. */
export function metricsOf(value: Json): JsonObject {
  if (!isObject(value)) return {};
  return isObject(value['METRICS']) ? value['METRICS'] : value;
}

/** The PARAMS of a posted value. */
export function paramsOf(value: Json): JsonObject {
  return isObject(value) && isObject(value['PARAMS']) ? value['PARAMS'] : {};
}

/** Numbers of an array, null where an entry is none; undefined when it is no array of numbers. */
export function numbersOf(value: Json | undefined): (number | null)[] | undefined {
  if (!Array.isArray(value) || value.length === 0) return undefined;
  const numbers = value.map((item) => (typeof item === 'number' && Number.isFinite(item) ? item : null));
  const bad = value.some((item) => item !== null && typeof item !== 'number');
  return bad ? undefined : numbers;
}

/** Rows of numbers; undefined when it is no array of such arrays. */
export function matrixOf(value: Json | undefined): (number | null)[][] | undefined {
  if (!Array.isArray(value) || value.length === 0) return undefined;
  const rows = value.map((item) => numbersOf(item));
  return rows.every((row) => row !== undefined) ? rows : undefined;
}

/** Texts of an array of strings; empty for anything else. */
export function textsOf(value: Json | undefined): string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
}

/** Longest array that is written out in the table of values. */
const WRITTEN = 8;

function words(value: Json): string {
  if (value === null) return 'null';
  if (typeof value === 'number') return formatValue(value);
  if (typeof value !== 'object') return String(value);
  if (Array.isArray(value)) {
    const short = value.length <= WRITTEN && value.every((item) => typeof item !== 'object' || item === null);
    return short ? value.map(words).join(', ') : `${value.length} values`;
  }
  return `${Object.keys(value).length} entries`;
}

export interface ValueRow {
  name: string;
  text: string;
  part: 'metrics' | 'params';
}

/** Every entry of a posted value in a line, METRICS first; long arrays are only counted. */
export function valueRows(value: Json): ValueRow[] {
  const rows = (entries: JsonObject, part: ValueRow['part']): ValueRow[] =>
    Object.entries(entries).map(([name, entry]) => ({ name, text: words(entry), part }));
  if (!isObject(value)) return [{ name: 'value', text: words(value), part: 'metrics' }];
  return [...rows(metricsOf(value), 'metrics'), ...rows(paramsOf(value), 'params')];
}

/** The value as JSON text for people: short arrays on one line. */
export function jsonText(value: Json): string {
  return JSON.stringify(value, null, 2).replace(
    /\[\s+((?:-?[\d.eE+-]+|null|"[^"\n]*")(?:,\s+(?:-?[\d.eE+-]+|null|"[^"\n]*"))*)\s+\]/g,
    (_, items: string) => `[${items.replace(/\s+/g, ' ')}]`,
  );
}
