import type { Json } from '#shared/domain/measurement.ts';
import type { QaValue } from '../types.ts';

/** As JSON has it: typed arrays as arrays, NaN and infinities as null. */
export function toJson(value: QaValue): Json {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (value === null || typeof value !== 'object') return value;
  if (ArrayBuffer.isView(value)) return Array.from(value, (item) => (Number.isFinite(item) ? item : null));
  if (Array.isArray(value)) return value.map(toJson);
  return recordToJson(value);
}

export function recordToJson(record: Readonly<Record<string, QaValue>>): Record<string, Json> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, toJson(value)]));
}
