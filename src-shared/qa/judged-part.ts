import type { Json } from '../domain/measurement.ts';
import { findKey, findMetric } from './catalogue.ts';
import { isObject, judgedKeys, member, type JsonObject } from './judge.ts';

/** Members of a value's envelope that say which exposure it is of. */
const ENVELOPE: readonly string[] = ['NIGHT', 'FLAVOR', 'PROGRAM', 'EXPTIME'];
const LIMITS = /_(REF|RANGE)$/;

function pick(object: JsonObject, wanted: (name: string) => boolean): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([name]) => wanted(name)));
}

/**
 * As much of a value as `judgeMeasurement` looks at, and what its envelope says of the exposure: mostly a few numbers out of
 * thousands. It is judged as the whole value would be.
 *
 * @param metric the sender's or the canonical name
 */
export function judgedPart(metric: string, value: Json): Json {
  if (!isObject(value)) return null;
  const metricsMember = member(value, 'METRICS');
  const paramsMember = member(value, 'PARAMS');
  const metrics = isObject(metricsMember) ? metricsMember : value;
  const params = isObject(paramsMember) ? paramsMember : null;
  const names = new Set<string>(['OBJLIST']);
  const definitions = findMetric(metric)?.keys ?? [];
  for (const key of judgedKeys(metric, metrics, params ?? {})) {
    const known = [findKey(key), ...definitions.filter((definition) => definition.key === key)];
    const former = known.flatMap((definition) => definition?.formerKeys.flat() ?? []);
    for (const name of [key, ...former]) names.add(name).add(`${name}_STATUS`);
  }
  const limits = params && pick(params, (name) => LIMITS.test(name));
  const about = pick(value, (name) => ENVELOPE.includes(name) || (metrics === value && names.has(name)));
  return {
    ...about,
    ...(metrics !== value && { METRICS: pick(metrics, (name) => names.has(name)) }),
    ...(limits && { PARAMS: limits }),
  };
}
